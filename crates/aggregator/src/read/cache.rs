//! Curve files that are read once.

use super::{ReadCurve, TrainingCurve};
use rayon::prelude::*;
use seedband_core::files::curve::{Curve, CurveError};
use seedband_core::files::layout::TrialIndex;
use seedband_core::range_test::Analysis;
use seedband_core::trial::TrialId;
use std::collections::HashMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Curves that were read, and what rules made of them. A curve file is read and parsed once as long as it is the same file, and read by the rules
/// of an analysis once.
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

/// A trial and the file of its curve.
pub(super) struct CurveFile {
    pub(super) trial: TrialId,
    pub(super) path: PathBuf,
}

impl CurveFile {
    /// The file of this trial's curve, if the trial has a folder.
    pub(super) fn find(trial: &TrialId, index: &TrialIndex) -> Option<Self> {
        Some(Self {
            trial: trial.clone(),
            path: index.get(trial)?.curve(),
        })
    }
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
    /// What `make` makes of each curve under `analysis`, in parallel; none where there is no curve or none that can be used. `make` sees each
    /// curve once for each analysis, and gives none for a curve that does not fit.
    pub(super) fn of(
        &mut self,
        files: &[Option<CurveFile>],
        analysis: &Analysis,
        make: impl Fn(&Path, Arc<Curve>) -> Option<T> + Sync,
    ) -> Vec<Option<Arc<T>>> {
        let analysis = self.place_of(analysis);
        // Seeds share a trial where none of its streams follows the seed.
        let distinct: HashMap<&TrialId, &CurveFile> = files.iter().flatten().map(|file| (&file.trial, file)).collect();
        let distinct: Vec<&CurveFile> = distinct.into_values().collect();
        let known = &self.files;
        let look_up = |file: &&CurveFile| look_up(known.get(&file.trial), file, analysis, &make);
        let found: Vec<Lookup<T>> = distinct.par_iter().map(look_up).collect();
        for (file, found) in distinct.into_iter().zip(found) {
            self.keep(&file.trial, analysis, found);
        }
        let reading = |file: &CurveFile| self.files.get(&file.trial)?.reading(analysis)?.clone();
        files.iter().map(|file| file.as_ref().and_then(reading)).collect()
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
            Lookup::Read {
                version,
                curve,
                reading,
            } => {
                self.files_read += 1;
                let readings = vec![(analysis, reading)];
                self.files.insert(
                    trial.clone(),
                    CachedFile {
                        version,
                        curve,
                        readings,
                    },
                );
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
    Read {
        version: FileVersion,
        curve: Option<Arc<Curve>>,
        reading: Option<Arc<T>>,
    },
    /// There is no file, or none that can be read now.
    Gone,
}

fn look_up<T>(
    known: Option<&CachedFile<T>>,
    file: &CurveFile,
    analysis: usize,
    make: impl Fn(&Path, Arc<Curve>) -> Option<T>,
) -> Lookup<T> {
    // Taken before the file is read: one that is replaced in between is read once more the next time.
    let Ok(metadata) = std::fs::metadata(&file.path) else {
        return Lookup::Gone;
    };
    let version = FileVersion::new(&file.path, &metadata);
    let make = |curve: Arc<Curve>| make(&file.path, curve).map(Arc::new);
    if let Some(known) = known.filter(|known| known.version == version) {
        return match known.reading(analysis) {
            Some(_) => Lookup::Known,
            None => Lookup::Reread(known.curve.clone().and_then(make)),
        };
    }
    let curve = match Curve::read(&file.path) {
        Ok(curve) => Some(Arc::new(curve)),
        Err(CurveError::Fs(error)) if error.is_not_found() => return Lookup::Gone,
        Err(error) => {
            tracing::warn!(file = %file.path.display(), %error, "left out a curve that cannot be read");
            if matches!(error, CurveError::Fs(_)) {
                return Lookup::Gone;
            }
            None
        }
    };
    let reading = curve.clone().and_then(make);
    Lookup::Read {
        version,
        curve,
        reading,
    }
}

/// What tells a file from one that stands in its place later: results are replaced by renaming, which gives them another inode, and whatever
/// else changes a file changes the time of its last change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileVersion {
    path: PathBuf,
    device: u64,
    inode: u64,
    length: u64,
    /// Seconds and nanoseconds.
    modified: (i64, i64),
    changed: (i64, i64),
}

impl FileVersion {
    fn new(path: &Path, metadata: &Metadata) -> Self {
        Self {
            path: path.to_owned(),
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}
