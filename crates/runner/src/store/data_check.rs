//! What the data of a study looked like, so that a study is never trained half on one data set and half on another.

use seedband_core::files::journal::{Change, Entry};
use seedband_core::settings::Data;
use seedband_core::trainer::{Program, Trainer};
use seedband_core::trial::{Trial, TrialId};
use std::collections::HashMap;

/// The first fingerprint seen of each data set.
#[derive(Debug, Default)]
pub(crate) struct DataCheck(Vec<(DataSource, String)>);

/// What says which data a trial is trained on.
#[derive(Debug, PartialEq)]
enum DataSource {
    /// The settings of the built-in trainer.
    Settings(Data),
    /// The program itself.
    Program(Program),
    /// Nobody knows.
    Recorded,
}

impl From<&Trainer> for DataSource {
    fn from(trainer: &Trainer) -> Self {
        match trainer {
            Trainer::BuiltIn(settings) => Self::Settings(settings.data.identity()),
            Trainer::Program { trainer } => Self::Program(trainer.identity()),
            Trainer::Recorded { .. } => Self::Recorded,
        }
    }
}

impl DataCheck {
    /// The fingerprints that earlier runs saw, oldest entry first.
    pub(crate) fn of_journal<'a>(entries: &[Entry], trials: impl Iterator<Item = &'a Trial>) -> Self {
        let trainers: HashMap<&TrialId, &Trainer> = trials.map(|trial| (&trial.id, &trial.recipe.trainer)).collect();
        let mut check = Self::default();
        for entry in entries {
            let trainer = trainers.get(&entry.trial);
            if let (Change::Finished { data: Some(seen), .. }, Some(trainer)) = (&entry.change, trainer) {
                // Where earlier runs disagree the first one counts, as below.
                let _ = check.check(trainer, seen);
            }
        }
        check
    }

    /// Compares what a worker saw with what was seen first; the first time it is taken down.
    ///
    /// # Errors
    /// A line for the user, if they differ.
    pub(crate) fn check(&mut self, trainer: &Trainer, seen: &str) -> Result<(), String> {
        let source = DataSource::from(trainer);
        let Some((_, first)) = self.0.iter().find(|(known, _)| *known == source) else {
            self.0.push((source, seen.to_owned()));
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
        recipe.trainer.built_in_mut().unwrap().data.seed = Some(1);
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
                parameters: None,
                batch_size: None,
            },
        };
        let entries = [finished("aaaa"), finished("bbbb")];
        let mut check = DataCheck::of_journal(&entries, std::iter::once(&trial));
        assert!(check.check(&trial.recipe.trainer, "aaaa").is_ok());
        let message = check.check(&trial.recipe.trainer, "bbbb").unwrap_err();
        assert!(message.contains("differs from what the study was run on (fingerprint `bbbb`, before `aaaa`)"));
        assert!(check.check(&Trainer::default(), "bbbb").is_ok());
    }
}
