//! What is said of a step.

use crate::{events, losses, recipe};
use seedband_core::protocol::Event;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{Dtype, Loss, Shown};
use seedband_data::synthetic;

/// The weights go the same way; in the first step the two losses differ by 0.01 times the sum of squared weights.
#[test]
fn cross_entropy_alone_may_be_shown() {
    let images = synthetic::make(10, 0.25, 0);
    let mut recipe = recipe();
    let total = losses(&events(&recipe, &images, Vec::new()));
    recipe.trainer.built_in_mut().unwrap().loss.shown = Shown::CrossEntropy;
    let entropy = losses(&events(&recipe, &images, Vec::new()));
    let mut stream = Stream::new(Purpose::Weights, 3);
    let bound = (6.0_f64 / 3072.0).sqrt();
    let squares: f64 = (0..30_720)
        .map(|_| (bound * (2.0 * f64::from(stream.unit_f32()) - 1.0)).powi(2))
        .sum();
    assert!(
        (total[0] - entropy[0] - 0.01 * squares).abs() < 1e-11,
        "{total:?} {entropy:?}"
    );
    assert!(total.iter().zip(&entropy).all(|(total, entropy)| total > entropy));
    // Trained on the cross-entropy alone, the second step would start from other weights.
    recipe.trainer.built_in_mut().unwrap().loss = Loss::default();
    let unpenalised = losses(&events(&recipe, &images, Vec::new()));
    assert_eq!(unpenalised[0].to_bits(), entropy[0].to_bits());
    assert_ne!(unpenalised[5].to_bits(), entropy[5].to_bits());
}

#[test]
fn the_learning_rate_said_is_the_one_used() {
    let recipe = recipe();
    let events = events(&recipe, &synthetic::make(10, 0.25, 0), Vec::new());
    let rates: Vec<f64> = events
        .iter()
        .filter_map(|event| {
            if let Event::Step(step) = event {
                Some(step.lr)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(rates, recipe.schedule.used());
}

/// Single precision starts from the same weights, so its first loss is the double one to seven digits.
#[test]
fn single_precision_starts_at_the_same_loss() {
    let images = synthetic::make(10, 0.25, 0);
    let mut recipe = recipe();
    let double = losses(&events(&recipe, &images, Vec::new()));
    recipe.trainer.built_in_mut().unwrap().batches.dtype = Dtype::Float32;
    let single = losses(&events(&recipe, &images, Vec::new()));
    assert!(
        (single[0] / double[0] - 1.0).abs() < 1e-6,
        "{} {}",
        single[0],
        double[0]
    );
    // What is said is exactly a float32.
    assert!(
        single
            .iter()
            .all(|loss| f64::from(*loss as f32).to_bits() == loss.to_bits())
    );
}
