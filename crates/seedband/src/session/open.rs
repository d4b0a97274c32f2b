//! Opening a study.

use super::options::OpenOptions;
use crate::error::Error;
use seedband_aggregator::ReadingCache;
use seedband_core::files::journal;
use seedband_core::files::journal::DamagedJournal;
use seedband_core::files::layout::StudyDir;
use seedband_core::study::{Study, expand};
use seedband_core::summary::Summary;
use seedband_core::summary::settled::is_settled;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// A study, where its results are, and everything that can be done with them.
///
/// The files are the only state: what another process finishes meanwhile is seen by the next call.
#[derive(Debug, Clone)]
pub struct StudySession {
    study: Study,
    dir: StudyDir,
    file: PathBuf,
    damaged_journals: Vec<DamagedJournal>,
    /// One for all clones: a curve whose file is the same is read once in the life of a session.
    pub(super) cache: Arc<Mutex<ReadingCache>>,
}

impl StudySession {
    /// Opens the study at `path`: a TOML file, or a results folder that holds its `study.toml`. Nothing is written.
    ///
    /// A study that adds seeds by itself (`seeds = "until 0.3"`) has those that the results there are ask for.
    ///
    /// # Errors
    /// The study cannot be read or makes no sense, or its results cannot be read.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self, Error> {
        let is_folder = path.is_dir();
        let file = if is_folder {
            path.join("study.toml")
        } else {
            path.to_path_buf()
        };
        if is_folder && !file.is_file() {
            return Err(Error::NoStudyInFolder {
                folder: path.to_path_buf(),
            });
        }
        let study = Study::load(&file, &options.settings)?;
        let dir = StudyDir::new(if is_folder {
            path.to_path_buf()
        } else {
            home_expanded(&options.results)?.join(&study.name)
        });
        // Journals that cannot be read at all are an error where they matter.
        let damaged_journals = journal::read_all(&dir.journals()).map_or_else(|_| Vec::new(), |all| all.damaged);
        let mut session = Self {
            study,
            dir,
            file,
            damaged_journals,
            cache: Arc::default(),
        };
        session.follow_moved_data();
        session.follow_memory_format();
        session.add_seeds()?;
        Ok(session)
    }

    /// The study as opened.
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// The same, for what a run changes about it.
    pub(crate) fn study_mut(&mut self) -> &mut Study {
        &mut self.study
    }

    /// The results folder, whether it is there or not.
    pub fn dir(&self) -> &StudyDir {
        &self.dir
    }

    /// The file that the study was read from.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Journals that held lines that are no entries when the study was opened. What they said is lost, and nothing
    /// else: people should know.
    pub fn damaged_journals(&self) -> &[DamagedJournal] {
        &self.damaged_journals
    }

    /// Adds the seeds of a study that adds them by itself, as far as the results there are say to: the next ones once
    /// all range tests have a curve and the median max LR of a config is not yet known as well as asked.
    ///
    /// # Errors
    /// The results cannot be read.
    pub fn add_seeds(&mut self) -> Result<(), Error> {
        if self.study.seeds.until().is_some() {
            self.grow()?;
        }
        Ok(())
    }

    /// [`add_seeds`](Self::add_seeds), with what the range tests came to when it was decided that no more are added.
    pub(crate) fn grow(&mut self) -> Result<Summary, Error> {
        loop {
            let summary = self.summarize_range_tests()?;
            let Some(until) = self.study.seeds.until() else {
                return Ok(summary);
            };
            if !summary.all_run() || is_settled(&summary, until.decades) || !self.study.seeds.grow() {
                return Ok(summary);
            }
        }
    }
}

/// A results folder as a shell would take it: shells leave the `~` in `--results=~/x` as it is.
fn home_expanded(folder: &Path) -> Result<PathBuf, Error> {
    match folder.to_str().filter(|text| text.starts_with('~')) {
        Some(text) => Ok(expand("results", text, |name| std::env::var(name).ok())?),
        None => Ok(folder.to_path_buf()),
    }
}
