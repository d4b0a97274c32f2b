//! Loss and accuracy.

use crate::{evaluations, recipe, request, run};
use seedband_core::files::curve::End;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{Architecture, BatchSettings, Dtype, Loss};
use seedband_data::{Moments, synthetic};

/// Without batch norm, and with the whole training set in each batch, the loss on the training images after an update
/// is the training loss of the next step, penalties included.
#[test]
fn the_loss_on_the_training_images_is_that_of_the_next_step() {
    let images = synthetic::make(5, 0.25, 0);
    let mut recipe = recipe(Architecture::Mlp, 6);
    recipe.trainer.built_in_mut().unwrap().batches = BatchSettings {
        batch_size: 50,
        dtype: Dtype::Float64,
        ..BatchSettings::default()
    };
    recipe.trainer.built_in_mut().unwrap().loss = Loss {
        l2_dense: 0.01,
        l2_conv: 5.0,
        ..Loss::default()
    };
    let (steps, end) = run(&request(&recipe, 1), &images, Some(&images));
    assert_eq!((steps.len(), end), (6, End::Completed));
    assert!((steps[5].loss - steps[0].loss).abs() > 0.1);
    for pair in steps.windows(2) {
        let evaluated = pair[0].validation.unwrap().loss;
        // Double precision: the images come in another order.
        assert!((evaluated / pair[1].loss - 1.0).abs() < 1e-12, "{steps:?}");
    }
}

/// A softmax regression that does not move, on validation images normalised with the training images' mean and
/// deviation.
#[test]
fn loss_and_accuracy_by_hand() {
    let (training, validation) = (synthetic::make(4, 0.25, 0), synthetic::make_validation(0.25, 0));
    let mut recipe = recipe(Architecture::Mlp, 1);
    recipe.trainer.built_in_mut().unwrap().batches.dtype = Dtype::Float64;
    (recipe.schedule.start, recipe.schedule.end) = (1e-30, 1e-29);
    let (steps, _) = run(&request(&recipe, 3), &training, Some(&validation));
    let Moments { mean, deviation } = training.moments();
    let mut stream = Stream::new(Purpose::Weights, 3);
    let bound = (6.0_f64 / 3072.0).sqrt();
    let weights: Vec<f64> = (0..30_720)
        .map(|_| bound * (2.0 * f64::from(stream.unit_f32()) - 1.0))
        .collect();
    let (mut loss, mut right) = (0.0, 0);
    for (bytes, label) in validation.bytes().chunks_exact(3072).zip(&validation.labels) {
        let pixel =
            |(index, byte): (usize, &u8)| (f64::from(*byte) / 255.0 - mean[index / 1024]) / deviation[index / 1024];
        let pixels: Vec<f64> = bytes.iter().enumerate().map(pixel).collect();
        let dot = |weights: &[f64]| {
            weights
                .iter()
                .zip(&pixels)
                .map(|(weight, pixel)| weight * pixel)
                .sum::<f64>()
        };
        let logits: Vec<f64> = weights.chunks_exact(3072).map(dot).collect();
        let own = logits[*label as usize];
        loss += logits.iter().map(|logit| logit.exp()).sum::<f64>().ln() - own;
        right += u32::from(logits.iter().all(|logit| *logit <= own));
    }
    let found = steps[0].validation.unwrap();
    // Double precision: sums of 3072 products and of 500 losses in another order.
    assert!(
        (found.loss - loss / 500.0).abs() < 1e-11,
        "{} {}",
        found.loss,
        loss / 500.0
    );
    assert!(
        (found.accuracy.unwrap() - f64::from(right) / 500.0).abs() < 1e-15,
        "{found:?} {right}"
    );
}

#[test]
fn the_batch_size_changes_rounding_alone() {
    let (training, validation) = (synthetic::make(6, 0.25, 0), synthetic::make_validation(0.25, 0));
    let mut recipe = recipe(Architecture::Cnn, 5);
    let mut with = |batch_size| {
        recipe.validation.batch_size = batch_size;
        evaluations(&run(&request(&recipe, 0), &training, Some(&validation)).0)
    };
    let whole = with(1000);
    for batch_size in [499, 64, 1] {
        for (found, expected) in with(batch_size).iter().zip(&whole) {
            // Logits are float32: a few units of the last place. No image of these lies that close to a border between
            // classes.
            assert!(
                (found.loss / expected.loss - 1.0).abs() < 1e-5,
                "{found:?} {expected:?}"
            );
            assert!(
                (found.accuracy.unwrap() - expected.accuracy.unwrap()).abs() < 1e-15,
                "{found:?} {expected:?}"
            );
        }
    }
}

/// Batch norm makes up for weights of any size as long as it may look at the batch; running averages of the time before
/// lead to overflow.
#[test]
fn a_validation_loss_that_is_not_finite_is_recorded_and_training_goes_on() {
    let (training, validation) = (synthetic::make(6, 0.25, 0), synthetic::make_validation(0.25, 0));
    let mut recipe = recipe(Architecture::Cnn, 2);
    (recipe.schedule.start, recipe.schedule.end) = (1e15, 2e15);
    let (steps, end) = run(&request(&recipe, 0), &training, Some(&validation));
    assert_eq!((steps.len(), end), (2, End::Completed), "{steps:?}");
    assert!(
        steps[0]
            .validation
            .is_some_and(|evaluation| !evaluation.loss.is_finite()),
        "{steps:?}"
    );
}

/// That the validation images show the classes of the training images, and that labels stay with their images.
#[test]
fn what_is_learned_from_the_training_images_holds_for_the_validation_images() {
    let (training, validation) = (synthetic::make(100, 0.1, 0), synthetic::make_validation(0.1, 0));
    let mut recipe = recipe(Architecture::Cnn, 300);
    recipe.trainer.built_in_mut().unwrap().model.width = Some(8);
    recipe.validation.every = 300;
    (recipe.schedule.start, recipe.schedule.end) = (0.1, 0.05);
    let accuracy = evaluations(&run(&request(&recipe, 0), &training, Some(&validation)).0)[0]
        .accuracy
        .unwrap();
    // Chance is 0.1.
    assert!(accuracy > 0.5, "{accuracy}");
}
