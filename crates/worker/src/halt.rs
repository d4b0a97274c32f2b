//! When training may end before its last step.

use seedband_core::Invalid;
use seedband_core::protocol::Halt;
use seedband_core::range_test::{Smoother, Watcher};

/// The stop rules of a trial at work. No rule at all never halts.
#[derive(Debug)]
pub struct Halts(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    smoother: Smoother,
    watcher: Watcher,
    fired: bool,
}

impl Halts {
    /// The rules, none of which has seen a loss yet.
    ///
    /// # Errors
    /// A smoothing or stop rule with a setting out of its range.
    pub fn new(halts: &[Halt]) -> Result<Self, Invalid> {
        let rules = halts.iter().map(|halt| {
            halt.smoothing.validate().map_err(|error| error.under("smoothing"))?;
            halt.stop.validate().map_err(|error| error.under("stop"))?;
            Ok(Rule {
                smoother: halt.smoothing.smoother(),
                watcher: halt.stop.watcher(),
                fired: false,
            })
        });
        rules.collect::<Result<_, _>>().map(Self)
    }

    /// Takes the loss of the next step; true once every rule has fired at some step.
    pub fn push(&mut self, loss: f64) -> bool {
        for rule in &mut self.0 {
            let smoothed = rule.smoother.push(loss);
            rule.fired |= rule.watcher.push(loss, smoothed);
        }
        !self.0.is_empty() && self.0.iter().all(|rule| rule.fired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::range_test::{Smoothing, SmoothingKind, Stop};

    fn halt(factor: f64) -> Halt {
        Halt {
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

    fn first(halts: &[Halt], losses: &[f64]) -> Option<usize> {
        let mut halts = Halts::new(halts).unwrap();
        losses.iter().position(|loss| halts.push(*loss))
    }

    #[test]
    fn the_laxest_rule_decides() {
        let losses = [1.0, 2.5, 1.0, 5.5, 1.0];
        assert_eq!(first(&[halt(2.0)], &losses), Some(1));
        assert_eq!(first(&[halt(2.0), halt(5.0)], &losses), Some(3));
        assert_eq!(first(&[halt(2.0), halt(6.0)], &losses), None);
        assert_eq!(first(&[], &losses), None);
    }

    #[test]
    fn a_rule_out_of_range_is_an_error() {
        assert_eq!(Halts::new(&[halt(0.5)]).unwrap_err().key, "stop.factor");
    }
}
