//! Initial weights as files: what `init.safetensors` holds, and what a trial makes of a file that it starts from.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod damaged;
mod into;
mod out;
mod unusable;

use seedband_core::protocol::{self, Event, Request, Train};
use seedband_core::range_test::Schedule;
use seedband_core::recipe::Recipe;
use seedband_core::settings::{Architecture, BatchSettings, Data, Model};
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;
use seedband_worker::device::{Device, Place};
use seedband_worker::serve::serve;
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
        },
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
        trial: Trial::new("test", seed, recipe),
        data_path: None,
        weights_path: None,
        init_path: init.map(Into::into),
        early_stops: Vec::new(),
    }
}

/// What a worker on the CPU answers, without its `ready`.
fn answers(requests: &[Request]) -> Vec<Event> {
    let input: String = requests.iter().map(protocol::to_line).collect();
    let mut output = Vec::new();
    serve(&Device::open(Place::Cpu).unwrap(), input.as_bytes(), &mut output).unwrap();
    let lines = String::from_utf8(output).unwrap();
    lines
        .lines()
        .skip(1)
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
