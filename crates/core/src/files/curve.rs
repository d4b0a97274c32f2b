//! The raw curve of a trial: what `curve.jsonl` holds.
//!
//! One line a step, then one line that says how the curve ended:
//!
//! ```text
//! {"step":0,"lr":1e-7,"loss":2.4061}
//! {"step":1,"lr":1.2e-7,"loss":2.3987}
//! {"end":"completed","steps":2}
//! ```
//!
//! A step after which the network was evaluated has `"validation-loss":2.41,"validation-accuracy":0.11` too.
//!
//! Floats are shortest round-trip decimals and nothing but the seed's doing is in the file, so two runs of a trial give equal bytes. The last
//! line is what makes a curve whole: a file without it is not a finished trial.

use crate::files::fsio;
use crate::files::fsio::FsError;
use crate::number;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// One step of training.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Line", into = "Line")]
pub struct Step {
    /// Counted from 0.
    pub step: u32,
    /// The learning rate in the optimizer during this step.
    pub lr: f64,
    /// Training loss of this step's batch before its update. Not finite only in the last step of a curve that ended `non-finite`.
    pub loss: f64,
    /// Evaluation after this step's update, where there was one.
    pub validation: Option<Evaluation>,
}

/// What a network is worth on the validation images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Evaluation {
    /// Mean cross-entropy in nats, plus the penalties where the training loss is shown with them. May be infinite or NaN, which does not end the curve.
    #[serde(with = "number")]
    pub loss: f64,
    /// Share of the images whose class has the largest logit, from 0 to 1.
    pub accuracy: f64,
}

impl Evaluation {
    /// Whether the accuracy is a share.
    pub fn is_possible(&self) -> bool {
        (0.0..=1.0).contains(&self.accuracy)
    }
}

/// A step as it stands in the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Line {
    step: u32,
    lr: f64,
    #[serde(with = "number")]
    loss: f64,
    #[serde(with = "number::option", skip_serializing_if = "Option::is_none", default)]
    validation_loss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    validation_accuracy: Option<f64>,
}

impl From<Step> for Line {
    fn from(step: Step) -> Self {
        Self {
            step: step.step,
            lr: step.lr,
            loss: step.loss,
            validation_loss: step.validation.map(|evaluation| evaluation.loss),
            validation_accuracy: step.validation.map(|evaluation| evaluation.accuracy),
        }
    }
}

impl TryFrom<Line> for Step {
    type Error = String;

    fn try_from(line: Line) -> Result<Self, String> {
        let validation = match (line.validation_loss, line.validation_accuracy) {
            (None, None) => None,
            (Some(loss), Some(accuracy)) => Some(Evaluation { loss, accuracy }),
            _ => return Err("`validation-loss` and `validation-accuracy` only come together".into()),
        };
        if let Some(evaluation) = validation.filter(|evaluation| !evaluation.is_possible()) {
            return Err(format!(
                "`validation-accuracy` is `{}`, and it has to be from 0 to 1",
                evaluation.accuracy
            ));
        }
        Ok(Self {
            step: line.step,
            lr: line.lr,
            loss: line.loss,
            validation,
        })
    }
}

/// How a curve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Every planned step was trained.
    Completed,
    /// Every stop rule in use had fired, so training on would have changed nothing.
    #[serde(rename = "halted")]
    StoppedEarly,
    /// The loss of the last step was infinite or NaN.
    NonFinite,
}

impl End {
    /// The name as it stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::StoppedEarly => "halted",
            Self::NonFinite => "non-finite",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Footer {
    end: End,
    steps: u32,
}

/// A whole curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Steps 0, 1, 2, … without a gap.
    pub steps: Vec<Step>,
    /// How it ended.
    pub end: End,
}

/// A curve file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CurveError {
    /// The file cannot be read.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// A line is not what it should be.
    #[error("line {line} of a curve is not valid: {problem}")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// The last line, which says how the curve ended, is missing.
    #[error("a curve has no last line: its trial did not finish")]
    Unfinished,
}

impl Curve {
    /// The losses by step.
    pub fn losses(&self) -> Vec<f64> {
        self.steps.iter().map(|step| step.loss).collect()
    }

    /// The text of `curve.jsonl`.
    pub fn to_jsonl(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            push_line(&mut text, step);
        }
        push_line(
            &mut text,
            &Footer {
                end: self.end,
                steps: self.steps.len() as u32,
            },
        );
        text
    }

    /// Parses the text of `curve.jsonl`.
    ///
    /// # Errors
    /// A line that is no step, a gap in the steps, a non-finite loss before the last step or under another end, a missing last line, or
    /// lines after it.
    pub fn parse(text: &str) -> Result<Self, CurveError> {
        let mut steps: Vec<Step> = Vec::new();
        let mut lines = text.lines().enumerate();
        let wrong = |line: usize, problem: String| CurveError::Line {
            line: line + 1,
            problem,
        };
        while let Some((number, line)) = lines.next() {
            if line.starts_with("{\"end\"") {
                let footer: Footer = serde_json::from_str(line).map_err(|error| wrong(number, error.to_string()))?;
                if footer.steps as usize != steps.len() {
                    return Err(wrong(
                        number,
                        format!("it counts {} steps, there are {}", footer.steps, steps.len()),
                    ));
                }
                if let Some((number, _)) = lines.next() {
                    return Err(wrong(number, "the curve has ended on the line before".into()));
                }
                let bad_loss = steps.last().is_some_and(|step| !step.loss.is_finite());
                if bad_loss != (footer.end == End::NonFinite) {
                    return Err(wrong(number, "the end does not fit the last loss".into()));
                }
                return Ok(Self { steps, end: footer.end });
            }
            let step: Step = serde_json::from_str(line).map_err(|error| wrong(number, error.to_string()))?;
            if step.step as usize != steps.len() {
                return Err(wrong(
                    number,
                    format!("step {} where step {} was expected", step.step, steps.len()),
                ));
            }
            if steps.last().is_some_and(|last| !last.loss.is_finite()) {
                return Err(wrong(number, "a step after a loss that is not finite".into()));
            }
            steps.push(step);
        }
        Err(CurveError::Unfinished)
    }

    /// Reads a curve file.
    pub fn read(path: &Path) -> Result<Self, CurveError> {
        Self::parse(&fsio::read(path)?)
    }

    /// Writes a curve file, whole.
    pub fn write(&self, path: &Path) -> Result<(), FsError> {
        fsio::write_atomic(path, self.to_jsonl().as_bytes())
    }
}

