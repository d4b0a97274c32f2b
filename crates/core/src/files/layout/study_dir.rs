//! The results folder of a study.

use super::listing::{entries, subfolders};
use super::trial_dir::TrialDir;
use super::trial_index::TrialIndex;
use crate::files::fsio::{FsError, check_below, create_dir_below, is_hidden_name};
use crate::trial::Trial;
use std::path::{Path, PathBuf};

/// How the files of [`StudyDir::progress`] end.
const PROGRESS: &str = ".progress.json";
/// How those of [`StudyDir::heartbeat`] end.
const HEARTBEAT: &str = ".alive";
/// How the folders of [`StudyDir::publishing`] begin.
const PUBLISHING: &str = ".publishing.";

/// The results folder of one study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyDir(PathBuf);

impl StudyDir {
    /// The study at `root`, whether it exists or not.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The study as resolved.
    pub fn study(&self) -> PathBuf {
        self.0.join("study.toml")
    }

    /// How the results were made.
    pub fn provenance(&self) -> PathBuf {
        self.0.join("provenance.jsonl")
    }

    /// The same as it was written before version 0.2.
    pub fn old_provenance(&self) -> PathBuf {
        self.0.join("provenance.json")
    }

    /// What everyone who uses the results has locked.
    pub fn use_lock(&self) -> PathBuf {
        self.0.join(".use.lock")
    }

    /// What whoever publishes tables, summary and page has locked.
    pub fn publish_lock(&self) -> PathBuf {
        self.0.join(".publish.lock")
    }

    /// Journals, one file a runner.
    pub fn journals(&self) -> PathBuf {
        self.0.join("journal")
    }

    /// The journal of one runner.
    pub fn journal(&self, runner: &str) -> PathBuf {
        self.journals().join(format!("{runner}.jsonl"))
    }

    /// What has been learnt about how many trials devices take at once, one file a host.
    pub fn slot_memories(&self) -> PathBuf {
        self.0.join("slots")
    }

    /// What has been learnt about the devices of `host`, which is a file name.
    pub fn slots(&self, host: &str) -> PathBuf {
        self.slot_memories().join(format!("{host}.json"))
    }

    /// Trials, one folder a config.
    pub fn trials(&self) -> PathBuf {
        self.0.join("trials")
    }

    /// The usual folder of a trial under the config it was made for: `<seed>-<id8>` for a range test,
    /// `<training>-<seed>-<id8>` for a training.
    ///
    /// Eight digits tell no trial from every other: whether the folder is this trial's is told by
    /// [`TrialIndex::place`].
    pub fn trial(&self, trial: &Trial) -> TrialDir {
        self.trial_by(trial, trial.id.short())
    }

    /// The folder of a trial whose usual one is that of another: named by the whole id.
    pub fn trial_by_whole_id(&self, trial: &Trial) -> TrialDir {
        self.trial_by(trial, trial.id.as_str())
    }

    fn trial_by(&self, trial: &Trial, digits: &str) -> TrialDir {
        let training = trial.training.as_ref();
        let training = training.map(|plan| format!("{}-", plan.name)).unwrap_or_default();
        let folder = format!("{training}{}-{digits}", trial.seed);
        TrialDir::new(self.trials().join(&trial.config).join(folder))
    }

    /// How far a runner is, as it last said; there while it runs.
    pub fn progress(&self, runner: &str) -> PathBuf {
        self.journals().join(format!("{runner}{PROGRESS}"))
    }

    /// Where a runner gives signs of life; there while it runs.
    pub fn heartbeat(&self, runner: &str) -> PathBuf {
        self.journals().join(format!("{runner}{HEARTBEAT}"))
    }

    /// The files of [`progress`](Self::progress) that there are, by name.
    pub fn progresses(&self) -> Result<Vec<PathBuf>, FsError> {
        self.beside_journals(PROGRESS)
    }

    /// The files of [`heartbeat`](Self::heartbeat) that there are, by name.
    pub fn heartbeats(&self) -> Result<Vec<PathBuf>, FsError> {
        self.beside_journals(HEARTBEAT)
    }

