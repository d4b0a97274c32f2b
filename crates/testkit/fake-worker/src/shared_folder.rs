//! What fake workers know of each other and of earlier attempts: files in the folder that the variable
//! `FAKE_WORKER_FOLDER` names.

use seedband_core::trial::TrialId;
use std::fs::{self, File};
use std::path::PathBuf;

/// The folder; without one nothing is known.
pub(crate) struct SharedFolder(Option<PathBuf>);

/// A file that says that a trial runs on a device; removed when dropped.
pub(crate) struct Running(PathBuf);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl SharedFolder {
    pub(crate) fn from_environment() -> Self {
        Self(std::env::var_os("FAKE_WORKER_FOLDER").map(PathBuf::from))
    }

    /// Which attempt at a trial this is, by those that asked here before; from 1.
    pub(crate) fn count_attempt(&self, trial: &TrialId) -> u32 {
        let Some(folder) = &self.0 else { return 1 };
        let is_first = |number: &u32| File::create_new(folder.join(format!("attempt-{trial}-{number}"))).is_ok();
        (1..1000).find(is_first).unwrap_or(1000)
    }

    /// Says that a trial runs on `device`, and counts those that do, this one included.
    pub(crate) fn running(&self, device: &str) -> Option<(Running, usize)> {
        let folder = self.0.as_ref()?;
        let prefix = format!("running-{device}-");
        let running = Running(folder.join(format!("{prefix}{}", std::process::id())));
        File::create(&running.0).ok()?;
        let is_of_device = |name: &str| name.starts_with(&prefix);
        let entries = fs::read_dir(folder).ok()?.flatten();
        let count = entries
            .filter(|entry| entry.file_name().to_str().is_some_and(is_of_device))
            .count();
        Some((running, count))
    }
}
