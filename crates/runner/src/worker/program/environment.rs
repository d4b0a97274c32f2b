//! What of the environment of this process tells where the worker and libtorch are.

use std::ffi::OsString;
use std::path::PathBuf;

/// Where to look. A value, so that tests need not change the process.
#[derive(Debug, Clone, Default)]
pub(super) struct Environment {
    pub(super) worker: Option<OsString>,
    pub(super) path: Option<OsString>,
    pub(super) libtorch: Option<OsString>,
    pub(super) library_path: Option<OsString>,
    pub(super) current_exe: Option<PathBuf>,
    /// Whether the user has said how Python holds back output.
    pub(super) is_unbuffered: bool,
}

impl Environment {
    pub(super) fn of_this_process() -> Self {
        Self {
            worker: std::env::var_os("SEEDBAND_WORKER").filter(|value| !value.is_empty()),
            path: std::env::var_os("PATH"),
            libtorch: std::env::var_os("LIBTORCH").filter(|value| !value.is_empty()),
            library_path: std::env::var_os("LD_LIBRARY_PATH").filter(|value| !value.is_empty()),
            current_exe: std::env::current_exe().ok(),
            is_unbuffered: std::env::var_os("PYTHONUNBUFFERED").is_some(),
        }
    }
}
