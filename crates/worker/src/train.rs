//! One trial from its request to its last event.

use crate::augment::Augmenter;
use crate::batches::Batches;
use crate::data::Dataset;
use crate::failure::TrialError;
use crate::init;
use crate::layers::{Pass, Role, Spec};
use crate::models::{Fit, Network};
use crate::optimizer::Optimizer;
use crate::pixels::Normalizer;
use crate::start::Start;
use crate::validate::Validator;
use seedband_core::files::curve::{End, Evaluation};
use seedband_core::protocol::{Event, Finished, Started, StepDone, Train};
use seedband_core::range_test::EarlyStops;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{Dtype, Loss, Shown};
use seedband_core::step_plan::StepPlan;
use std::io;
use tch::{Device, Kind, Reduction, TchError, Tensor};

/// Takes the events of a trial.
pub type Emit<'a> = dyn FnMut(&Event) -> io::Result<()> + 'a;

/// Trains the trial of `request`, a range test or a training, on `dataset`, which is the one its recipe names, and emits `started`, every
/// `step` and `finished`.
/// `validation` are the images to evaluate the network on; without them there is no validation.
///
/// The loss of a step is that of its batch before the update, penalties included. A loss that is not finite is emitted and ends the trial,
/// as does the last of the request's stop rules to fire before the last step. A step after which a validation is due is emitted with it, after
/// its update; one that ends training has no update and no validation.
pub fn train(
    request: &Train,
    dataset: &Dataset,
    validation: Option<&Dataset>,
    device: Device,
    emit: &mut Emit,
) -> Result<(), TrialError> {
    let (trial, recipe) = (&request.trial, &request.trial.recipe);
    let kind = match recipe.trainer.batches.dtype {
        Dtype::Float32 => Kind::Float,
        Dtype::Float64 => Kind::Double,
    };
    let stream = |purpose, seed: seedband_core::settings::StreamSeed| Stream::new(purpose, seed.of(trial.seed));
    let mut early_stops = EarlyStops::new(&request.early_stops)?;
    let order = stream(Purpose::Order, recipe.streams.order);
    let mut batches = Batches::new(
        dataset.count,
        recipe.trainer.batches.batch_size,
        recipe.trainer.batches.drop_last,
        order,
    )?;
    let augmentation = stream(Purpose::Augmentation, recipe.streams.augmentation);
    let mut augmenter = Augmenter::new(&recipe.trainer.augment, augmentation, dataset.height, dataset.width)?;
    let normalizer = Normalizer::new(&recipe.trainer.pixels, dataset, kind, device)?;
    let network = Network::new(&recipe.trainer.model, Fit::of(dataset))?;
    let start = Start::of(request, &network)?;
    start.save_for(request, &network)?;
    let mut parameters = init::tensors(network.specs(), &start.parameters, kind, device)?;
    let mut optimizer = Optimizer::new(&recipe.trainer.optimizer, network.specs())?;
    let validator = validation
        .zip(trial.validation())
        .map(|(images, settings)| Validator::new(settings, images, &start.norms, kind))
        .transpose()?;
    drop(start);
    let pass = validator.as_ref().map_or(Pass::Train, Validator::training_pass);

    let epoch = batches.epoch();
    let course = StepPlan::new(trial, epoch)?;
    let planned = course.planned();
    say(
        emit,
        Event::Started(Started {
            trial: trial.id.clone(),
            steps: planned,
            parameters: Some(network.parameter_count()),
            data: Some(dataset.fingerprint.clone()),
            epoch: Some(epoch),
            weights: Some(init::fingerprint(network.specs(), &parameters)?),
        }),
    )?;
    let finished = |end, steps| {
        Event::Finished(Finished {
            trial: trial.id.clone(),
            end,
            steps,
        })
    };
    for (step, &lr) in (0..planned).zip(&course.rates) {
        let indices = batches.draw();
        let labels: Vec<i64> = indices.iter().map(|index| i64::from(*index)).collect();
        let labels = dataset
            .labels
            .f_index_select(0, &Tensor::f_from_slice(&labels)?.f_to(device)?)?;
        let images = normalizer.apply(augmenter.batch(dataset, indices, kind)?)?;
        let logits = network.forward(&parameters, &images, pass)?;
        let entropy = logits.f_cross_entropy_loss(&labels, None::<Tensor>, Reduction::Mean, -100, 0.0)?;
        let loss = add_penalties(&entropy, &recipe.trainer.loss, network.specs(), &parameters)?;
        let value = shown(recipe.trainer.loss.shown, &entropy, &loss)?;
        let done = |validation| {
            Event::Step(StepDone {
                trial: trial.id.clone(),
                step,
                lr,
                loss: value,
                validation,
            })
        };
        let end = if !value.is_finite() {
            Some(End::NonFinite)
        } else if early_stops.push(value) && step + 1 < planned {
            Some(End::StoppedEarly)
        } else {
            None
        };
        let due = validator
            .as_ref()
            .filter(|_| end.is_none() && course.is_validated(step));
        if due.is_none() {
            say(emit, done(None))?;
        }
        if let Some(end) = end {
            return say(emit, finished(end, step + 1));
        }
        let gradients = Tensor::f_run_backward(&[&loss], &optimizer.trained(&parameters), false, false)?;
        if let Some(momentum) = course.momenta.as_ref().and_then(|momenta| momenta.get(step as usize)) {
            optimizer.set_momentum(*momentum);
        }
        optimizer.step(&mut parameters, gradients, lr)?;
        if let Some(validator) = due {
            let (entropy, accuracy) = validator.evaluate(&network, &parameters, &normalizer, kind)?;
            let total = tch::no_grad(|| add_penalties(&entropy, &recipe.trainer.loss, network.specs(), &parameters))?;
            let loss = shown(recipe.trainer.loss.shown, &entropy, &total)?;
            say(emit, done(Some(Evaluation { loss, accuracy })))?;
        }
    }
    say(emit, finished(End::Completed, planned))
}

/// The loss that a curve records; a float32 one is widened, so the value is exact. A sum that is not finite ends the training and is recorded
/// whatever is to be shown.
fn shown(what: Shown, entropy: &Tensor, total: &Tensor) -> Result<f64, TchError> {
    let total = total.f_double_value(&[])?;
    if what == Shown::Total || !total.is_finite() {
        return Ok(total);
    }
    entropy.f_double_value(&[])
}

#[expect(clippy::needless_pass_by_value, reason = "an event is made to be said once")]
fn say(emit: &mut Emit, event: Event) -> Result<(), TrialError> {
    emit(&event).map_err(TrialError::Output)
}

/// Adds `c * sum(w^2)` over all conv weights and over all dense weights, each with its own c.
fn add_penalties(entropy: &Tensor, settings: &Loss, specs: &[Spec], parameters: &[Tensor]) -> Result<Tensor, TchError> {
    let mut loss = entropy.shallow_clone();
    for (factor, role) in [(settings.l2_conv, Role::Conv), (settings.l2_dense, Role::Dense)] {
        if factor == 0.0 {
            continue;
        }
        for (_, weight) in specs.iter().zip(parameters).filter(|(spec, _)| spec.role == role) {
            loss = loss.f_add(&weight.f_square()?.f_sum(None)?.f_mul_scalar(factor)?)?;
        }
    }
    Ok(loss)
}
