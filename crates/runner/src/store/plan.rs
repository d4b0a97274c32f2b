//! Which trials are finished and which are to be run.

use seedband_core::files::curve::{Curve, CurveError, End};
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::{StudyDir, TrialDir, TrialIndex};
use seedband_core::protocol::Train;
use seedband_core::range_test::{EarlyStop, EarlyStops};
use seedband_core::trial::{Trial, TrialId};
use serde::Deserialize;
use std::io::ErrorKind;
use std::path::PathBuf;

/// Which trials are finished and which are to be run; each trial once, in the order given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// Trials whose curve is there and suffices.
    pub finished: Vec<Trial>,
    /// The others.
    pub to_run: Vec<Train>,
}

impl Plan {
    /// Looks at the curves under `dir`; nothing is changed.
    ///
    /// A completed or a non-finite curve always suffices; a halted one only if training would end early within it today, that is, if every
    /// rule of `early_stops` fires. A curve that is damaged or belongs to another trial is no curve. Several entries of one trial become one, which
    /// trains long enough for each of them.
    ///
    /// # Errors
    /// A folder or file is there but cannot be read.
    pub fn new(dir: &StudyDir, work: Vec<Train>) -> Result<Self, FsError> {
        let index = dir.index()?;
        let mut plan = Self::default();
        for train in Train::merged(work) {
            if finished_curve(&folder_of(dir, &index, &train.trial), &train)?.is_some() {
                plan.finished.push(train.trial);
            } else {
                plan.to_run.push(train);
            }
        }
        Ok(plan)
    }

    /// All of its trials.
    pub fn trials(&self) -> impl Iterator<Item = &Trial> {
        self.finished.iter().chain(self.to_run.iter().map(|train| &train.trial))
    }
}

/// The folder of a trial: where it is, or where it will be.
pub(crate) fn folder_of(dir: &StudyDir, index: &TrialIndex, trial: &Trial) -> TrialDir {
    index.get(&trial.id).cloned().unwrap_or_else(|| dir.trial(trial))
}

/// Where the initial weights of a trial go: an absolute path, since a worker may work in another folder.
pub(crate) fn init_path(dir: &StudyDir, index: &TrialIndex, trial: &Trial) -> Result<PathBuf, FsError> {
    let path = folder_of(dir, index, trial).init();
    std::path::absolute(&path).map_err(|source| FsError::io("find", &path, source))
}

/// The curve in `folder`, if it is that of this trial and long enough.
pub(crate) fn finished_curve(folder: &TrialDir, train: &Train) -> Result<Option<Curve>, FsError> {
    if owner(folder)?.as_ref() != Some(&train.trial.id) {
        return Ok(None);
    }
    match Curve::read(&folder.curve()) {
        Ok(curve) => Ok(suffices(&curve, &train.early_stops).then_some(curve)),
        Err(CurveError::Fs(error)) if !is_missing_or_damaged(&error) => Err(error),
        Err(_) => Ok(None),
    }
}

