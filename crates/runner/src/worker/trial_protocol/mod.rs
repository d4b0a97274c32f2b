//! What a worker may say about a trial, and in which order.

#[cfg(test)]
mod tests;

use crate::failure::Failure;
use crate::store::plan::have_fired;
use seedband_core::files::curve::{Curve, End, Step};
use seedband_core::protocol::{Event, FailureClass, Finished, Started, StepDone, Train};
use seedband_core::range_test::EarlyStop;
use seedband_core::step_plan::StepPlan;
use seedband_core::trial::Trial;
use std::path::PathBuf;

/// By so much of the planned learning rate the one that a worker says may differ.
///
/// A trainer in any language holds the rate as it likes and prints it as it likes: in single precision it is off by up
/// to 2^-24 of itself, 6e-8, and with the six significant digits of C's `%g` and C++'s streams by up to 5e-6. Rates
/// that are not the planned ones are off by far more: those of neighbouring steps differ by 2e-3 of themselves where
/// eight powers of ten are passed in 10,000 steps.
const RATE_TOLERANCE: f64 = 1e-5;

/// And by so much of the highest planned rate: half a cosine comes down to nearly 0 by a difference of numbers near 1,
/// which leaves some 1e-16 of them to chance.
const RATE_ROUNDING: f64 = 1e-14;

/// What has been said about one trial so far. Pure: takes lines, gives what they mean.
#[derive(Debug)]
pub(crate) struct TrialProtocol {
    trial: Trial,
    early_stops: Vec<EarlyStop>,
    /// Known once the worker has started.
    step_plan: Option<StepPlan>,
    /// The highest rate of that plan.
    highest_rate: f64,
    steps: Vec<Step>,
}

/// What a worker says of a trial when its training begins, as far as it does.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct StartReport {
    /// Fingerprint of the data.
    pub(crate) data: Option<String>,
    /// Fingerprint of the initial weights.
    pub(crate) weights: Option<String>,
    /// Parameters of the model.
    pub(crate) parameters: Option<u64>,
    /// Examples in a batch.
    pub(crate) batch_size: Option<u64>,
}

/// What a line means.
#[derive(Debug, PartialEq)]
pub(crate) enum WorkerMessage {
    /// Training begins.
    Started {
        /// Steps planned.
        steps: u32,
        /// What the worker sees before it.
        start_report: StartReport,
        /// Source files that the worker has loaded.
        files: Vec<PathBuf>,
    },
    /// One more step.
    Step(Step),
    /// The curve is whole.
    Finished(Curve),
    /// The worker gives up on the trial.
    Failed(Failure),
}

impl TrialProtocol {
    pub(crate) fn new(train: &Train) -> Self {
        Self {
            trial: train.trial.clone(),
            early_stops: train.early_stops.clone(),
            step_plan: None,
            highest_rate: 0.0,
            steps: Vec::new(),
        }
    }

    /// Whether the worker has said anything allowed about the trial.
    pub(crate) fn has_begun(&self) -> bool {
        self.step_plan.is_some()
    }

    /// Takes one line.
    ///
    /// # Errors
    /// Whatever the protocol does not allow, as a failure of class `Protocol`. What is accepted as finished here is
    /// also accepted by the plan of the next run, so a trial is never run for ever.
    pub(crate) fn receive(&mut self, line: &[u8]) -> Result<WorkerMessage, Failure> {
        let event: Event = serde_json::from_slice(line).map_err(|error| {
            let start = beginning(line);
            Failure::protocol(&format!("the worker said `{start}`, which is no event: {error}"))
        })?;
        let about = match &event {
            Event::Ready(_) => return Err(Failure::protocol("the worker said `ready` in the middle of a trial")),
            Event::Started(started) => &started.trial,
            Event::Step(step) => &step.trial,
            Event::Finished(finished) => &finished.trial,
            Event::Failed(failed) => &failed.trial,
            Event::Saved(saved) => &saved.trial,
        };
        if *about != self.trial.id {
            return Err(Failure::protocol(&format!(
                "the worker spoke of trial `{about}`, which it was not given"
            )));
        }
        match event {
            Event::Ready(_) => Err(Failure::protocol("the worker said `ready` in the middle of a trial")),
            Event::Saved(_) => Err(Failure::protocol("the worker said `saved` in the middle of a trial")),
            Event::Started(started) => self.start(started),
            Event::Failed(failed) => Ok(WorkerMessage::Failed(Failure::new(failed.class, &failed.message))),
            Event::Step(step) => self.step(step).map(WorkerMessage::Step),
            Event::Finished(finished) => self.finish(&finished),
        }
    }

