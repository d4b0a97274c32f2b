//! Starting from a file that fits.

use crate::out::saved;
use crate::{answers, recipe, request, resnet};
use safetensors::tensor::{Dtype as Stored, TensorView};
use safetensors::{SafeTensors, serialize};
use seedband_core::files::curve::Evaluation;
use seedband_core::protocol::{Event, Request, Train};
use seedband_core::recipe::Recipe;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{Architecture, Dtype, Missing, Model};
use seedband_worker::data::{self, Dataset};
use seedband_worker::layers::{NormState, Role};
use seedband_worker::models::{Fit, Network};
use seedband_worker::start::Start;
use seedband_worker::state_dict;
use std::fs;
use std::path::Path;

/// The same recipe from a file; its digest is not looked at.
pub(crate) fn from_file(recipe: &Recipe, missing: Missing) -> Recipe {
    let mut recipe = recipe.clone();
    recipe.trainer.init.from = Some("weights.safetensors".into());
    recipe.trainer.init.missing = missing;
    recipe
}

pub(crate) fn starting(recipe: &Recipe, seed: u64, path: &Path, missing: Missing) -> Train {
    Train {
        weights_path: Some(path.into()),
        ..request(&from_file(recipe, missing), seed, None)
    }
}

pub(crate) fn network(recipe: &Recipe) -> Network {
    let images = Dataset::new(&data::read(&recipe.trainer.data, None).unwrap(), tch::Device::Cpu).unwrap();
    Network::new(&recipe.trainer.model, Fit::of(&images)).unwrap()
}

fn losses(events: &[Event]) -> Vec<f64> {
    let loss = |event: &Event| match event {
        Event::Step(step) => Some(step.loss),
        _ => None,
    };
    events.iter().filter_map(loss).collect()
}

fn validations(events: &[Event]) -> Vec<Evaluation> {
    let validation = |event: &Event| match event {
        Event::Step(step) => step.validation,
        _ => None,
    };
    events.iter().filter_map(validation).collect()
}

/// A state as training leaves it: no value is one that anything starts from.
pub(crate) fn worn(network: &Network) -> Start {
    let mut stream = Stream::new(Purpose::SyntheticData, 8);
    let mut drawn = |count: usize| -> Vec<f64> { (0..count).map(|_| stream.normal()).collect() };
    let parameters = network
        .specs()
        .iter()
        .map(|spec| drawn(spec.count() as usize))
        .collect();
    let scales = network.specs().iter().filter(|spec| spec.role == Role::NormWeight);
    let channels: Vec<usize> = scales.map(|spec| spec.count() as usize).collect();
    let norms = channels.iter().zip(3..).map(|(channels, batches)| NormState {
        mean: drawn(*channels),
        variance: drawn(*channels).iter().map(|value| value * value + 0.1).collect(),
        batches,
    });
    let norms = norms.collect();
    Start { parameters, norms }
}

/// Equal to the last bit in the precision that is written.
#[test]
fn a_state_that_is_written_is_read_again() {
    let recipe = recipe(resnet(20));
    let network = network(&recipe);
    let specs = network.specs();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let written = worn(&network);
    assert_eq!((written.norms.len(), written.norms[2].batches), (19, 5));
    for dtype in [Dtype::Float64, Dtype::Float32] {
        fs::write(&path, state_dict::to_bytes(&written, specs, dtype)).unwrap();
        let read = Start::of(&starting(&recipe, 0, &path, Missing::Error), &network).unwrap();
        let rounded = |values: &[f64]| -> Vec<f64> {
            let round = |value: &f64| match dtype {
                Dtype::Float64 => *value,
                Dtype::Float32 => f64::from(*value as f32),
            };
            values.iter().map(round).collect()
        };
        let expected = Start {
            parameters: written.parameters.iter().map(|values| rounded(values)).collect(),
            norms: written
                .norms
                .iter()
                .map(|norm| NormState {
                    mean: rounded(&norm.mean),
                    variance: rounded(&norm.variance),
                    batches: norm.batches,
                })
                .collect(),
        };
        assert_eq!(read, expected);
        // What is read and written again is the same file.
        if dtype == Dtype::Float32 {
            assert_eq!(state_dict::to_bytes(&read, specs, dtype), fs::read(&path).unwrap());
        }
    }
}

