//! What a worker may say about a trial, and in which order.

use crate::failure::Failure;
use crate::store::plan::have_fired;
use seedband_core::files::curve::{Curve, End, Step};
use seedband_core::protocol::{Event, FailureClass, Finished, Started, StepDone, Train};
use seedband_core::range_test::EarlyStop;
use seedband_core::step_plan::StepPlan;
use seedband_core::trial::Trial;

/// The conversation about one trial so far. Pure: takes lines, gives what they mean.
#[derive(Debug)]
pub(crate) struct Transcript {
    trial: Trial,
    early_stops: Vec<EarlyStop>,
    /// Known once the worker has started.
    course: Option<StepPlan>,
    steps: Vec<Step>,
}

/// Fingerprints of what a trial starts from, as far as the worker says them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Seen {
    pub(crate) data: Option<String>,
    pub(crate) weights: Option<String>,
}

/// What a line means.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    /// Training begins.
    Started {
        /// Steps planned.
        steps: u32,
        /// What the worker sees before it.
        seen: Seen,
    },
    /// One more step.
    Step(Step),
    /// The curve is whole.
    Finished(Curve),
    /// The worker gives up on the trial.
    Failed(Failure),
}

impl Transcript {
    pub(crate) fn new(train: &Train) -> Self {
        Self {
            trial: train.trial.clone(),
            early_stops: train.early_stops.clone(),
            course: None,
            steps: Vec::new(),
        }
    }

    /// Whether the worker has said anything allowed about the trial.
    pub(crate) fn has_begun(&self) -> bool {
        self.course.is_some()
    }

