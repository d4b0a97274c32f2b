//! When a trial may end before its last step: one definition for the trainer that ends it and for whoever judges what
//! it left.

use super::{Signal, Smoother, Smoothing, SmoothingKind, Stop, Watcher};
use crate::Invalid;
use serde::{Deserialize, Serialize};

/// A stop rule with the smoothing it looks through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EarlyStop {
    /// The smoothing.
    pub smoothing: Smoothing,
    /// The stop rule.
    pub stop: Stop,
}

impl EarlyStop {
    /// The stop rule as it can be watched while training goes on, with every default written out. Where it watches the
    /// raw loss it needs no smoothing; beside a smoothing that looks ahead it always does, or never fires, since
    /// anything else does not validate.
    pub fn new(smoothing: &Smoothing, stop: &Stop) -> Self {
        let online = if stop.signal == Some(Signal::Raw) || smoothing.looks_ahead() {
            Smoothing {
                kind: SmoothingKind::None,
                ..Smoothing::default()
            }
        } else {
            smoothing.explicit()
        };
        Self {
            smoothing: online,
            stop: stop.explicit(),
        }
    }
}

/// The early stops of a trial, watched together while its losses come in. With none of them a trial never ends early.
#[derive(Debug)]
pub struct EarlyStops(Vec<Watched>);

#[derive(Debug)]
struct Watched {
    smoother: Smoother,
    watcher: Watcher,
    fired: bool,
}

impl EarlyStops {
    /// The rules, none of which has seen a loss yet.
    ///
    /// # Errors
    /// A smoothing or stop rule with a setting out of its range.
    pub fn new(rules: &[EarlyStop]) -> Result<Self, Invalid> {
        let watched = rules.iter().map(|rule| {
            rule.smoothing.validate().map_err(|error| error.under("smoothing"))?;
            rule.stop.validate().map_err(|error| error.under("stop"))?;
            Ok(Watched {
                smoother: rule.smoothing.smoother(),
                watcher: rule.stop.watcher(),
                fired: false,
            })
        });
        watched.collect::<Result<_, _>>().map(Self)
    }

    /// Takes the loss of the next step; true once every rule has fired at some step.
    pub fn push(&mut self, loss: f64) -> bool {
        for rule in &mut self.0 {
            let smoothed = rule.smoother.push(loss);
            rule.fired |= rule.watcher.push(loss, smoothed);
        }
        self.have_fired()
    }

    /// Whether every rule has fired within the losses seen so far.
    pub fn have_fired(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|rule| rule.fired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(factor: f64) -> EarlyStop {
        EarlyStop {
            smoothing: Smoothing {
                kind: SmoothingKind::None,
                ..Smoothing::default()
            },
            stop: Stop {
                factor: Some(factor),
                ..Stop::default()
            },
        }
    }

    fn first(rules: &[EarlyStop], losses: &[f64]) -> Option<usize> {
        let mut rules = EarlyStops::new(rules).unwrap();
        losses.iter().position(|loss| rules.push(*loss))
    }

    #[test]
    fn the_laxest_rule_decides() {
        let losses = [1.0, 2.5, 1.0, 5.5, 1.0];
        assert_eq!(first(&[rule(2.0)], &losses), Some(1));
        assert_eq!(first(&[rule(2.0), rule(5.0)], &losses), Some(3));
        assert_eq!(first(&[rule(2.0), rule(6.0)], &losses), None);
        assert_eq!(first(&[], &losses), None);
    }

    #[test]
    fn a_rule_out_of_range_is_an_error() {
        assert_eq!(EarlyStops::new(&[rule(0.5)]).unwrap_err().key, "stop.factor");
    }
}