/// The trial whose weights were saved goes the same way from its file, to the last bit; a trial of another seed goes another way from it.
#[test]
fn training_from_a_trials_own_file_gives_its_curve() {
    let mut recipe = recipe(resnet(8));
    recipe.validation.every = 1;
    recipe.validation.images = Some(20);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("init.safetensors");
    fs::write(&path, saved(&recipe, 3)).unwrap();
    let again = folder.path().join("again.safetensors");
    let mut own = starting(&recipe, 3, &path, Missing::Error);
    own.init_path = Some(again.clone());
    let events = answers(&[
        Request::Train(request(&recipe, 3, None)),
        Request::Train(own),
        Request::Train(starting(&recipe, 4, &path, Missing::Error)),
        Request::Train(request(&recipe, 4, None)),
    ]);
    assert_eq!(events.len(), 16, "{events:?}");
    let (drawn, own, other, other_drawn) = (&events[..4], &events[4..8], &events[8..12], &events[12..]);
    assert_eq!(losses(drawn), losses(own));
    assert_eq!(validations(drawn), validations(own));
    assert_eq!(validations(drawn).len(), 2);
    assert_ne!(losses(drawn), losses(other));
    assert_ne!(losses(other_drawn), losses(other));
    assert_eq!(fs::read(again).unwrap(), fs::read(path).unwrap());
}

/// Running averages have no part in a training loss, and are where a validation starts from.
#[test]
fn running_averages_of_the_file_are_what_validation_goes_by() {
    let mut recipe = recipe(resnet(8));
    recipe.validation.every = 1;
    recipe.validation.images = Some(20);
    let network = network(&recipe);
    let folder = tempfile::tempdir().unwrap();
    let fresh = Start::of(&request(&recipe, 0, None), &network).unwrap();
    let with = |name: &str, norms: Vec<NormState>| {
        let start = Start { norms, ..fresh.clone() };
        let path = folder.path().join(name);
        fs::write(&path, state_dict::to_bytes(&start, network.specs(), Dtype::Float32)).unwrap();
        answers(&[Request::Train(starting(&recipe, 0, &path, Missing::Error))])
    };
    let (one, other) = (with("fresh", fresh.norms.clone()), with("worn", worn(&network).norms));
    assert_eq!(losses(&one), losses(&other));
    let (one, other) = (validations(&one), validations(&other));
    assert_eq!((one.len(), other.len()), (2, 2));
    assert!(
        one.iter()
            .zip(&other)
            .all(|(one, other)| (one.loss - other.loss).abs() > 1e-3)
    );
}