/// The id in a folder's `trial.json`; none if the file is missing or damaged. Folders are named by the first digits only.
pub(crate) fn owner(folder: &TrialDir) -> Result<Option<TrialId>, FsError> {
    #[derive(Deserialize)]
    struct Owner {
        id: TrialId,
    }
    match fsio::read_json::<Owner>(&folder.trial()) {
        Ok(owner) => Ok(Some(owner.id)),
        Err(error) if is_missing_or_damaged(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a trial with these early stops would have ended within these losses.
pub(crate) fn have_fired(losses: &[f64], early_stops: &[EarlyStop]) -> bool {
    // The rules are those of a validated study.
    EarlyStops::new(early_stops).is_ok_and(|mut rules| {
        losses.iter().for_each(|loss| {
            rules.push(*loss);
        });
        rules.have_fired()
    })
}

fn suffices(curve: &Curve, early_stops: &[EarlyStop]) -> bool {
    match curve.end {
        End::Completed | End::NonFinite => true,
        End::StoppedEarly => have_fired(&curve.losses(), early_stops),
    }
}

fn is_missing_or_damaged(error: &FsError) -> bool {
    match error {
        // Bytes that are no UTF-8 come as `InvalidData`.
        FsError::Io { source, .. } => matches!(source.kind(), ErrorKind::NotFound | ErrorKind::InvalidData),
        FsError::Malformed { .. } => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::files::curve::Step;
    use seedband_core::range_test::{Smoothing, SmoothingKind, Stop, StopKind};
    use seedband_core::recipe::Recipe;

    fn rule(factor: f64) -> EarlyStop {
        let smoothing = Smoothing {
            kind: SmoothingKind::None,
            ..Smoothing::default()
        };
        EarlyStop {
            smoothing,
            stop: Stop {
                factor: Some(factor),
                ..Stop::default()
            },
        }
    }

    fn train(config: &str, seed: u64, early_stops: Vec<EarlyStop>) -> Train {
        Train {
            trial: Trial::new(config, seed, &Recipe::default()),
            data_path: None,
            weights_path: None,
            init_path: None,
            early_stops,
        }
    }

    fn store(folder: &TrialDir, trial: &Trial, losses: &[f64], end: End) {
        std::fs::create_dir_all(folder.root()).unwrap();
        fsio::write_json(&folder.trial(), trial).unwrap();
        let steps = losses
            .iter()
            .zip(0..)
            .map(|(&loss, step)| Step {
                step,
                lr: 0.1,
                loss,
                validation: None,
            })
            .collect();
        Curve { steps, end }.write(&folder.curve()).unwrap();
    }

    /// Losses 1 and 5: a rule with factor 4 fires, one with factor 6 does not.
    #[test]
    fn a_halted_curve_suffices_only_for_rules_that_fire_within_it() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        let trial = train("a", 0, vec![]).trial;
        let finished = |early_stops: Vec<EarlyStop>| {
            Plan::new(&dir, vec![train("a", 0, early_stops)])
                .unwrap()
                .finished
                .len()
        };
        assert_eq!(finished(vec![rule(4.0)]), 0);
        store(&dir.trial(&trial), &trial, &[1.0, 5.0], End::StoppedEarly);
        assert_eq!(finished(vec![rule(4.0)]), 1);
        assert_eq!(finished(vec![rule(6.0)]), 0);
        assert_eq!(finished(vec![rule(4.0), rule(6.0)]), 0);
        assert_eq!(finished(vec![]), 0);
        let never = EarlyStop {
            stop: Stop {
                kind: StopKind::Never,
                ..Stop::default()
            },
            ..rule(4.0)
        };
        assert_eq!(finished(vec![never]), 0);
        store(&dir.trial(&trial), &trial, &[1.0, 5.0], End::Completed);
        assert_eq!(finished(vec![]), 1);
        store(&dir.trial(&trial), &trial, &[1.0, f64::NAN], End::NonFinite);
        assert_eq!(finished(vec![rule(6.0)]), 1);
    }

    #[test]
    fn damaged_and_foreign_curves_are_run_again() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        let work = || vec![train("a", 0, vec![])];
        let trial = work()[0].trial.clone();
        let folder = dir.trial(&trial);
        store(&folder, &trial, &[1.0], End::Completed);
        assert!(Plan::new(&dir, work()).unwrap().to_run.is_empty());

        std::fs::write(folder.curve(), "{\"step\":0,\"lr\":0.1,\"loss\":1.0}\n").unwrap();
        assert_eq!(Plan::new(&dir, work()).unwrap().to_run.len(), 1);
        std::fs::write(folder.curve(), [0xff, 0xfe]).unwrap();
        assert_eq!(Plan::new(&dir, work()).unwrap().to_run.len(), 1);

        store(&folder, &train("a", 1, vec![]).trial, &[1.0], End::Completed);
        assert_eq!(Plan::new(&dir, work()).unwrap().to_run.len(), 1);
    }

    #[test]
    fn a_shared_trial_is_run_once_and_long_enough_for_each_config() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        let rules = |work| {
            Plan::new(&dir, work)
                .unwrap()
                .to_run
                .into_iter()
                .map(|train| train.early_stops)
                .collect::<Vec<_>>()
        };
        let (four, six) = (|| vec![rule(4.0)], || vec![rule(6.0)]);
        let shared = vec![
            train("a", 0, four()),
            train("b", 0, six()),
            train("b", 1, four()),
            train("c", 0, four()),
        ];
        assert_eq!(rules(shared), [vec![rule(4.0), rule(6.0)], vec![rule(4.0)]]);
        assert_eq!(
            rules(vec![train("a", 0, four()), train("b", 0, vec![]), train("c", 0, six())]),
            [vec![]]
        );
    }

    #[test]
    fn a_trial_finished_under_another_config_is_finished() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        let earlier = train("earlier", 3, vec![]).trial;
        store(&dir.trial(&earlier), &earlier, &[1.0], End::Completed);
        let plan = Plan::new(&dir, vec![train("renamed", 3, vec![])]).unwrap();
        assert_eq!((plan.finished.len(), plan.to_run.len()), (1, 0));
    }
}
