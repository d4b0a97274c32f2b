//! Where a repository has its files.

use super::command::{answer, git};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The repository that holds `folder`, with its paths as git finds them.
pub(super) struct Repository {
    pub(super) work_tree: PathBuf,
    /// Of this work tree: the index, the commit that is checked out.
    pub(super) git_dir: PathBuf,
    /// Of all work trees: objects, settings.
    pub(super) common_dir: PathBuf,
    pub(super) commit: String,
}

impl Repository {
    pub(super) fn find(folder: &Path, deadline: Instant) -> Option<Self> {
        // Of all that can be configured, `rev-parse` runs nothing.
        let mut question = git(folder);
        question.args([
            "rev-parse",
            "--show-toplevel",
            "--absolute-git-dir",
            "--git-common-dir",
            "HEAD",
        ]);
        let text = String::from_utf8(answer(&mut question, deadline)?).ok()?;
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
