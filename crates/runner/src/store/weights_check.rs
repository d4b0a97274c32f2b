//! From which weights each trial started: a training starts from those of its range test to the last bit, or from
//! others on purpose.

use seedband_core::files::journal::{Change, Entry};
use seedband_core::train::StartWeights;
use seedband_core::trial::{Trial, TrialId};
use std::collections::HashMap;

/// The fingerprint of each trial's initial weights; none where there is no training to compare with them.
#[derive(Debug)]
pub(crate) struct WeightsCheck(Option<HashMap<TrialId, String>>);

impl WeightsCheck {
    /// For a study without trainings.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// The fingerprints that earlier runs saw.
    pub(crate) fn of_journal(entries: &[Entry]) -> Self {
        let seen = entries.iter().filter_map(|entry| match &entry.change {
            Change::Finished {
                weights: Some(seen), ..
            } => Some((entry.trial.clone(), seen.clone())),
            _ => None,
        });
        Self(Some(seen.collect()))
    }

    /// Takes down what `trial` starts from, and compares a training with its range test. Where that is not known,
    /// because it was run by an earlier version, there is nothing to compare.
    ///
    /// # Errors
    /// A line for the user, if a training that starts from its range test's weights does not, or one that starts from
    /// others does.
    pub(crate) fn check(&mut self, trial: &Trial, seen: &str) -> Result<(), String> {
        let Some(known) = &mut self.0 else { return Ok(()) };
        known.insert(trial.id.clone(), seen.to_owned());
        let Some(plan) = &trial.training else { return Ok(()) };
        let Some(before) = known.get(&plan.range_test) else {
            return Ok(());
        };
        let short = |digits: &str| digits.chars().take(12).collect::<String>();
        match (plan.weights, before == seen) {
            (StartWeights::Same, true) | (StartWeights::Other, false) => Ok(()),
            (StartWeights::Same, false) => Err(format!(
                "the worker starts from other weights than in the range test (fingerprint `{}`, there `{}`)",
                short(seen),
                short(before)
            )),
            (StartWeights::Other, true) => Err(format!(
                "the worker starts from the weights of the range test (fingerprint `{}`), and the study asks for \
                 others",
                short(seen)
            )),
        }
    }
}