    fn beside_journals(&self, end: &str) -> Result<Vec<PathBuf>, FsError> {
        let is_one = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(end) && !name.starts_with('.')
        };
        Ok(entries(&self.journals())?.into_iter().filter(is_one).collect())
    }

    /// Where tables and page of the aggregation `id` are while they are put in their places; a name of
    /// [`hidden_beside`](crate::files::fsio::hidden_beside).
    pub fn publishing(&self, id: &str) -> PathBuf {
        self.0.join(format!("{PUBLISHING}{id}-0.tmp"))
    }

    /// The aggregation that is put in its place from the folder at `path`; none where its name is none of one.
    pub fn publishing_id(path: &Path) -> Option<&str> {
        let name = path.file_name()?.to_str().filter(|name| is_hidden_name(name))?;
        name.strip_prefix(PUBLISHING)?.split('-').next()
    }

    /// Aggregated tables.
    pub fn aggregate(&self) -> PathBuf {
        self.0.join("aggregate")
    }

    /// The summary that `show` and `report` read.
    pub fn summary(&self) -> PathBuf {
        self.aggregate().join("summary.json")
    }

    /// The report's folder.
    pub fn report(&self) -> PathBuf {
        self.0.join("report")
    }

    /// The trial folders there are, by what their names say.
    ///
    /// # Errors
    /// A folder cannot be listed.
    pub fn index(&self) -> Result<TrialIndex, FsError> {
        Ok(TrialIndex::new(self.clone(), self.trial_folders()?))
    }

    /// Every folder that stands where those of trials do, by path.
    ///
    /// # Errors
    /// A folder cannot be listed.
    pub fn trial_folders(&self) -> Result<Vec<TrialDir>, FsError> {
        let mut folders = Vec::new();
        for config in subfolders(&self.trials())? {
            folders.extend(subfolders(&config)?.into_iter().map(TrialDir::new));
        }
        Ok(folders)
    }

    /// Checks that the folder, where it is a link, leads to one that is empty or holds results: somebody's own way to
    /// another disk. To anything else a link may have been laid by whoever made the folder around it.
    ///
    /// # Errors
    /// It leads elsewhere, to nothing, or to what cannot be listed.
    pub fn check_link(&self) -> Result<(), FsError> {
        let Ok(target) = std::fs::read_link(&self.0) else {
            return Ok(());
        };
        let io = |source| FsError::DeadLink {
            path: self.0.clone(),
            target: target.clone(),
            source,
        };
        let foreign = || FsError::LinkedElsewhere {
            path: self.0.clone(),
            target: target.clone(),
        };
        let mut is_empty = true;
        for entry in std::fs::read_dir(&self.0).map_err(io)? {
            let name = entry.map_err(io)?.file_name();
            let path = self.0.join(&name);
            if path == self.study() {
                return Ok(());
            }
            // What may be there before the study is, or without one.
            let own = [
                self.use_lock(),
                self.publish_lock(),
                self.trials(),
                self.journals(),
                self.slot_memories(),
            ];
            is_empty &= own.contains(&path) || name.to_str().is_some_and(is_hidden_name);
        }
        is_empty.then_some(()).ok_or_else(foreign)
    }

    /// Makes a folder of the study and those above it. The study's own may be a link as
    /// [`check_link`](Self::check_link) allows, and no folder below it.
    ///
    /// # Errors
    /// A folder is a link or no folder, or cannot be made.
    pub fn create(&self, folder: &Path) -> Result<(), FsError> {
        self.check_link()?;
        create_dir_below(&self.0, folder)
    }

    /// Checks that writing or deleting `path`, something of the study, changes nothing outside the study's folder.
    ///
    /// # Errors
    /// A folder above it, or `path` itself, is a link; the study's own is one that leads elsewhere.
    pub fn check(&self, path: &Path) -> Result<(), FsError> {
        self.check_link()?;
        check_below(&self.0, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_may_lead_to_results_or_to_an_empty_folder() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        symlink(&target, &link).unwrap();
        let dir = StudyDir::new(&link);
        let error = dir.check_link().unwrap_err();
        assert!(error.to_string().contains("leads to no folder"), "{error}");
        fs::create_dir(&target).unwrap();
        dir.check_link().unwrap();
        // A run that died before it wrote its study; weights without a study.
        fs::write(dir.use_lock(), "").unwrap();
        fs::create_dir(dir.trials()).unwrap();
        dir.check_link().unwrap();
        fs::write(target.join("letter.txt"), "").unwrap();
        let error = dir.check(&dir.use_lock()).unwrap_err();
        let expected = format!("`{}` is a link to `{}`, which holds", link.display(), target.display());
        assert!(error.to_string().starts_with(&expected), "{error}");
        assert!(dir.create(&dir.journals()).is_err() && !dir.journals().exists());
        // In place of a link it would be the user's own folder.
        StudyDir::new(&target).check_link().unwrap();
        fs::write(dir.study(), "").unwrap();
        dir.check_link().unwrap();
    }
}
