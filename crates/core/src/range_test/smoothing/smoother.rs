//! Averaging losses one by one.

use super::{Form, Smoothing, SmoothingKind, Start};

/// A smoothing at work: takes losses one by one.
#[derive(Debug, Clone)]
pub struct Smoother {
    kind: SmoothingKind,
    beta: f64,
    start: Start,
    ahead: u32,
    form: Form,
    average: f64,
    seen: u64,
}

impl Smoother {
    /// One that has seen nothing yet, of a smoothing with its defaults written out.
    pub(super) fn new(smoothing: &Smoothing) -> Self {
        Self {
            kind: smoothing.kind,
            beta: smoothing.beta.unwrap_or_default(),
            start: smoothing.start.unwrap_or(Start::Zero),
            ahead: smoothing.ahead.unwrap_or_default(),
            form: smoothing.form.unwrap_or(Form::Plain),
            average: 0.0,
            seen: 0,
        }
    }

    /// Takes the loss of the next step and gives its smoothed loss. NaN and infinities are averaged like any value and
    /// stay.
    pub fn push(&mut self, loss: f64) -> f64 {
        if self.kind != SmoothingKind::Ema {
            return loss;
        }
        let first = self.seen == 0;
        self.seen += 1;
        match self.start {
            Start::First if first => {
                self.average = loss;
                loss
            }
            Start::First => {
                self.average = self.mix(loss);
                self.average
            }
            Start::Zero => {
                self.average = self.mix(loss);
                self.average / (1.0 - self.beta.powf((self.seen + u64::from(self.ahead)) as f64))
            }
        }
    }

    /// The average after one more loss.
    fn mix(&self, loss: f64) -> f64 {
        let (beta, average) = (self.beta, self.average);
        match self.form {
            Form::Plain => beta * average + (1.0 - beta) * loss,
            Form::Lerp if beta >= 0.5 => average - (1.0 - beta) * (average - loss),
            Form::Lerp => loss + beta * (average - loss),
        }
    }
}
