//! Validation during a trial: what is measured, when, and that training does not notice.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod images;
mod measured;
mod schedule;

use seedband_core::files::curve::{End, Evaluation};
use seedband_core::protocol::{Event, StepDone, Train};
use seedband_core::range_test::Schedule;
use seedband_core::recipe::Recipe;
use seedband_core::settings::{Architecture, BatchSettings, Model, Validation};
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;
use seedband_data::Examples;
use seedband_worker::dataset::Dataset;
use seedband_worker::train::train;
use tch::Device;

fn model(architecture: Architecture) -> Model {
    let (depth, width, hidden) = match architecture {
        Architecture::Resnet => (Some(8), Some(4), None),
        Architecture::Cnn => (None, Some(4), None),
        Architecture::Mlp => (None, None, Some(Vec::new())),
    };
    Model {
        architecture,
        depth,
        width,
        hidden,
    }
}

fn recipe(architecture: Architecture, steps: usize) -> Recipe {
    Recipe {
        trainer: BuiltIn {
            model: model(architecture),
            batches: BatchSettings {
                batch_size: 20,
                ..BatchSettings::default()
            },
            ..BuiltIn::default()
        }
        .into(),
        schedule: Schedule {
            start: 1e-3,
            end: 0.5,
            steps,
            ..Schedule::default()
        },
        validation: Validation {
            every: 1,
            ..Validation::default()
        },
        ..Recipe::default()
    }
}

fn request(recipe: &Recipe, seed: u64) -> Train {
    Train::new(Trial::new("test", seed, recipe), Vec::new())
}

/// The steps of a trial and how it ended.
fn run(request: &Train, training: &Examples, validation: Option<&Examples>) -> (Vec<StepDone>, End) {
    // The networks are so small that a second thread costs more than it brings.
    tch::set_num_threads(1);
    let on_device = |images: &Examples| Dataset::new(images, Device::Cpu).unwrap();
    let (training, validation) = (on_device(training), validation.map(on_device));
    let (mut steps, mut end) = (Vec::new(), None);
    train(request, &training, validation.as_ref(), Device::Cpu, &mut |event| {
        match event {
            Event::Step(step) => steps.push(step.clone()),
            Event::Finished(finished) => end = Some(finished.end),
            _ => {}
        }
        Ok(())
    })
    .unwrap();
    (steps, end.unwrap())
}

fn evaluations(steps: &[StepDone]) -> Vec<Evaluation> {
    steps.iter().filter_map(|step| step.validation).collect()
}
