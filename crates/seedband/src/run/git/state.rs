//! Commit and changes.

use super::changes;
use super::repository::Repository;
use std::path::Path;
use std::time::{Duration, Instant};

/// All questions together take so long at most. A large repository on a slow disk has its state unknown then.
const LIMIT: Duration = Duration::from_secs(5);

/// Where a study's repository stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct GitState {
    /// Hash of the commit that is checked out; absent outside a repository, before the first commit, and where git is
    /// missing or hangs.
    pub(crate) commit: Option<String>,
    /// Whether files differ from it, new ones included; submodules are not looked at. Absent without a commit, and
    /// where it cannot be told without running what the repository configures.
    pub(crate) dirty: Option<bool>,
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
