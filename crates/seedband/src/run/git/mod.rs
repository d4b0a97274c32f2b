//! The state of the repository that a study lies in.
//!
//! A study may come from anybody, and with it a `.git/config`, which can name programs for git to run: a file system monitor, hooks, filters that
//! clean files before they are compared, a transport for objects that are missing. So none of what the repository configures is in force
//! while git compares files: see [`changes`].

mod changes;
mod command;

use command::git;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// All questions together take so long at most. A large repository on a slow disk has its state unknown then.
const LIMIT: Duration = Duration::from_secs(10);

/// Where a study's repository stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct GitState {
    /// Hash of the commit that is checked out; absent outside a repository, before the first commit, and where git is missing or hangs.
    pub(crate) commit: Option<String>,
    /// Whether files differ from it, new ones included; submodules are not looked at. Absent without a commit, and where it cannot be told without
    /// running what the repository configures.
    pub(crate) dirty: Option<bool>,
}

/// The repository that holds `folder`, with its paths as git finds them.
struct Repository {
    work_tree: PathBuf,
    /// Of this work tree: the index, the commit that is checked out.
    git_dir: PathBuf,
    /// Of all work trees: objects, settings.
    common_dir: PathBuf,
    commit: String,
}

impl GitState {
    /// Of the repository that holds `folder`. Changes nothing.
    pub(crate) fn of(folder: &Path) -> Self {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let deadline = Instant::now() + LIMIT;
        let Some(repository) = Repository::find(folder, deadline) else {
            return Self::default();
        };
        Self {
            dirty: changes::are_there(&repository, deadline),
            commit: Some(repository.commit),
        }
    }
}

impl Repository {
    fn find(folder: &Path, deadline: Instant) -> Option<Self> {
        // Of all that can be configured, `rev-parse` runs nothing.
        let mut question = git(folder);
        question.args([
            "rev-parse",
            "--show-toplevel",
            "--absolute-git-dir",
            "--git-common-dir",
            "HEAD",
        ]);
        let text = String::from_utf8(command::answer(&mut question, deadline)?).ok()?;
        let lines: Vec<&str> = text.lines().collect();
        let [work_tree, git_dir, common_dir, commit] = lines.as_slice() else {
            return None;
        };
        Some(Self {
            work_tree: PathBuf::from(work_tree),
            git_dir: PathBuf::from(git_dir),
            // It may start where git was asked.
            common_dir: folder.canonicalize().ok()?.join(common_dir),
            commit: (*commit).to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