    /// Takes one line.
    ///
    /// # Errors
    /// Whatever the protocol does not allow, as a failure of class `Protocol`. What is accepted as finished here is also accepted by the plan of
    /// the next run, so a trial is never run for ever.
    pub(crate) fn hear(&mut self, line: &[u8]) -> Result<Heard, Failure> {
        let event: Event = serde_json::from_slice(line).map_err(|error| {
            let text = String::from_utf8_lossy(line);
            let start: String = text.chars().filter(|letter| !letter.is_control()).take(80).collect();
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
            Event::Failed(failed) => Ok(Heard::Failed(Failure::new(failed.class, &failed.message))),
            Event::Step(step) => self.step(&step).map(Heard::Step),
            Event::Finished(finished) => self.finish(&finished),
        }
    }

    fn start(&mut self, started: Started) -> Result<Heard, Failure> {
        if self.course.is_some() {
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
        let course = StepPlan::new(&self.trial, epoch)
            .map_err(|invalid| Failure::new(FailureClass::BadStudy, &invalid.to_string()))?;
        if started.steps != course.planned() {
            return Err(Failure::protocol(&format!(
                "the worker plans {} steps where the study has {}",
                started.steps,
                course.planned()
            )));
        }
        self.course = Some(course);
        Ok(Heard::Started {
            steps: started.steps,
            seen: Seen {
                data: started.data,
                weights: started.weights,
            },
        })
    }

    /// The course of a trial that has begun.
    fn course(&self) -> Result<&StepPlan, Failure> {
        let course = self.course.as_ref();
        course.ok_or_else(|| Failure::protocol("the worker did not say `started` first"))
    }

    fn step(&mut self, said: &StepDone) -> Result<Step, Failure> {
        let planned = self.course()?.planned();
        let expected = self.steps.len();
        if said.step as usize != expected {
            return Err(Failure::protocol(&format!(
                "the worker sent step {} where step {expected} was expected",
                said.step
            )));
        }
        if expected == planned as usize {
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
        if let Some(evaluation) = said.validation.filter(|evaluation| !evaluation.is_possible()) {
            return Err(Failure::protocol(&format!(
                "the worker sent a validation accuracy of `{}`, which is not from 0 to 1",
                evaluation.accuracy
            )));
        }
        let step = Step {
            step: said.step,
            lr: said.lr,
            loss: said.loss,
            validation: said.validation,
        };
        self.steps.push(step);
        Ok(step)
    }

    /// `Err` when training went on after a step without the validation that was due.
    fn check_validated(&self) -> Result<(), Failure> {
        let course = self.course()?;
        match self.steps.last() {
            Some(last) if last.validation.is_none() && course.is_validated(last.step) => {
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

    fn finish(&mut self, said: &Finished) -> Result<Heard, Failure> {
        let planned = self.course()?.planned();
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
            return Ok(Heard::Failed(Failure::new(FailureClass::NonFiniteStart, &message)));
        }
        let steps = std::mem::take(&mut self.steps);
        let curve = Curve { steps, end: said.end };
        if said.end == End::StoppedEarly && !have_fired(&curve.losses(), &self.early_stops) {
            return Err(Failure::protocol(
                "the worker stopped early, before every stop rule had fired",
            ));
        }
        Ok(Heard::Finished(curve))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::files::curve::Evaluation;
    use seedband_core::protocol::{Ready, to_line};
    use seedband_core::range_test::{Smoothing, SmoothingKind, Stop};
    use seedband_core::recipe::Recipe;
    use seedband_core::settings::Validation;
    use seedband_core::train::{Policy, StartWeights, TrainPlan};
    use seedband_core::trial::TrialId;

    fn train() -> Train {
        let mut recipe = Recipe::default();
        recipe.schedule.steps = 3;
        let smoothing = Smoothing {
            kind: SmoothingKind::None,
            ..Smoothing::default()
        };
        Train {
            trial: Trial::new("a", 0, &recipe),
            data_path: None,
            weights_path: None,
            init_path: None,
            early_stops: vec![EarlyStop {
                smoothing,
                stop: Stop::default(),
            }],
        }
    }

    fn started(steps: u32) -> Event {
        Event::Started(Started {
            trial: train().trial.id,
            steps,
            parameters: None,
            data: None,
            epoch: None,
            weights: None,
        })
    }

    fn step(step: u32, loss: f64) -> Event {
        Event::Step(StepDone {
            trial: train().trial.id,
            step,
            lr: 0.1,
            loss,
            validation: None,
        })
    }

    fn validated(number: u32, loss: f64, accuracy: f64) -> Event {
        Event::Step(StepDone {
            trial: train().trial.id,
            step: number,
            lr: 0.1,
            loss: 1.0,
            validation: Some(Evaluation { loss, accuracy }),
        })
    }

    fn finished(end: End, steps: u32) -> Event {
        Event::Finished(Finished {
            trial: train().trial.id,
            end,
            steps,
        })
    }

    /// What the last of these events means.
    fn last(events: &[Event]) -> Result<Heard, Failure> {
        let mut transcript = Transcript::new(&train());
        let mut heard = Err(Failure::protocol("nothing"));
        for event in events {
            heard = transcript.hear(to_line(event).trim_end().as_bytes());
            if heard.is_err() {
                break;
            }
        }
        heard
    }

    #[test]
    fn the_three_ends() {
        let curve = |events: &[Event]| match last(events) {
            Ok(Heard::Finished(curve)) => (curve.end, curve.losses().len()),
            other => panic!("{other:?}"),
        };
        let all = [
            started(3),
            step(0, 1.0),
            step(1, 1.0),
            step(2, 9.0),
            finished(End::Completed, 3),
        ];
        assert_eq!(curve(&all), (End::Completed, 3));
        assert_eq!(
            curve(&[started(3), step(0, 1.0), step(1, 9.0), finished(End::StoppedEarly, 2)]),
            (End::StoppedEarly, 2)
        );
        assert_eq!(
            curve(&[started(3), step(0, 1.0), step(1, f64::NAN), finished(End::NonFinite, 2)]),
            (End::NonFinite, 2)
        );
    }

    #[test]
    fn a_loss_that_is_not_finite_from_the_start_is_no_curve() {
        let expected = Failure {
            class: FailureClass::NonFiniteStart,
            message: "the first loss, before any update, is inf".into(),
        };
        let heard = last(&[started(3), step(0, f64::INFINITY), finished(End::NonFinite, 1)]);
        assert_eq!(heard, Ok(Heard::Failed(expected)));
    }

    #[test]
    fn a_failure_may_come_at_any_time() {
        let failed = Event::Failed(seedband_core::protocol::Failed {
            trial: train().trial.id,
            class: FailureClass::OutOfMemory,
            message: "two\nlines".into(),
        });
        let expected = Heard::Failed(Failure {
            class: FailureClass::OutOfMemory,
            message: "two; lines".into(),
        });
        assert_eq!(last(std::slice::from_ref(&failed)), Ok(expected));
        assert!(matches!(
            last(&[started(3), step(0, 1.0), failed]),
            Ok(Heard::Failed(_))
        ));
    }

    #[test]
    fn what_is_not_allowed_is_named() {
        let ready = Event::Ready(Ready {
            protocol: 1,
            worker: "w".into(),
            device: "cpu".into(),
            libraries: vec![],
        });
        let stranger = Event::Step(StepDone {
            trial: TrialId::from("other".to_owned()),
            step: 0,
            lr: 0.1,
            loss: 1.0,
            validation: None,
        });
        let nan = f64::NAN;
        let cases: [(&[Event], &str); 15] = [
            (&[ready], "`ready` in the middle"),
            (&[step(0, 1.0)], "did not say `started`"),
            (&[finished(End::Completed, 0)], "did not say `started`"),
            (&[started(3), started(3)], "twice"),
            (&[started(4)], "plans 4 steps where the study has 3"),
            (&[started(3), stranger], "trial `other`"),
            (&[started(3), step(1, 1.0)], "step 1 where step 0"),
            (&[started(3), validated(0, 1.0, 1.1)], "accuracy of `1.1`"),
            (&[started(3), validated(0, 1.0, -0.1)], "accuracy of `-0.1`"),
            (
                &[started(3), step(0, 1.0), step(1, 1.0), step(2, 1.0), step(3, 1.0)],
                "more than the 3 steps",
            ),
            (
                &[started(3), step(0, nan), step(1, 1.0)],
                "after a loss that is not finite",
            ),
            (
                &[started(3), step(0, 1.0), finished(End::Completed, 2)],
                "counts 2 steps, it sent 1",
            ),
            (
                &[started(3), step(0, nan), finished(End::Completed, 1)],
                "does not fit the last loss",
            ),
            (
                &[started(3), step(0, 1.0), finished(End::Completed, 1)],
                "after 1 of 3 steps",
            ),
            (
                &[started(3), step(0, 1.0), step(1, 2.0), finished(End::StoppedEarly, 2)],
                "before every stop rule had fired",
            ),
        ];
        for (events, expected) in cases {
            let failure = last(events).unwrap_err();
            assert_eq!(failure.class, FailureClass::Protocol);
            assert!(failure.message.contains(expected), "{}", failure.message);
        }
    }

    #[test]
    fn a_validation_is_passed_on_and_missed() {
        let mut train = train();
        train.trial.recipe.validation.every = 2;
        let hear = |events: &[Event]| {
            let mut transcript = Transcript::new(&train);
            let heard = events
                .iter()
                .map(|event| transcript.hear(to_line(event).trim_end().as_bytes()));
            heard.last().unwrap()
        };
        let whole = [
            started(3),
            step(0, 1.0),
            validated(1, f64::INFINITY, 0.25),
            validated(2, 2.0, 1.0),
            finished(End::Completed, 3),
        ];
        let Ok(Heard::Finished(curve)) = hear(&whole) else {
            panic!("{:?}", hear(&whole))
        };
        let evaluations: Vec<_> = curve.steps.iter().map(|step| step.validation).collect();
        let evaluation = |loss, accuracy| Some(Evaluation { loss, accuracy });
        assert_eq!(
            evaluations,
            [None, evaluation(f64::INFINITY, 0.25), evaluation(2.0, 1.0)]
        );
        let missed = |events: &[Event], step: u32| {
            let expected = format!("no validation after step {step}, and the study has `validation.every = 2`");
            let failure = hear(events).unwrap_err();
            assert!(failure.message.contains(&expected), "{}", failure.message);
        };
        missed(&[started(3), step(0, 1.0), step(1, 1.0), step(2, 1.0)], 1);
        missed(
            &[
                started(3),
                step(0, 1.0),
                validated(1, 1.0, 0.5),
                step(2, 1.0),
                finished(End::Completed, 3),
            ],
            2,
        );
        // A step that ends training early has no update, so nothing to evaluate.
        let ended = [started(3), step(0, 1.0), step(1, f64::NAN), finished(End::NonFinite, 2)];
        assert!(hear(&ended).is_ok());
    }

    /// Two epochs of two steps.
    fn trained(events: &[Event]) -> Result<Heard, Failure> {
        let range_test = train().trial;
        let plan = TrainPlan {
            name: "train".into(),
            range_test: range_test.id.clone(),
            epochs: Some(2),
            steps: None,
            lr: 0.1,
            floor: None,
            policy: Policy::default(),
            weights: StartWeights::Same,
            validation: Validation::default(),
        };
        let train = Train {
            trial: Trial::of_training(range_test, plan),
            ..train()
        };
        let mut transcript = Transcript::new(&train);
        let of_trial = |event: &Event| to_line(event).replace(self::train().trial.id.as_str(), train.trial.id.as_str());
        let heard = events
            .iter()
            .map(|event| transcript.hear(of_trial(event).trim_end().as_bytes()));
        heard.last().unwrap()
    }

    #[test]
    fn a_training_is_as_long_as_the_worker_says_its_epochs_are() {
        let started = |steps, epoch| match started(steps) {
            Event::Started(started) => Event::Started(Started { epoch, ..started }),
            other => other,
        };
        let message = |events: &[Event]| trained(events).unwrap_err().message;
        assert!(message(&[started(4, None)]).contains("how many steps an epoch has"));
        assert!(message(&[started(4, Some(0))]).contains("an epoch has no step"));
        assert!(message(&[started(4, Some(3))]).contains("plans 4 steps where the study has 6"));
        let both = [
            step(0, 1.0),
            validated(1, 1.0, 0.5),
            step(2, 1.0),
            validated(3, 1.0, 0.5),
        ];
        let whole = |steps: &[Event]| [&[started(4, Some(2))][..], steps, &[finished(End::Completed, 4)]].concat();
        assert!(matches!(trained(&whole(&both)), Ok(Heard::Finished(_))));
        let missed = [step(0, 1.0), validated(1, 1.0, 0.5), step(2, 1.0), step(3, 1.0)];
        assert!(
            message(&whole(&missed)).contains("no validation after step 3, and a training has one after each epoch")
        );
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_answered(line in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let heard = Transcript::new(&train()).hear(&line);
            proptest::prop_assert!(heard.is_err());
        }
    }
}
