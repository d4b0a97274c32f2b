//! A whole curve, and its file.

use super::end::End;
use super::step::Step;
use crate::files::fsio;
use crate::files::fsio::FsError;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The last line.
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
    /// A line that is no step, a gap in the steps, a non-finite loss before the last step or under another end, a
    /// missing last line, or lines after it.
    pub fn parse(text: &str) -> Result<Self, CurveError> {
        let mut steps: Vec<Step> = Vec::new();
        let mut lines = text.lines().zip(1..);
        for (line, number) in &mut lines {
            let wrong = |problem| CurveError::Line { line: number, problem };
            if line.starts_with("{\"end\"") {
                let end = ended(line, &steps).map_err(wrong)?;
                return match lines.next() {
                    None => Ok(Self { steps, end }),
                    Some((_, line)) => Err(CurveError::Line {
                        line,
                        problem: "the curve has ended on the line before".into(),
                    }),
                };
            }
            let step = next(line, &steps).map_err(wrong)?;
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

/// The end that the last line says, if it fits the steps.
fn ended(line: &str, steps: &[Step]) -> Result<End, String> {
    let footer: Footer = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if footer.steps as usize != steps.len() {
        return Err(format!("it counts {} steps, there are {}", footer.steps, steps.len()));
    }
    let bad_loss = steps.last().is_some_and(|step| !step.loss.is_finite());
    if bad_loss != (footer.end == End::NonFinite) {
        return Err("the end does not fit the last loss".into());
    }
    Ok(footer.end)
}

/// The step that a line says, if it may follow these.
fn next(line: &str, steps: &[Step]) -> Result<Step, String> {
    let step: Step = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if step.step as usize != steps.len() {
        return Err(format!("step {} where step {} was expected", step.step, steps.len()));
    }
    if steps.last().is_some_and(|last| !last.loss.is_finite()) {
        return Err("a step after a loss that is not finite".into());
    }
    Ok(step)
}

fn push_line<T: Serialize>(text: &mut String, value: &T) {
    // Plain structs of numbers and names always serialise.
    text.push_str(&serde_json::to_string(value).unwrap_or_default());
    text.push('\n');
}
