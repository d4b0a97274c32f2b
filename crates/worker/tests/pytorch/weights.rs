//! A ResNet-20 in two files as the worker writes them, and the logits of both sides.

use seedband_core::protocol::Train;
use seedband_core::recipe::Recipe;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{Architecture, Data, Dtype, Model};
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;
use seedband_data::Shape;
use seedband_worker::init;
use seedband_worker::initial_state;
use seedband_worker::layers::{Averages, Pass, Role};
use seedband_worker::models::{DataShape, Network};
use seedband_worker::state_dict::{self, NetworkState};
use serde_json::json;
use std::fs;
use std::path::Path;
use tch::{Device, Kind, Tensor};

/// Names of the files: the initial weights of a trial, and a state as training leaves it.
pub(crate) const FILES: [&str; 2] = ["drawn", "trained"];

/// Images of the batch.
const IMAGES: i64 = 4;

fn recipe() -> Recipe {
    Recipe {
        trainer: BuiltIn {
            model: Model {
                architecture: Architecture::Resnet,
                depth: Some(20),
                ..Model::default()
            },
            data: Data::default(),
            ..BuiltIn::default()
        }
        .into(),
        ..Recipe::default()
    }
}

fn network() -> Network {
    let fit = DataShape {
        example: Shape::Image {
            channels: 3,
            height: 32,
            width: 32,
        },
        classes: 10,
    };
    Network::new(&recipe().trainer.built_in().unwrap().model, fit).unwrap()
}

fn request(recipe: &Recipe) -> Train {
    Train::new(Trial::new("weights", 20, recipe), Vec::new())
}

/// Batch norms with scales near 1, shifts near 0, means near 0, variances from 0.5 to 1.5 and a count each.
fn trained_state(network: &Network) -> NetworkState {
    let mut start = initial_state::of(&request(&recipe()), network).unwrap();
    let mut stream = Stream::new(Purpose::SyntheticData, 21);
    for (spec, values) in network.specs().iter().zip(&mut start.parameters) {
        if matches!(spec.role, Role::NormWeight | Role::NormBias | Role::DenseBias) {
            for value in values {
                *value += 0.2 * stream.normal();
            }
        }
    }
    for (norm, batches) in start.norms.iter_mut().zip(7..) {
        for (mean, variance) in norm.mean.iter_mut().zip(&mut norm.variance) {
            (*mean, *variance) = (0.2 * stream.normal(), 0.5 + stream.unit_f64());
        }
        norm.batches = batches;
    }
    start
}

/// Writes the two files, `batch.safetensors` and what `make.py` has to know; gives the content of the files.
pub(crate) fn write(folder: &Path) -> [Vec<u8>; 2] {
    let network = network();
    let drawn = folder.join("drawn.safetensors");
    let mut request = request(&recipe());
    request.init_path = Some(drawn.clone());
    let state = initial_state::of(&request, &network).unwrap();
    initial_state::save(&state, &request, &network).unwrap();
    let trained = state_dict::to_bytes(&trained_state(&network), network.specs(), Dtype::Float32);
    fs::write(folder.join("trained.safetensors"), &trained).unwrap();
    Tensor::write_safetensors(&[("images", batch())], folder.join("batch.safetensors")).unwrap();
    let settings = json!({"model": recipe().trainer.built_in().unwrap().model.resolved(), "files": FILES});
    fs::write(folder.join("weights.json"), settings.to_string()).unwrap();
    [fs::read(drawn).unwrap(), trained]
}

/// Normal numbers in double precision, `[IMAGES, 3, 32, 32]`.
fn batch() -> Tensor {
    let mut stream = Stream::new(Purpose::SyntheticData, 22);
    let values: Vec<f64> = (0..IMAGES * 3 * 32 * 32).map(|_| stream.normal()).collect();
    Tensor::from_slice(&values).reshape([IMAGES, 3, 32, 32])
}

/// The worker's logits from a file, image by image: in evaluation, and in training.
pub(crate) fn logits(file: &Path, kind: Kind) -> [Vec<f64>; 2] {
    let network = network();
    let mut recipe = recipe();
    recipe.trainer.built_in_mut().unwrap().init.from = Some("given by its path".into());
    let request = Train {
        weights_path: Some(file.into()),
        ..request(&recipe)
    };
    let start = initial_state::of(&request, &network).unwrap();
    let parameters = init::tensors(network.specs(), &start.parameters, kind, Device::Cpu).unwrap();
    let averages = Averages::new(&start.norms, kind, Device::Cpu).unwrap();
    let images = batch().to_kind(kind);
    [Pass::Evaluate(&averages), Pass::Train].map(|pass| {
        let logits = network.forward(&parameters, &images, pass).unwrap();
        Vec::try_from(logits.detach().reshape([-1]).to_kind(Kind::Double)).unwrap()
    })
}
