//! The training loop: what it computes, what it says, and when it ends.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod by_hand;
mod early_stops;
mod losses;
mod streams;
mod trainings;

use seedband_core::protocol::{Event, Started, Train};
use seedband_core::range_test::{EarlyStop, Schedule};
use seedband_core::recipe::Recipe;
use seedband_core::settings::{Architecture, BatchSettings, DecayMode, Dtype, Loss, Model, Optimizer, Validation};
use seedband_core::train::{Policy, StartWeights, TrainPlan};
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;
use seedband_data::Examples;
use seedband_worker::dataset::Dataset;
use seedband_worker::train::train;
use tch::Device;

const BATCH: usize = 16;

fn recipe() -> Recipe {
    Recipe {
        trainer: BuiltIn {
            model: Model {
                architecture: Architecture::Mlp,
                hidden: Some(Vec::new()),
                ..Model::default()
            },
            batches: BatchSettings {
                batch_size: BATCH as u32,
                dtype: Dtype::Float64,
                ..BatchSettings::default()
            },
            loss: Loss {
                l2_dense: 0.01,
                l2_conv: 5.0,
                ..Loss::default()
            },
            optimizer: Optimizer {
                weight_decay: Some(0.1),
                weight_decay_mode: Some(DecayMode::Decoupled),
                ..Optimizer::default()
            },
            ..BuiltIn::default()
        }
        .into(),
        schedule: Schedule {
            start: 1e-3,
            end: 0.1,
            steps: 6,
            lag: 1,
            ..Schedule::default()
        },
        ..Recipe::default()
    }
}

fn events(recipe: &Recipe, images: &Examples, early_stops: Vec<EarlyStop>) -> Vec<Event> {
    events_of(Trial::new("test", 3, recipe), images, early_stops)
}

fn events_of(trial: Trial, images: &Examples, early_stops: Vec<EarlyStop>) -> Vec<Event> {
    let request = Train::new(trial, early_stops);
    let dataset = Dataset::new(images, Device::Cpu).unwrap();
    let mut events = Vec::new();
    let validation = request.trial.validation().is_some().then_some(&dataset);
    train(&request, &dataset, validation, Device::Cpu, &mut |event| {
        events.push(event.clone());
        Ok(())
    })
    .unwrap();
    events
}

fn losses(events: &[Event]) -> Vec<f64> {
    events
        .iter()
        .filter_map(|event| {
            if let Event::Step(step) = event {
                Some(step.loss)
            } else {
                None
            }
        })
        .collect()
}

/// The range test's training by `plan`.
fn training(recipe: &Recipe, change: impl FnOnce(&mut TrainPlan)) -> Trial {
    let range_test = Trial::new("test", 3, recipe);
    let mut plan = TrainPlan {
        name: "train".into(),
        range_test: range_test.id.clone(),
        epochs: None,
        steps: Some(6),
        lr: 0.1,
        floor: None,
        policy: Policy::default(),
        weights: StartWeights::Same,
        validation: Validation::default(),
    };
    change(&mut plan);
    Trial::of_training(range_test, plan)
}

fn started(events: &[Event]) -> &Started {
    match &events[0] {
        Event::Started(started) => started,
        other => panic!("{other:?}"),
    }
}
