//! Which trials are finished and which are to be run.

#[cfg(test)]
mod tests;

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
    /// A completed or a non-finite curve always suffices; one that was stopped early only if training would end early
    /// within it today, that is, if every rule of `early_stops` fires. A curve that is damaged or belongs to another
    /// trial is no curve. Several entries of one trial become one, which trains long enough for each of them.
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

/// The id in a folder's `trial.json`; none if the file is missing or damaged. Folders are named by the first digits
/// only.
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
