//! Initial weights as files: what `init.safetensors` holds, and what a trial makes of a file that it starts from.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod damaged;
mod mismatch;
mod reading;
mod refused;
mod saving;
mod starting;

use seedband_core::files::curve::Evaluation;
use seedband_core::protocol::{self, Event, FailureClass, Request, Train};
use seedband_core::range_test::Schedule;
use seedband_core::recipe::Recipe;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{Architecture, BatchSettings, Data, Missing, Model};
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;
use seedband_worker::dataset::Dataset;
use seedband_worker::device::{Device, DeviceName};
use seedband_worker::layers::{NormState, Role};
use seedband_worker::models::{DataShape, Network};
use seedband_worker::serve::serve;
use seedband_worker::state_dict::NetworkState;
use std::fs;
use std::path::Path;

#[global_allocator]
static HEAP: seedband_testkit::Heap = seedband_testkit::Heap;

fn recipe(model: Model) -> Recipe {
    Recipe {
        trainer: BuiltIn {
            model,
            data: Data {
                images_per_class: Some(2),
                ..Data::default()
            },
            batches: BatchSettings {
                batch_size: 4,
                ..BatchSettings::default()
            },
            ..BuiltIn::default()
        }
        .into(),
        schedule: Schedule {
            steps: 2,
            ..Schedule::default()
        },
        ..Recipe::default()
    }
}

fn resnet(depth: u32) -> Model {
    Model {
        architecture: Architecture::Resnet,
        depth: Some(depth),
        width: Some(16),
        hidden: None,
    }
}

fn request(recipe: &Recipe, seed: u64, init: Option<&Path>) -> Train {
    Train {
        init_path: init.map(Into::into),
        ..Train::new(Trial::new("test", seed, recipe), Vec::new())
    }
}

/// What a worker on the CPU answers, without its `ready`.
fn answers(requests: &[Request]) -> Vec<Event> {
    let input: String = requests.iter().map(protocol::to_line).collect();
    let mut output = Vec::new();
    serve(&Device::open(DeviceName::Cpu).unwrap(), input.as_bytes(), &mut output).unwrap();
    let lines = String::from_utf8(output).unwrap();
    lines
        .lines()
        .skip(1)
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The same recipe from a file; its digest is not looked at.
fn from_file(recipe: &Recipe, missing: Missing) -> Recipe {
    let mut recipe = recipe.clone();
    recipe.trainer.built_in_mut().unwrap().init.from = Some("weights.safetensors".into());
    recipe.trainer.built_in_mut().unwrap().init.missing = missing;
    recipe
}

fn starting(recipe: &Recipe, seed: u64, path: &Path, missing: Missing) -> Train {
    Train {
        weights_path: Some(path.into()),
        ..request(&from_file(recipe, missing), seed, None)
    }
}

fn network(recipe: &Recipe) -> Network {
    let images = Dataset::new(
        &seedband_data::read(&recipe.trainer.built_in().unwrap().data, None).unwrap(),
        tch::Device::Cpu,
    )
    .unwrap();
    Network::new(&recipe.trainer.built_in().unwrap().model, DataShape::of(&images)).unwrap()
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
fn trained_state(network: &Network) -> NetworkState {
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
    NetworkState { parameters, norms }
}

/// The file that a `save-init` request gives.
fn saved(recipe: &Recipe, seed: u64) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("init.safetensors");
    let request = request(recipe, seed, Some(&path));
    let answers = answers(&[Request::SaveInit(request.clone())]);
    assert!(
        matches!(&answers[..], [Event::Saved(saved)] if saved.trial == request.trial.id),
        "{answers:?}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    fs::read(path).unwrap()
}

/// How a trial that starts from a file of these bytes fails.
fn failure(bytes: &[u8], missing: Missing) -> (FailureClass, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    fs::write(&path, bytes).unwrap();
    let (class, message) = failure_of(starting(&recipe(resnet(8)), 0, &path, missing));
    (class, message.replace(&folder.path().display().to_string(), "DIR"))
}

fn failure_of(train: Train) -> (FailureClass, String) {
    let events = answers(&[
        Request::Train(train),
        Request::Train(request(&recipe(resnet(8)), 0, None)),
    ]);
    let [Event::Failed(failed), Event::Started(_), .., Event::Finished(_)] = &events[..] else {
        panic!("{events:?}")
    };
    assert!(!failed.message.contains('\n'));
    (failed.class, failed.message.clone())
}