fn push_line<T: Serialize>(text: &mut String, value: &T) {
    // Plain structs of numbers and names always serialise.
    text.push_str(&serde_json::to_string(value).unwrap_or_default());
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::num::f64::{INFINITE, NORMAL};
    use proptest::prelude::*;

    fn curve(losses: &[f64], end: End) -> Curve {
        let steps = losses
            .iter()
            .zip(0..)
            .map(|(&loss, step)| Step {
                step,
                lr: 1e-7,
                loss,
                validation: None,
            })
            .collect();
        Curve { steps, end }
    }

    #[test]
    fn text_is_stable() {
        let text = curve(&[0.1 + 0.2, f64::INFINITY], End::NonFinite).to_jsonl();
        assert_eq!(
            text,
            "{\"step\":0,\"lr\":1e-7,\"loss\":0.30000000000000004}\n{\"step\":1,\"lr\":1e-7,\"loss\":\"Infinity\"}\n{\"end\":\"non-finite\",\"steps\":2}\n"
        );
    }

    #[test]
    fn validation_follows_the_loss() {
        let mut curve = curve(&[2.5, 2.25], End::Completed);
        curve.steps[0].validation = Some(Evaluation {
            loss: f64::NAN,
            accuracy: 0.1,
        });
        let text = curve.to_jsonl();
        assert_eq!(
            text,
            "{\"step\":0,\"lr\":1e-7,\"loss\":2.5,\"validation-loss\":\"NaN\",\"validation-accuracy\":0.1}\n{\"step\":1,\"lr\":1e-7,\"loss\":2.25}\n{\"end\":\"completed\",\"steps\":2}\n"
        );
        assert_eq!(Curve::parse(&text).unwrap().to_jsonl(), text);
    }

    #[test]
    fn cut_at_every_byte_is_an_error_and_never_a_shorter_curve() {
        let text = curve(&[2.5, 2.25, 2.0], End::Completed).to_jsonl();
        for length in 0..text.len() - 1 {
            assert!(Curve::parse(&text[..length]).is_err(), "{length}");
        }
        // Without its last newline the last line is still whole.
        assert!(Curve::parse(text.trim_end()).is_ok());
    }

    #[test]
    fn refuses_gaps_and_contradictions() {
        for text in [
            "{\"step\":1,\"lr\":1.0,\"loss\":1.0}\n{\"end\":\"completed\",\"steps\":1}",
            "{\"step\":0,\"lr\":1.0,\"loss\":1.0}\n{\"end\":\"completed\",\"steps\":2}",
            "{\"step\":0,\"lr\":1.0,\"loss\":\"NaN\"}\n{\"end\":\"completed\",\"steps\":1}",
            "{\"end\":\"completed\",\"steps\":0}\n{\"end\":\"completed\",\"steps\":0}",
            "{\"step\":0,\"lr\":1.0,\"loss\":1.0,\"validation-loss\":1.0}\n{\"end\":\"completed\",\"steps\":1}",
            "{\"step\":0,\"lr\":1.0,\"loss\":1.0,\"validation-accuracy\":0.5}\n{\"end\":\"completed\",\"steps\":1}",
            "{\"step\":0,\"lr\":1.0,\"loss\":1.0,\"validation-loss\":1.0,\"validation-accuracy\":1.5}\n{\"end\":\"completed\",\"steps\":1}",
        ] {
            assert!(matches!(Curve::parse(text), Err(CurveError::Line { .. })), "{text}");
        }
    }

    proptest! {
        #[test]
        fn round_trips(steps in proptest::collection::vec((NORMAL, proptest::option::of((NORMAL | INFINITE, 0.0..=1.0))), 0..50)) {
            let (losses, validations): (Vec<f64>, Vec<Option<(f64, f64)>>) = steps.into_iter().unzip();
            let mut written = curve(&losses, End::Completed);
            for (step, validation) in written.steps.iter_mut().zip(validations) {
                step.validation = validation.map(|(loss, accuracy)| Evaluation { loss, accuracy });
            }
            prop_assert_eq!(Curve::parse(&written.to_jsonl()).unwrap(), written);
        }

        #[test]
        fn any_text_is_answered(text in ".{0,200}") {
            let _ = Curve::parse(&text);
        }
    }
}
