//! Against a softmax regression written out by hand.

use crate::{BATCH, events, events_of, losses, recipe, started, training};
use seedband_core::files::curve::End;
use seedband_core::protocol::Event;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::train::{Policy, PolicyKind};
use seedband_data::{Examples, Moments, synthetic};

/// Normalised pixels of every image, computed from the bytes.
fn normalised(images: &Examples) -> Vec<Vec<f64>> {
    let Moments { mean, deviation } = images.moments();
    let image = |bytes: &[u8]| {
        let normal =
            |(index, byte): (usize, &u8)| (f64::from(*byte) / 255.0 - mean[index / 1024]) / deviation[index / 1024];
        bytes.iter().enumerate().map(normal).collect()
    };
    images.bytes().chunks_exact(3072).map(image).collect()
}

/// SGD with a momentum for each step and decoupled decay 0.1 on cross-entropy plus 0.01 times the sum of squared
/// weights, biases left out.
fn by_hand(images: &Examples, rates: &[f64], momenta: &[f64]) -> Vec<f64> {
    let pixels = normalised(images);
    let mut stream = Stream::new(Purpose::Weights, 3);
    let bound = (6.0_f64 / 3072.0).sqrt();
    let mut weights: Vec<f64> = (0..30_720)
        .map(|_| bound * (2.0 * f64::from(stream.unit_f32()) - 1.0))
        .collect();
    weights.resize(30_730, 0.0);
    let mut velocity: Option<Vec<f64>> = None;
    let order = Stream::new(Purpose::Order, 3).permutation(images.count() as u32);
    let mut losses = Vec::new();
    for ((batch, rate), momentum) in order.chunks_exact(BATCH).zip(rates).zip(momenta) {
        let mut gradient: Vec<f64> = weights[..30_720].iter().map(|weight| 0.02 * weight).collect();
        gradient.resize(30_730, 0.0);
        let mut loss = 0.01 * weights[..30_720].iter().map(|weight| weight * weight).sum::<f64>();
        for index in batch {
            let (x, label) = (&pixels[*index as usize], images.labels[*index as usize] as usize);
            let dot = |class: usize| {
                weights[class * 3072..][..3072]
                    .iter()
                    .zip(x)
                    .map(|(weight, x)| weight * x)
                    .sum::<f64>()
            };
            let logits: Vec<f64> = (0..10).map(|class| dot(class) + weights[30_720 + class]).collect();
            let total = logits.iter().map(|logit| logit.exp()).sum::<f64>();
            loss += (total.ln() - logits[label]) / BATCH as f64;
            for (class, logit) in logits.iter().enumerate() {
                let error = (logit.exp() / total - f64::from(u8::from(class == label))) / BATCH as f64;
                gradient[class * 3072..][..3072]
                    .iter_mut()
                    .zip(x)
                    .for_each(|(gradient, x)| *gradient += error * x);
                gradient[30_720 + class] += error;
            }
        }
        losses.push(loss);
        let new = match &velocity {
            Some(velocity) => velocity
                .iter()
                .zip(&gradient)
                .map(|(velocity, gradient)| momentum * velocity + gradient)
                .collect(),
            None => gradient,
        };
        for (weight, velocity) in weights.iter_mut().zip(&new) {
            *weight = *weight * (1.0 - rate * 0.1) - rate * velocity;
        }
        velocity = Some(new);
    }
    losses
}

#[test]
fn a_linear_network_trains_as_computed_by_hand() {
    let (images, recipe) = (synthetic::make(10, 0.25, 0), recipe());
    let events = events(&recipe, &images, Vec::new());
    let started = started(&events);
    assert_eq!((started.steps, started.parameters), (6, Some(30_730)));
    assert_eq!(started.data, Some(images.fingerprint()));
    let expected = by_hand(&images, &recipe.schedule.used(), &[0.9; 6]);
    let losses = losses(&events);
    assert_eq!(losses.len(), 6);
    assert!((expected[5] - expected[0]).abs() > 0.1, "{expected:?}");
    for (loss, expected) in losses.iter().zip(&expected) {
        // Double precision: sums of 3072 products in another order, carried through six steps.
        assert!((loss - expected).abs() < 1e-11, "{losses:?} is not {expected:?}");
    }
    let Some(Event::Finished(finished)) = events.last() else {
        panic!("{:?}", events.last())
    };
    assert_eq!((finished.end, finished.steps), (End::Completed, 6));
}

/// Rate and momentum of one cycle, its batches and its weights: by hand.
#[test]
fn a_training_follows_its_policy() {
    let (images, recipe) = (synthetic::make(10, 0.25, 0), recipe());
    let policy = Policy {
        kind: PolicyKind::OneCycle,
        momentum: Some([0.5, 0.95]),
        ..Policy::default()
    };
    let (rates, momenta) = (policy.rates(0.1, None, 6), policy.momenta(6).unwrap());
    assert!(
        rates[1] > 2.0 * rates[0] && momenta[1] < 0.9 * momenta[0],
        "{rates:?} {momenta:?}"
    );
    let events = events_of(training(&recipe, |plan| plan.policy = policy), &images, Vec::new());
    let expected = by_hand(&images, &rates, &momenta);
    let losses = losses(&events);
    assert_eq!(losses.len(), 6);
    for (loss, expected) in losses.iter().zip(&expected) {
        // Double precision: sums of 3072 products in another order, carried through six steps.
        assert!((loss - expected).abs() < 1e-11, "{losses:?} is not {expected:?}");
    }
}
