//! Curve files that are read once.

use super::file_version::FileVersion;
use super::{ReadCurve, TrainingCurve};
use rayon::prelude::*;
use seedband_core::files::curve::{Curve, CurveError};
use seedband_core::files::layout::TrialIndex;
use seedband_core::range_test::Analysis;
use seedband_core::trial::TrialId;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

/// Curves that were read, and what rules made of them. A curve file is read and parsed once as long as it is the same
/// file, and read by the rules of an analysis once.
#[derive(Debug, Default)]
pub struct ReadingCache {
    pub(super) range_tests: Readings<ReadCurve>,
    pub(super) trainings: Readings<TrainingCurve>,
}

impl ReadingCache {
    /// How many curve files have been read so far, those that cannot be used among them.
    pub fn files_read(&self) -> u64 {
        self.range_tests.files_read + self.trainings.files_read
    }
}

/// What has been made of curves, by trial.
#[derive(Debug)]
pub(super) struct Readings<T> {
    files: HashMap<TrialId, CachedFile<T>>,
    /// Each analysis once; a reading names its place.
    analyses: Vec<Analysis>,
    files_read: u64,
}

/// One curve file.
#[derive(Debug)]
struct CachedFile<T> {
    version: FileVersion,
    /// None if its content is not a curve.
    curve: Option<Arc<Curve>>,
    /// By place of the analysis; none where the curve does not fit it.
    readings: Vec<(usize, Option<Arc<T>>)>,
}

impl<T> Default for Readings<T> {
    fn default() -> Self {
        Self {
            files: HashMap::new(),
            analyses: Vec::new(),
            files_read: 0,
        }
    }
}

impl<T: Send + Sync> Readings<T> {
    /// What `make` makes of the curve of each trial under `analysis`, in parallel; none where there is no curve or none
    /// that can be used. `make` sees each curve once for each analysis, and gives none for a curve that does not fit.
    pub(super) fn of(
        &mut self,
        trials: &[Option<&TrialId>],
        index: &TrialIndex,
        analysis: &Analysis,
        make: impl Fn(&Path, Arc<Curve>) -> Option<T> + Sync,
    ) -> Vec<Option<Arc<T>>> {
        let analysis = self.place_of(analysis);
        // Seeds share a trial where none of its streams follows the seed.
        let distinct: HashSet<&TrialId> = trials.iter().copied().flatten().collect();
        let distinct: Vec<&TrialId> = distinct.into_iter().collect();
        let known = &self.files;
        let look_up = |trial: &&TrialId| look_up(known.get(*trial), trial, index, analysis, &make);
        let found: Vec<Lookup<T>> = distinct.par_iter().map(look_up).collect();
        for (trial, found) in distinct.into_iter().zip(found) {
            self.keep(trial, analysis, found);
        }
        let reading = |trial: &TrialId| self.files.get(trial)?.reading(analysis)?.clone();
        trials.iter().map(|trial| trial.and_then(reading)).collect()
    }

    fn place_of(&mut self, analysis: &Analysis) -> usize {
        let place = self.analyses.iter().position(|known| known == analysis);
        place.unwrap_or_else(|| {
            self.analyses.push(analysis.clone());
            self.analyses.len() - 1
        })
    }

    /// Puts what was found out about one file into the cache.
    fn keep(&mut self, trial: &TrialId, analysis: usize, found: Lookup<T>) {
        match found {
            Lookup::Known => {}
            Lookup::Gone => {
                self.files.remove(trial);
            }
            Lookup::Reread(reading) => {
                if let Some(file) = self.files.get_mut(trial) {
                    file.readings.push((analysis, reading));
                }
            }
            Lookup::Read(version, curve, reading) => {
                self.files_read += 1;
                let readings = vec![(analysis, reading)];
                let file = CachedFile {
                    version,
                    curve,
                    readings,
                };
                self.files.insert(trial.clone(), file);
            }
        }
    }
}

impl<T> CachedFile<T> {
    /// The reading by an analysis, if it is known.
    fn reading(&self, analysis: usize) -> Option<&Option<Arc<T>>> {
        let mut readings = self.readings.iter();
        readings.find_map(|(place, reading)| (*place == analysis).then_some(reading))
    }
}

/// What one file came to.
enum Lookup<T> {
    /// The reading is known.
    Known,
    /// The curve is known; this is its reading by a new analysis.
    Reread(Option<Arc<T>>),
    /// The file is new, or another than before.
    Read(FileVersion, Option<Arc<Curve>>, Option<Arc<T>>),
    /// There is no file, or none that can be read now.
    Gone,
}

fn look_up<T>(
    known: Option<&CachedFile<T>>,
    trial: &TrialId,
    index: &TrialIndex,
    analysis: usize,
    make: impl Fn(&Path, Arc<Curve>) -> Option<T>,
) -> Lookup<T> {
    let make = |path: &Path, curve: &Option<Arc<Curve>>| make(path, curve.clone()?).map(Arc::new);
    match known.filter(|known| known.version.is_current()) {
        Some(known) if known.reading(analysis).is_some() => Lookup::Known,
        Some(known) => Lookup::Reread(make(known.version.path(), &known.curve)),
        None => match read(trial, index) {
            Some((version, curve)) => {
                let reading = make(version.path(), &curve);
                Lookup::Read(version, curve, reading)
            }
            None => Lookup::Gone,
        },
    }
}

/// The curve of a trial as it stands on disk, none if its file holds no curve; none at all if there is no file, or none
/// that can be read now.
fn read(trial: &TrialId, index: &TrialIndex) -> Option<(FileVersion, Option<Arc<Curve>>)> {
    let folder = index.find(trial).unwrap_or_else(|error| {
        tracing::warn!(%error, "left out a trial");
        None
    })?;
    // Taken before the file is read: one that is replaced in between is read once more the next time.
    let version = FileVersion::of(folder.curve())?;
    match Curve::read(version.path()) {
        Ok(curve) => Some((version, Some(Arc::new(curve)))),
        Err(CurveError::Fs(error)) if error.is_not_found() => None,
        Err(error) => {
            tracing::warn!(file = %version.path().display(), %error, "left out a curve that cannot be read");
            let holds_none = !matches!(error, CurveError::Fs(_));
            holds_none.then_some((version, None))
        }
    }
}
