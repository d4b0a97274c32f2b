//! What fake workers know of each other and of earlier attempts: files in the folder that the variable `FAKE_WORKER_FOLDER` names.

use seedband_core::trial::TrialId;
use std::fs::{self, File};
use std::path::PathBuf;

/// The folder; without one nothing is known.
pub(crate) struct Marks(Option<PathBuf>);

/// A mark that says that a trial is at work on a device; removed when dropped.
pub(crate) struct AtWork(PathBuf);

impl Drop for AtWork {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Marks {
    pub(crate) fn from_environment() -> Self {
        Self(std::env::var_os("FAKE_WORKER_FOLDER").map(PathBuf::from))
    }

    /// Which attempt at a trial this is, by those that asked here before.
    pub(crate) fn count_up(&self, trial: &TrialId) -> u32 {
        let Some(folder) = &self.0 else { return 1 };
        let first_free = |number: &u32| File::create_new(folder.join(format!("attempt-{trial}-{number}"))).is_ok();
        (1..1000).find(first_free).unwrap_or(1000)
    }

    /// Marks a trial as at work on `device`, and says how many are, this one included.
    pub(crate) fn at_work(&self, device: &str) -> Option<(AtWork, usize)> {
        let folder = self.0.as_ref()?;
        let prefix = format!("at-work-{device}-");
        let mark = AtWork(folder.join(format!("{prefix}{}", std::process::id())));
        File::create(&mark.0).ok()?;
        let of_device = |name: &str| name.starts_with(&prefix);
        let entries = fs::read_dir(folder).ok()?.flatten();
        let count = entries
            .filter(|entry| entry.file_name().to_str().is_some_and(of_device))
            .count();
        Some((mark, count))
    }
}
