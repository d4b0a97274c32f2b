//! Validation during a trial: what is measured, when, and that training does not notice.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use seedband_core::files::curve::{End, Evaluation};
use seedband_core::protocol::{Event, StepDone, Train};
use seedband_core::range_test::EarlyStop;
use seedband_core::range_test::{Schedule, Smoothing, SmoothingKind, Stop};
use seedband_core::recipe::Recipe;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{Architecture, Augment, BatchSettings, Data, Dtype, Loss, Model, Source, Validation};
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;
use seedband_worker::data::{self, Dataset, Images, synthetic};
use seedband_worker::failure::one_line;
use seedband_worker::loaded::Loaded;
use seedband_worker::train::train;
use std::path::Path;
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
        },
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
    Train {
        trial: Trial::new("test", seed, recipe),
        data_path: None,
        weights_path: None,
        init_path: None,
        early_stops: Vec::new(),
    }
}

/// The steps of a trial and how it ended.
fn run(request: &Train, training: &Images, validation: Option<&Images>) -> (Vec<StepDone>, End) {
    // The networks are so small that a second thread costs more than it brings.
    tch::set_num_threads(1);
    let on_device = |images: &Images| Dataset::new(images, Device::Cpu).unwrap();
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

/// Without batch norm, and with the whole training set in each batch, the loss on the training images after an update is the training loss
/// of the next step, penalties included.
#[test]
fn the_loss_on_the_training_images_is_that_of_the_next_step() {
    let images = synthetic::make(5, 0.25, 0);
    let mut recipe = recipe(Architecture::Mlp, 6);
    recipe.trainer.batches = BatchSettings {
        batch_size: 50,
        dtype: Dtype::Float64,
        ..BatchSettings::default()
    };
    recipe.trainer.loss = Loss {
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

/// A softmax regression that does not move, on validation images normalised with the training images' mean and deviation.
#[test]
fn loss_and_accuracy_by_hand() {
    let (training, validation) = (synthetic::make(4, 0.25, 0), synthetic::make_validation(0.25, 0));
    let mut recipe = recipe(Architecture::Mlp, 1);
    recipe.trainer.batches.dtype = Dtype::Float64;
    (recipe.schedule.start, recipe.schedule.end) = (1e-30, 1e-29);
    let (steps, _) = run(&request(&recipe, 3), &training, Some(&validation));
    let (mean, deviation) = training.moments();
    let mut stream = Stream::new(Purpose::Weights, 3);
    let bound = (6.0_f64 / 3072.0).sqrt();
    let weights: Vec<f64> = (0..30_720)
        .map(|_| bound * (2.0 * f64::from(stream.unit_f32()) - 1.0))
        .collect();
    let (mut loss, mut right) = (0.0, 0);
    for (bytes, label) in validation.pixels.chunks_exact(3072).zip(&validation.labels) {
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
        (found.accuracy - f64::from(right) / 500.0).abs() < 1e-15,
        "{found:?} {right}"
    );
}

#[test]
fn training_losses_are_the_same_with_and_without() {
    let (training, validation) = (synthetic::make(6, 0.25, 0), synthetic::make_validation(0.25, 0));
    for architecture in [Architecture::Resnet, Architecture::Cnn] {
        let mut recipe = recipe(architecture, 8);
        recipe.trainer.augment = Augment {
            crop_padding: 2,
            flip: true,
            ..Augment::default()
        };
        let mut bits = |every| {
            recipe.validation.every = every;
            let (steps, _) = run(&request(&recipe, 2), &training, (every > 0).then_some(&validation));
            let measured: Vec<u32> = steps
                .iter()
                .filter(|step| step.validation.is_some())
                .map(|step| step.step)
                .collect();
            (
                steps.iter().map(|step| step.loss.to_bits()).collect::<Vec<_>>(),
                measured,
            )
        };
        let (off, none) = bits(0);
        assert!(none.is_empty());
        assert_eq!(bits(3), (off.clone(), vec![2, 5, 7]));
        assert_eq!(bits(1), (off, (0..8).collect()));
    }
}

/// Neither does an evaluation touch what later ones see: every third is one of those after every step.
#[test]
fn evaluations_do_not_touch_each_other() {
    let (training, validation) = (synthetic::make(6, 0.25, 0), synthetic::make_validation(0.25, 0));
    let mut recipe = recipe(Architecture::Resnet, 9);
    let all = evaluations(&run(&request(&recipe, 2), &training, Some(&validation)).0);
    recipe.validation.every = 3;
    let some = evaluations(&run(&request(&recipe, 2), &training, Some(&validation)).0);
    assert_eq!(some, [all[2], all[5], all[8]]);
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
            // Logits are float32: a few units of the last place. No image of these lies that close to a border between classes.
            assert!(
                (found.loss / expected.loss - 1.0).abs() < 1e-5,
                "{found:?} {expected:?}"
            );
            assert!(
                (found.accuracy - expected.accuracy).abs() < 1e-15,
                "{found:?} {expected:?}"
            );
        }
    }
}

#[test]
fn a_step_that_ends_training_has_no_validation() {
    let (training, validation) = (synthetic::make(6, 0.25, 0), synthetic::make_validation(0.25, 0));
    let mut recipe = recipe(Architecture::Mlp, 12);
    (recipe.schedule.start, recipe.schedule.end) = (1.0, 1e12);
    recipe.trainer.model.hidden = Some(vec![16, 16]);
    let mut request = request(&recipe, 0);
    let measured = |steps: &[StepDone]| steps.iter().take_while(|step| step.validation.is_some()).count();
    let (steps, end) = run(&request, &training, Some(&validation));
    assert_eq!((end, measured(&steps)), (End::NonFinite, steps.len() - 1));
    request.early_stops = vec![EarlyStop {
        smoothing: Smoothing {
            kind: SmoothingKind::None,
            ..Smoothing::default()
        },
        stop: Stop::default(),
    }];
    let (steps, end) = run(&request, &training, Some(&validation));
    assert_eq!((end, measured(&steps)), (End::StoppedEarly, steps.len() - 1));
}

/// Batch norm makes up for weights of any size as long as it may look at the batch; running averages of the time before lead to overflow.
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
    recipe.trainer.model.width = Some(8);
    recipe.validation.every = 300;
    (recipe.schedule.start, recipe.schedule.end) = (0.1, 0.05);
    let accuracy = evaluations(&run(&request(&recipe, 0), &training, Some(&validation)).0)[0].accuracy;
    // Chance is 0.1.
    assert!(accuracy > 0.5, "{accuracy}");
}

