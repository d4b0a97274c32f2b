//! What the data of a study looked like, so that a study is never trained half on one data set and half on another.

use seedband_core::files::journal::{Change, Entry};
use seedband_core::settings::Data;
use seedband_core::trial::{Trial, TrialId};
use std::collections::HashMap;

/// The first fingerprint seen of each data set.
#[derive(Debug, Default)]
pub(crate) struct DataCheck(Vec<(Data, String)>);

impl DataCheck {
    /// The fingerprints that earlier runs saw, oldest entry first.
    pub(crate) fn of_journal<'a>(entries: &[Entry], trials: impl Iterator<Item = &'a Trial>) -> Self {
        let data: HashMap<&TrialId, &Data> = trials.map(|trial| (&trial.id, &trial.recipe.trainer.data)).collect();
        let mut check = Self::default();
        for entry in entries {
            if let (Change::Finished { data: Some(seen), .. }, Some(data)) = (&entry.change, data.get(&entry.trial)) {
                // Where earlier runs disagree the first one counts, as below.
                let _ = check.check(data, seen);
            }
        }
        check
    }

    /// Compares what a worker saw with what was seen first; the first time it is taken down.
    ///
    /// # Errors
    /// A line for the user, if they differ.
    pub(crate) fn check(&mut self, data: &Data, seen: &str) -> Result<(), String> {
        let identity = data.identity();
        let Some((_, first)) = self.0.iter().find(|(known, _)| *known == identity) else {
            self.0.push((identity, seen.to_owned()));
            return Ok(());
        };
        if first == seen {
            return Ok(());
        }
        let short = |digits: &str| digits.chars().take(12).collect::<String>();
        Err(format!(
            "the data differs from what the study was run on (fingerprint `{}`, before `{}`); restore it, or use \
             another results folder",
            short(seen),
            short(first)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::files::curve::End;
    use seedband_core::recipe::Recipe;

    #[test]
    fn data_is_compared_with_earlier_runs_and_by_identity() {
        let mut recipe = Recipe::default();
        recipe.trainer.data.seed = Some(1);
        let trial = Trial::new("a", 0, &recipe);
        let finished = |data: &str| Entry {
            at: jiff::Timestamp::UNIX_EPOCH,
            trial: trial.id.clone(),
            attempt: 1,
            change: Change::Finished {
                end: End::Completed,
                steps: 1,
                data: Some(data.into()),
                weights: None,
            },
        };
        let entries = [finished("aaaa"), finished("bbbb")];
        let mut check = DataCheck::of_journal(&entries, std::iter::once(&trial));
        assert!(check.check(&trial.recipe.trainer.data, "aaaa").is_ok());
        let message = check.check(&trial.recipe.trainer.data, "bbbb").unwrap_err();
        assert!(message.contains("differs from what the study was run on (fingerprint `bbbb`, before `aaaa`)"));
        assert!(check.check(&Data::default(), "bbbb").is_ok());
    }
}