    fn start(&mut self, started: Started) -> Result<WorkerMessage, Failure> {
        if self.step_plan.is_some() {
            return Err(Failure::protocol("the worker started the trial twice"));
        }
        let epoch = match started.epoch {
            Some(0) => return Err(Failure::protocol("the worker says that an epoch has no step")),
            None if self.trial.training.is_some() => {
                return Err(Failure::protocol("the worker does not say how many steps an epoch has"));
            }
            // A range test does not depend on it.
            epoch => epoch.unwrap_or(1),
        };
        let step_plan = StepPlan::new(&self.trial, epoch)
            .map_err(|invalid| Failure::new(FailureClass::BadStudy, &invalid.to_string()))?;
        if started.steps != step_plan.planned() {
            return Err(Failure::protocol(&format!(
                "the worker plans {} steps where the study has {}",
                started.steps,
                step_plan.planned()
            )));
        }
        self.highest_rate = step_plan.rates.iter().copied().fold(0.0, f64::max);
        self.step_plan = Some(step_plan);
        Ok(WorkerMessage::Started {
            steps: started.steps,
            start_report: StartReport {
                data: started.data,
                weights: started.weights,
                parameters: started.parameters,
                batch_size: started.batch_size,
            },
            files: started.files,
        })
    }

    /// The steps of a trial that has begun.
    fn step_plan(&self) -> Result<&StepPlan, Failure> {
        let step_plan = self.step_plan.as_ref();
        step_plan.ok_or_else(|| Failure::protocol("the worker did not say `started` first"))
    }

    fn step(&mut self, said: StepDone) -> Result<Step, Failure> {
        let planned_steps = self.step_plan()?.planned();
        let expected = self.steps.len();
        if said.step as usize != expected {
            return Err(Failure::protocol(&format!(
                "the worker sent step {} where step {expected} was expected",
                said.step
            )));
        }
        if expected == planned_steps as usize {
            return Err(Failure::protocol(&format!(
                "the worker sent more than the {expected} steps planned"
            )));
        }
        if self.steps.last().is_some_and(|last| !last.loss.is_finite()) {
            return Err(Failure::protocol(&format!(
                "the worker sent step {expected} after a loss that is not finite"
            )));
        }
        self.check_validated()?;
        self.check_rate(&said)?;
        if let Some(accuracy) = said.validation.and_then(|evaluation| evaluation.impossible_accuracy()) {
            return Err(Failure::protocol(&format!(
                "the worker sent a validation accuracy of `{accuracy}`, which is not from 0 to 1"
            )));
        }
        let step = Step {
            step: said.step,
            lr: said.lr,
            loss: said.loss,
            validation: said.validation,
            metrics: said.metrics,
        };
        self.steps.push(step.clone());
        Ok(step)
    }

    /// `Err` when a step was trained with another learning rate than the one planned for it: its loss would be filed
    /// under a rate that was never used.
    fn check_rate(&self, said: &StepDone) -> Result<(), Failure> {
        let Some(&planned) = self.step_plan()?.rates.get(said.step as usize) else {
            return Ok(());
        };
        let tolerance = RATE_TOLERANCE * planned + RATE_ROUNDING * self.highest_rate;
        if (said.lr - planned).abs() <= tolerance {
            return Ok(());
        }
        Err(Failure::protocol(&format!(
            "the worker trained step {} with a learning rate of {:e} where {planned:e} is planned",
            said.step, said.lr
        )))
    }

    /// `Err` when training went on after a step without the validation that was due.
    fn check_validated(&self) -> Result<(), Failure> {
        let step_plan = self.step_plan()?;
        match self.steps.last() {
            Some(last) if last.validation.is_none() && step_plan.is_validated(last.step) => {
                let asked = match &self.trial.training {
                    Some(_) => "a training has one after each epoch and after the last step".to_owned(),
                    None => format!(
                        "the study has `validation.every = {}`",
                        self.trial.recipe.validation.every
                    ),
                };
                Err(Failure::protocol(&format!(
                    "the worker sent no validation after step {}, and {asked}",
                    last.step
                )))
            }
            _ => Ok(()),
        }
    }

    fn finish(&mut self, said: &Finished) -> Result<WorkerMessage, Failure> {
        let planned = self.step_plan()?.planned();
        let count = self.steps.len();
        if said.steps as usize != count {
            return Err(Failure::protocol(&format!(
                "the worker counts {} steps, it sent {count}",
                said.steps
            )));
        }
        let bad_loss = self.steps.last().is_some_and(|last| !last.loss.is_finite());
        if bad_loss != (said.end == End::NonFinite) {
            return Err(Failure::protocol(
                "the end that the worker gave does not fit the last loss",
            ));
        }
        if said.end == End::Completed && count != planned as usize {
            return Err(Failure::protocol(&format!(
                "the worker ended after {count} of {planned} steps without a reason"
            )));
        }
        if said.end == End::Completed {
            self.check_validated()?;
        }
        if bad_loss && count == 1 {
            let message = format!(
                "the first loss, before any update, is {}",
                self.steps.first().map_or(f64::NAN, |first| first.loss)
            );
            return Ok(WorkerMessage::Failed(Failure::new(
                FailureClass::NonFiniteStart,
                &message,
            )));
        }
        let steps = std::mem::take(&mut self.steps);
        let curve = Curve { steps, end: said.end };
        if said.end == End::StoppedEarly && !have_fired(&curve.losses(), &self.early_stops) {
            return Err(Failure::protocol(
                "the worker stopped early, before every stop rule had fired",
            ));
        }
        Ok(WorkerMessage::Finished(curve))
    }
}

/// The beginning of a line as it may stand in a message.
pub(crate) fn beginning(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    text.chars().filter(|letter| !letter.is_control()).take(80).collect()
}
