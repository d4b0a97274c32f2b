//! Which trials are finished and which are to be run.

#[cfg(test)]
mod tests;

use seedband_core::files::curve::{Curve, CurveError, End};
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::{StudyDir, TrialDir};
use seedband_core::one_line;
use seedband_core::protocol::Train;
use seedband_core::range_test::{EarlyStop, EarlyStops};
use seedband_core::trial::Trial;
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
            let folder = index.place(&train.trial);
            match folder.and_then(|folder| finished_curve(&folder, &train)) {
                Ok(Some(_)) => plan.finished.push(train.trial),
                Ok(None) => plan.to_run.push(train),
                // That costs this trial, and the run says so where it stays like that.
                Err(error) => {
                    let trial = format!("{}/{}", train.trial.config, train.trial.seed);
                    tracing::warn!("{trial}: {}; it counts as not trained", one_line(&error));
                    plan.to_run.push(train);
                }
            }
        }
        Ok(plan)
    }

    /// All of its trials.
    pub fn trials(&self) -> impl Iterator<Item = &Trial> {
        self.finished.iter().chain(self.to_run.iter().map(|train| &train.trial))
    }
}

/// Where the initial weights of a trial go: an absolute path, since a worker may work in another folder.
pub(crate) fn init_path(folder: &TrialDir) -> Result<PathBuf, FsError> {
    let path = folder.init();
    std::path::absolute(&path).map_err(|source| FsError::io("find", &path, source))
}

/// The curve in `folder`, if it is that of this trial and long enough.
pub(crate) fn finished_curve(folder: &TrialDir, train: &Train) -> Result<Option<Curve>, FsError> {
    if folder.owner()?.as_ref() != Some(&train.trial.id) {
        return Ok(None);
    }
    match Curve::read(&folder.curve()) {
        // What was recorded elsewhere is all there is of it.
        Ok(curve) if train.trial.recipe.trainer.recorded().is_some() => Ok(Some(curve)),
        Ok(curve) => Ok(suffices(&curve, &train.early_stops).then_some(curve)),
        Err(CurveError::Fs(error)) if !error.is_missing_or_damaged() => Err(error),
        Err(_) => Ok(None),
    }
}

/// Whether a trial with these early stops would have ended within these losses.
pub(crate) fn have_fired(losses: &[f64], early_stops: &[EarlyStop]) -> bool {
    // The rules are those of a validated study.
    EarlyStops::new(early_stops).is_ok_and(|mut rules| {
        for loss in losses {
            rules.push(*loss);
        }
        rules.have_fired()
    })
}

fn suffices(curve: &Curve, early_stops: &[EarlyStop]) -> bool {
    match curve.end {
        End::Completed | End::NonFinite => true,
        End::StoppedEarly => have_fired(&curve.losses(), early_stops),
    }
}
