//! What a trial starts from, taken from its streams and written for PyTorch to start from the same.

use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::StreamSeed;
use seedband_core::trial::Trial;
use seedband_data::Examples;
use seedband_worker::batches::Batches;
use seedband_worker::init;
use seedband_worker::models::{DataShape, Network};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use tch::Tensor;

/// Writes `cases.json` and one `<name>.safetensors` a trial into `folder`; gives the SHA-256 of each trial's file in
/// hexadecimal.
pub(crate) fn write(trials: &[Trial], folder: &Path) -> Vec<String> {
    let mut entries = Vec::new();
    let mut digests = Vec::new();
    for trial in trials {
        let images = seedband_data::read(&trial.recipe.trainer.built_in().unwrap().data, None).unwrap();
        let network = network(trial, &images);
        let names: Vec<&str> = network.specs().iter().map(|spec| spec.name.as_str()).collect();
        entries.push(json!({"name": trial.config, "recipe": trial.recipe, "parameters": names}));
        let path = folder.join(format!("{}.safetensors", trial.config));
        Tensor::write_safetensors(&tensors(trial, &images, &network), &path).unwrap();
        let digest = Sha256::digest(fs::read(path).unwrap());
        digests.push(digest.iter().fold(String::new(), |mut digits, byte| {
            write!(digits, "{byte:02x}").unwrap();
            digits
        }));
    }
    fs::write(folder.join("cases.json"), serde_json::to_string(&entries).unwrap()).unwrap();
    digests
}

fn network(trial: &Trial, images: &Examples) -> Network {
    let fit = DataShape {
        example: images.shape,
        classes: images.classes,
    };
    Network::new(&trial.recipe.trainer.built_in().unwrap().model, fit).unwrap()
}

/// Initial weights in double precision; all images as bytes and their labels; the order of the images, cut into steps
/// by `sizes`; and a row of five drawn numbers for each of them: crop from above and from the left in whole pixels, 1
/// for a flip, and two of [0, 1) for the shift.
fn tensors(trial: &Trial, images: &Examples, network: &Network) -> Vec<(String, Tensor)> {
    let (recipe, seed) = (&trial.recipe, trial.seed);
    assert_eq!(
        [
            recipe.streams.weights,
            recipe.streams.order,
            recipe.streams.augmentation
        ],
        [StreamSeed::Vary; 3]
    );
    let mut weights = Stream::new(Purpose::Weights, seed);
    let values = init::values(network.specs(), &recipe.trainer.built_in().unwrap().init, &mut weights);
    let mut tensors: Vec<(String, Tensor)> = network
        .specs()
        .iter()
        .zip(values)
        .map(|(spec, values)| {
            let tensor = Tensor::from_slice(&values).reshape(&spec.shape[..]);
            (format!("weights.{}", spec.name), tensor)
        })
        .collect();

    let (count, training) = (images.count(), &recipe.trainer.built_in().unwrap().batches);
    let order = Stream::new(Purpose::Order, seed);
    let mut batches = Batches::new(count, training.batch_size, training.drop_last, order).unwrap();
    // Drawn here as the documentation of the stream has it, and not by the worker's own augmenter.
    let mut augmentation = Stream::new(Purpose::Augmentation, seed);
    let (mut order, mut sizes, mut draws): (Vec<i64>, Vec<i64>, Vec<f64>) = Default::default();
    for _ in 0..recipe.schedule.steps * training.accumulation_steps as usize {
        let batch = batches.draw();
        sizes.push(batch.len() as i64);
        for index in batch {
            order.push(i64::from(*index));
            let whole = [
                2 * recipe.trainer.built_in().unwrap().augment.crop_padding + 1,
                2 * recipe.trainer.built_in().unwrap().augment.crop_padding + 1,
                2,
            ];
            draws.extend(whole.map(|bound| f64::from(augmentation.below(bound))));
            draws.extend([(); 2].map(|()| augmentation.unit_f64()));
        }
    }
    let labels: Vec<i64> = images.labels.iter().map(|label| i64::from(*label)).collect();
    let shape = [count, 3, images.shape.height(), images.shape.width()].map(|side| side as i64);
    tensors.push(("pixels".into(), Tensor::from_slice(images.bytes()).reshape(shape)));
    tensors.push(("labels".into(), Tensor::from_slice(&labels)));
    tensors.push(("order".into(), Tensor::from_slice(&order)));
    tensors.push(("sizes".into(), Tensor::from_slice(&sizes)));
    tensors.push(("draws".into(), Tensor::from_slice(&draws).reshape([-1, 5])));
    tensors
}
