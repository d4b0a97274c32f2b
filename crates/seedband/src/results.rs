//! What has been run in numbers: tables, the report, and the summary to show.

use crate::error::Error;
use crate::generation::Generation;
use crate::session::{Aggregated, OpenOptions, StudySession};
use seedband_core::files::fsio;
use seedband_core::files::layout::StudyDir;
use seedband_core::files::lock::{FolderLock, LockError};
use seedband_core::files::provenance::Provenance;
use seedband_core::summary::Summary;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The result of a study, and the page that shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The numbers.
    pub summary: Summary,
    /// The page: one HTML file.
    pub page: PathBuf,
}

impl StudySession {
    /// Medians, bands and ranges of what has been run, from the files as they stand now. Writes the tables and
    /// `summary.json` below `aggregate/`, and the report anew where there is one.
    ///
    /// # Errors
    /// No range test has its curve ([`Error::NothingFinished`]), or a file cannot be read or written.
    pub fn aggregate(&self) -> Result<Summary, Error> {
        self.publish(self.dir().report().is_dir())
    }

    /// [`aggregate`](Self::aggregate), and writes the report.
    ///
    /// # Errors
    /// As [`aggregate`](Self::aggregate), or a figure cannot be drawn.
    pub fn report(&self) -> Result<Report, Error> {
        let summary = self.publish(true)?;
        let page = self.dir().report().join("index.html");
        Ok(Report { summary, page })
    }

    /// Makes tables, summary and, `with_page`, the page, and puts all of them in place together. One at a time, from
    /// the reading of the first curve on: what is published later was read later.
    fn publish(&self, with_page: bool) -> Result<Summary, Error> {
        let nothing = || Error::NothingFinished {
            results: self.dir().root().to_path_buf(),
            study: self.file().to_path_buf(),
        };
        if !self.dir().root().is_dir() {
            return Err(nothing());
        }
        let _use = FolderLock::share(self.dir())?;
        let _publish = publish_lock(self.dir(), "seedband report")?;
        // Opened by its results folder, the study may be another by now.
        let is_own = self.file() == self.dir().study();
        let is_changed = is_own && !self.is_on_disk();
        let newer = is_changed
            .then(|| Self::open(self.dir().root(), &OpenOptions::default()))
            .transpose()?;
        let Aggregated {
            summary,
            curves,
            trainings,
        } = newer.as_ref().unwrap_or(self).aggregated()?;
        if curve_count(&summary) == 0 {
            return Err(nothing());
        }
        let generation = Generation::begin(self.dir())?;
        seedband_aggregator::write_tables(&curves, &trainings, &summary, &generation.aggregate())?;
        if with_page {
            let provenance = Provenance::read(self.dir())?;
            seedband_report::write(&summary, Some(&provenance), &generation.report())?;
        }
        generation.publish()?;
        Ok(summary)
    }

    /// The summary on disk; or what there is now, where there is none yet or something has happened since. Writes
    /// nothing.
    ///
    /// ```
    /// use seedband::{OpenOptions, StudySession, terminal_table};
    ///
    /// # fn main() -> Result<(), seedband::Error> {
    /// # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/tests/data/results-0.1/old");
    /// let session = StudySession::open(folder.as_ref(), &OpenOptions::default())?;
    /// let summary = session.summary()?;
    /// for config in &summary.configs {
    ///     println!("{}: {} of {} seeds", config.name, config.counts.finished, config.counts.wanted);
    /// }
    /// print!("{}", terminal_table(&summary));
    /// # assert_eq!(summary.configs[0].counts.finished, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// There is nothing yet ([`Error::NoResults`]), or a file cannot be read.
    pub fn summary(&self) -> Result<Summary, Error> {
        let path = self.dir().summary();
        let stored = path.is_file().then(|| fsio::read_json::<Summary>(&path)).transpose()?;
        match stored {
            Some(stored) if !self.is_outdated(&path) => Ok(stored),
            Some(stored) => {
                let fresh = self.aggregated()?.summary;
                // A summary that was published without its curves is all there is.
                Ok(if curve_count(&fresh) < curve_count(&stored) {
                    stored
                } else {
                    fresh
                })
            }
            None => {
                let fresh = self.aggregated()?.summary;
                if curve_count(&fresh) > 0 {
                    return Ok(fresh);
                }
                Err(Error::NoResults {
                    results: self.dir().root().to_path_buf(),
                    study: self.file().to_path_buf(),
                })
            }
        }
    }

    /// Whether the results folder is of this very study.
    fn is_on_disk(&self) -> bool {
        fsio::read(&self.dir().study()).is_ok_and(|on_disk| on_disk == self.study().to_toml())
    }

    /// Whether the summary is of another study than this one, or a trial has ended since it was written.
    fn is_outdated(&self, summary: &Path) -> bool {
        let dir = self.dir();
        if !self.is_on_disk() {
            return true;
        }
        let journals = std::fs::read_dir(dir.journals()).into_iter().flatten();
        let journals = journals
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        // The study is written at the start of a run, its summary at the end.
        let written = changed(summary);
        journals
            .chain([dir.study()])
            .filter_map(|path| changed(&path))
            .any(|time| Some(time) > written)
    }
}

/// The lock of who publishes results, or changes what is published.
pub(crate) fn publish_lock(dir: &StudyDir, who: &str) -> Result<FolderLock, LockError> {
    FolderLock::publish(dir, who, |holder| {
        tracing::warn!(
            "waiting for {holder}, which is at the results in `{}`",
            dir.root().display()
        );
    })
}

/// Range tests that have their curve.
fn curve_count(summary: &Summary) -> u32 {
    summary.configs.iter().map(|config| config.counts.finished).sum()
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}
