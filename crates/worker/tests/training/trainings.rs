//! The trainings that follow a range test.

use crate::{events_of, losses, recipe, started, training};
use seedband_core::protocol::Event;
use seedband_core::settings::Dtype;
use seedband_core::train::{StartWeights, TrainPlan};
use seedband_core::trial::Trial;
use seedband_data::synthetic;

/// 100 images in batches of 16 are 6 steps an epoch.
#[test]
fn a_training_is_as_long_as_its_epochs_and_validated_after_each() {
    let (images, mut recipe) = (synthetic::make(10, 0.25, 0), recipe());
    let validated = |trial| -> (u32, Option<u32>, Vec<u32>) {
        let events = events_of(trial, &images, Vec::new());
        let steps = events.iter().filter_map(|event| match event {
            Event::Step(step) if step.validation.is_some() => Some(step.step),
            _ => None,
        });
        let started = started(&events);
        (started.steps, started.epoch, steps.collect())
    };
    let epochs = |plan: &mut TrainPlan| (plan.epochs, plan.steps) = (Some(2), None);
    assert_eq!(validated(training(&recipe, epochs)), (12, Some(6), vec![5, 11]));
    assert_eq!(
        validated(training(&recipe, |plan| plan.steps = Some(8))),
        (8, Some(6), vec![5, 7])
    );
    recipe.trainer.built_in_mut().unwrap().batches.drop_last = false;
    assert_eq!(validated(training(&recipe, epochs)), (14, Some(7), vec![6, 13]));
}

/// To the last bit: equal digits, and an equal first loss of the same first batch. Other weights are told by both.
#[test]
fn a_training_starts_from_the_weights_of_its_range_test_or_from_others() {
    let images = synthetic::make(10, 0.25, 0);
    for dtype in [Dtype::Float32, Dtype::Float64] {
        let mut recipe = recipe();
        recipe.trainer.built_in_mut().unwrap().batches.dtype = dtype;
        let start = |trial: Trial| {
            let events = events_of(trial, &images, Vec::new());
            (started(&events).weights.clone().unwrap(), losses(&events)[0].to_bits())
        };
        let range_test = start(Trial::new("test", 3, &recipe));
        assert_eq!(range_test.0.len(), 64);
        assert_eq!(start(training(&recipe, |_| ())), range_test);
        let other = start(training(&recipe, |plan| plan.weights = StartWeights::Other));
        assert!(other.0 != range_test.0 && other.1 != range_test.1);
        assert_ne!(start(Trial::new("test", 4, &recipe)).0, range_test.0);
    }
}