#[test]
fn the_sample_is_the_same_for_all_seeds_and_stays_loaded() {
    let mut recipe = recipe(Architecture::Mlp, 1);
    recipe.trainer.data.images_per_class = Some(3);
    recipe.validation.images = Some(120);
    let mut kept = None;
    let mut load = |recipe: &Recipe, seed| {
        let (training, validation) = Loaded::of(&mut kept, &request(recipe, seed), Device::Cpu).unwrap();
        let at = |dataset: &Dataset| (dataset.count, dataset.fingerprint.clone(), dataset.pixels.data_ptr());
        (at(training), validation.map(at))
    };
    let (training, first) = load(&recipe, 0);
    let first = first.unwrap();
    assert_eq!((training.0, first.0), (30, 120));
    assert_eq!(
        load(&recipe, 1),
        (training.clone(), Some(first.clone())),
        "the same, and in the same place"
    );
    let mut off = recipe.clone();
    off.validation = Validation::default();
    assert_eq!(load(&off, 2), (training.clone(), None));
    assert_eq!(load(&recipe, 3).1, Some(first.clone()));
    // Drawn from all images, none twice.
    let all = synthetic::make_validation(0.25, 0);
    let images = |images: &Images| -> Vec<Vec<u8>> { images.pixels.chunks(3072).map(<[u8]>::to_vec).collect() };
    let beside = Dataset::new(&synthetic::make(1, 0.25, 0), Device::Cpu).unwrap();
    let of = |sample| data::read_validation(&recipe.trainer.data, None, sample, &beside).unwrap();
    let (chosen, from) = (images(&of(Some(120))), images(&all));
    let place = |image| from.iter().position(|other| other == image).unwrap();
    let places: Vec<usize> = chosen.iter().map(place).collect();
    assert!(places.is_sorted_by(|a, b| a < b) && places[119] > 120, "{places:?}");
    assert_eq!(of(Some(500)), all);
    assert_eq!(of(Some(501)), all);
    assert_eq!(of(None), all);
    let mut other = recipe.clone();
    other.validation.images = Some(121);
    let (again, second) = load(&other, 0);
    assert_eq!((again, second.unwrap().0), (training, 121));
}

#[test]
fn validation_images_have_the_size_of_the_training_images() {
    let root = tempfile::tempdir().unwrap();
    let save = |place: &str, side| {
        let path = root.path().join(place);
        std::fs::create_dir_all(&path).unwrap();
        image::RgbImage::new(side, side).save(path.join("1.png")).unwrap();
    };
    for (set, side) in [("train", 4), ("val", 5)] {
        save(&format!("{set}/a"), side);
        save(&format!("{set}/b"), side);
    }
    let data = |image_size| Data {
        source: Source::ImageFolder,
        path: Some("data".into()),
        image_size,
        ..Data::default()
    };
    let read = |data: &Data, path: Option<&Path>| {
        let training = Dataset::new(&data::read(data, Some(root.path())).unwrap(), Device::Cpu).unwrap();
        data::read_validation(data, path, None, &training).map_err(|error| one_line(&error))
    };
    let said = read(&data(None), Some(root.path())).unwrap_err();
    assert!(
        said.contains("has validation images of 5x5 pixels and training images of 4x4; set `data.image-size`"),
        "{said}"
    );
    assert_eq!(read(&data(Some(4)), Some(root.path())).unwrap().count(), 2);
    assert!(read(&data(None), None).unwrap_err().contains("set `data.path`"));
}
