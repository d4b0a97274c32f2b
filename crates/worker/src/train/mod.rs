//! One trial from its request to its last event.

mod loss;
mod training;

use crate::dataset::Dataset;
use crate::failure::TrialError;
use seedband_core::files::curve::{End, Metrics};
use seedband_core::protocol::{Event, Finished, StepDone, Train};
use std::io;
use tch::Device;
use training::Training;

/// Takes the events of a trial.
pub type Emit<'a> = dyn FnMut(&Event) -> io::Result<()> + 'a;

/// Trains the trial of `request`, a range test or a training, on `dataset`, which is the one its recipe names, and
/// emits `started`, every `step` and `finished`. `validation` are the images to evaluate the network on; without them
/// there is no validation.
///
/// The loss of a step is that of its batch before the update, penalties included. A loss that is not finite is emitted
/// and ends the trial, as does the last of the request's stop rules to fire before the last step. A step after which a
/// validation is due is emitted with it, after its update; one that ends training has no update and no validation.
///
/// # Errors
/// Settings that are wrong or do not go with the data, a file of weights that cannot be used, what libtorch refuses,
/// and an event that cannot be emitted.
pub fn train(
    request: &Train,
    dataset: &Dataset,
    validation: Option<&Dataset>,
    device: Device,
    emit: &mut Emit,
) -> Result<(), TrialError> {
    let mut training = Training::new(request, dataset, validation, device)?;
    let planned = training.plan.planned();
    say(emit, Event::Started(training.started()?))?;
    let rates = training.plan.rates.clone();
    for (step, lr) in (0..planned).zip(rates) {
        if let Some(end) = train_step(&mut training, step, lr, emit)? {
            return say(emit, finished(request, end, step + 1));
        }
    }
    say(emit, finished(request, End::Completed, planned))
}

/// Does a step and emits it; how it ended the training, if it did.
fn train_step(training: &mut Training, step: u32, lr: f64, emit: &mut Emit) -> Result<Option<End>, TrialError> {
    let loss = training.next_loss()?;
    let end = training.end(step, loss.shown);
    let mut done = StepDone {
        trial: training.trial.id.clone(),
        step,
        lr,
        loss: loss.shown,
        validation: None,
        metrics: Metrics::default(),
    };
    let is_validated = end.is_none() && training.is_validated(step);
    // The step is told before the update, but for one that brings a validation, which comes after it.
    if !is_validated {
        say(emit, Event::Step(done.clone()))?;
    }
    if end.is_some() {
        return Ok(end);
    }
    training.update(loss, step, lr)?;
    if is_validated {
        done.validation = training.validate()?;
        say(emit, Event::Step(done))?;
    }
    Ok(None)
}

fn finished(request: &Train, end: End, steps: u32) -> Event {
    Event::Finished(Finished {
        trial: request.trial.id.clone(),
        end,
        steps,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "an event is made to be said once")]
fn say(emit: &mut Emit, event: Event) -> Result<(), TrialError> {
    emit(&event).map_err(TrialError::Output)
}
