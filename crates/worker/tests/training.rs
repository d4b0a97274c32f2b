//! The training loop against a softmax regression written out by hand.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use seedband_core::files::curve::End;
use seedband_core::protocol::{Event, Started, Train};
use seedband_core::range_test::EarlyStop;
use seedband_core::range_test::{Schedule, Smoothing, SmoothingKind, Stop};
use seedband_core::recipe::Recipe;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{
    Architecture, BatchSettings, DecayMode, Dtype, Loss, Model, Optimizer, Shown, Validation,
};
use seedband_core::train::{Policy, PolicyKind, StartWeights, TrainPlan};
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;
use seedband_worker::data::{Dataset, Images, synthetic};
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
        },
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

fn events(recipe: &Recipe, images: &Images, early_stops: Vec<EarlyStop>) -> Vec<Event> {
    events_of(Trial::new("test", 3, recipe), images, early_stops)
}

fn events_of(trial: Trial, images: &Images, early_stops: Vec<EarlyStop>) -> Vec<Event> {
    let request = Train {
        trial,
        data_path: None,
        weights_path: None,
        init_path: None,
        early_stops,
    };
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

/// Normalised pixels of every image, computed from the bytes.
fn normalised(images: &Images) -> Vec<Vec<f64>> {
    let (mean, deviation) = images.moments();
    let image = |bytes: &[u8]| {
        let normal =
            |(index, byte): (usize, &u8)| (f64::from(*byte) / 255.0 - mean[index / 1024]) / deviation[index / 1024];
        bytes.iter().enumerate().map(normal).collect()
    };
    images.pixels.chunks_exact(3072).map(image).collect()
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

/// SGD with a momentum for each step and decoupled decay 0.1 on cross-entropy plus 0.01 times the sum of squared weights, biases left out.
fn by_hand(images: &Images, rates: &[f64], momenta: &[f64]) -> Vec<f64> {
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

/// The weights go the same way; in the first step the two losses differ by 0.01 times the sum of squared weights.
#[test]
fn cross_entropy_alone_may_be_shown() {
    let images = synthetic::make(10, 0.25, 0);
    let mut recipe = recipe();
    let total = losses(&events(&recipe, &images, Vec::new()));
    recipe.trainer.loss.shown = Shown::CrossEntropy;
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
    recipe.trainer.loss = Loss::default();
    let unpenalised = losses(&events(&recipe, &images, Vec::new()));
    assert_eq!(unpenalised[0].to_bits(), entropy[0].to_bits());
    assert_ne!(unpenalised[5].to_bits(), entropy[5].to_bits());
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
    recipe.trainer.batches.drop_last = false;
    assert_eq!(validated(training(&recipe, epochs)), (14, Some(7), vec![6, 13]));
}

/// To the last bit: equal digits, and an equal first loss of the same first batch. Other weights are told by both.
#[test]
fn a_training_starts_from_the_weights_of_its_range_test_or_from_others() {
    let images = synthetic::make(10, 0.25, 0);
    for dtype in [Dtype::Float32, Dtype::Float64] {
        let mut recipe = recipe();
        recipe.trainer.batches.dtype = dtype;
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
    recipe.trainer.batches.dtype = Dtype::Float32;
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

#[test]
fn training_halts_when_every_rule_has_fired_and_not_at_the_last_step() {
    let images = synthetic::make(10, 0.25, 0);
    let mut recipe = recipe();
    recipe.schedule = Schedule {
        start: 1.0,
        end: 1e4,
        steps: 6,
        ..Schedule::default()
    };
    let halt = |factor| EarlyStop {
        smoothing: Smoothing {
            kind: SmoothingKind::None,
            ..Smoothing::default()
        },
        stop: Stop {
            factor: Some(factor),
            ..Stop::default()
        },
    };
    let all = losses(&events(&recipe, &images, Vec::new()));
    let first = |factor: f64| (1..6).find(|step| all[*step] > factor * all[0]).unwrap();
    let steps = first(20.0) + 1;
    assert!(first(2.0) < first(20.0) && steps < 6, "{all:?}");
    let halted = events(&recipe, &images, vec![halt(20.0), halt(2.0)]);
    assert_eq!(losses(&halted), all[..steps]);
    let Some(Event::Finished(finished)) = halted.last() else {
        panic!("{:?}", halted.last())
    };
    assert_eq!((finished.end, finished.steps as usize), (End::StoppedEarly, steps));
    // With as many steps planned as it takes to fire, every planned step is trained.
    recipe.schedule = Schedule {
        start: 1.0,
        end: 1e4_f64.powf(steps as f64 / 6.0),
        steps,
        ..Schedule::default()
    };
    let whole = events(&recipe, &images, vec![halt(20.0)]);
    let Some(Event::Finished(finished)) = whole.last() else {
        panic!("{:?}", whole.last())
    };
    assert_eq!((finished.end, finished.steps as usize), (End::Completed, steps));
}

#[test]
fn fixed_streams_do_not_follow_the_seed() {
    let images = synthetic::make(10, 0.25, 0);
    let first = |seed, weights: Option<u64>| {
        let mut recipe = recipe();
        recipe.streams.order = seedband_core::settings::StreamSeed::Fixed(0);
        if let Some(weights) = weights {
            recipe.streams.weights = seedband_core::settings::StreamSeed::Fixed(weights);
        }
        let request = Train {
            trial: Trial::new("test", seed, &recipe),
            data_path: None,
            weights_path: None,
            init_path: None,
            early_stops: Vec::new(),
        };
        let mut events = Vec::new();
        let dataset = Dataset::new(&images, Device::Cpu).unwrap();
        train(&request, &dataset, None, Device::Cpu, &mut |event| {
            events.push(event.clone());
            Ok(())
        })
        .unwrap();
        losses(&events)
    };
    assert_eq!(first(1, Some(5)), first(2, Some(5)));
    assert_eq!(first(5, None), first(2, Some(5)));
    assert_ne!(first(1, None), first(2, None));
}