/// By hand: sign, exponent and fraction of each type, subnormal ones too, and the halves that differ between the two 16-bit types.
#[test]
fn values_of_every_type_are_widened_as_they_are() {
    let recipe = recipe(Model {
        architecture: Architecture::Mlp,
        hidden: Some(vec![]),
        ..Model::default()
    });
    let network = network(&recipe);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    // Ten biases; the weight, 10 x 3072, is zeros.
    let two = |bits: [u16; 10]| -> Vec<u8> { bits.iter().flat_map(|bits| bits.to_le_bytes()).collect() };
    let half_bits = two([
        0, 0x8000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x3c01,
    ]);
    let half = [
        0.0,
        -0.0,
        1.0,
        -2.0,
        1365.0 / 4096.0,
        65504.0,
        2_f64.powi(-14),
        2_f64.powi(-24),
        -1023.0 * 2_f64.powi(-24),
        1.0 + 2_f64.powi(-10),
    ];
    let brain_bits = two([
        0, 0x8000, 0x3f80, 0xc000, 0x3eab, 0x7f7f, 0x0080, 0x0001, 0x807f, 0x3f81,
    ]);
    let brain = [
        0.0,
        -0.0,
        1.0,
        -2.0,
        171.0 / 512.0,
        255.0 * 2_f64.powi(120),
        2_f64.powi(-126),
        2_f64.powi(-133),
        -127.0 * 2_f64.powi(-133),
        1.0 + 2_f64.powi(-7),
    ];
    let exact = [0.0, -0.0, 1.0, -2.0, 1.0 / 3.0, 1e300, 5e-324, 0.1, -0.1, 7.0];
    let f64s: Vec<u8> = exact.iter().flat_map(|value: &f64| value.to_le_bytes()).collect();
    let single = exact.map(|value| if value > 1e38 { 3e38_f32 } else { value as f32 });
    let f32s: Vec<u8> = single.iter().flat_map(|value| value.to_le_bytes()).collect();
    for (dtype, bytes, expected) in [
        (Stored::F16, half_bits, half),
        (Stored::BF16, brain_bits, brain),
        (Stored::F64, f64s, exact),
        (Stored::F32, f32s, single.map(f64::from)),
    ] {
        let zeros = vec![0; 10 * 3072 * dtype.size()];
        let tensors = [
            ("fc1.weight", TensorView::new(dtype, vec![10, 3072], &zeros).unwrap()),
            ("fc1.bias", TensorView::new(dtype, vec![10], &bytes).unwrap()),
        ];
        fs::write(&path, serialize(tensors, &None).unwrap()).unwrap();
        let start = Start::of(&starting(&recipe, 0, &path, Missing::Error), &network).unwrap();
        assert!(start.parameters[0].iter().all(|value| *value == 0.0));
        let bits = |values: &[f64]| -> Vec<u64> { values.iter().map(|value| value.to_bits()).collect() };
        assert_eq!(bits(&start.parameters[1]), bits(&expected), "{dtype:?}");
    }
}

/// A file without counts of batches, as exported from PyTorch before 0.4.1; PyTorch's `load_state_dict` takes them for 0 as well.
#[test]
fn counts_of_batches_may_be_absent() {
    let recipe = recipe(resnet(8));
    let network = network(&recipe);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let written = worn(&network);
    let bytes = state_dict::to_bytes(&written, network.specs(), Dtype::Float64);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let kept = file
        .tensors()
        .into_iter()
        .filter(|(name, _)| !name.ends_with("tracked"));
    fs::write(&path, serialize(kept, &None).unwrap()).unwrap();
    let read = Start::of(&starting(&recipe, 0, &path, Missing::Error), &network).unwrap();
    assert_eq!(read.parameters, written.parameters);
    assert!(read.norms.iter().all(|norm| norm.batches == 0));
    assert_eq!(read.norms[4].mean, written.norms[4].mean);
}

/// A head for another number of classes: the rest is the file's, the head is the one that the seed gives to a network drawn whole.
#[test]
fn what_the_file_lacks_is_drawn_from_the_seed() {
    let recipe = recipe(resnet(8));
    let network = network(&recipe);
    let other = Network::new(
        &recipe.trainer.model,
        Fit {
            height: 32,
            width: 32,
            classes: 7,
        },
    )
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let written = worn(&other);
    fs::write(&path, state_dict::to_bytes(&written, other.specs(), Dtype::Float64)).unwrap();
    let heads = network.specs().len() - 2;
    for seed in [0, 1] {
        let read = Start::of(&starting(&recipe, seed, &path, Missing::Draw), &network).unwrap();
        let drawn = Start::of(&request(&recipe, seed, None), &network).unwrap();
        assert_eq!(read.parameters[..heads], written.parameters[..heads]);
        assert_eq!(read.parameters[heads..], drawn.parameters[heads..]);
        assert_eq!(read.norms, written.norms);
    }
}
