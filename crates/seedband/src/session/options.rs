//! How a study is opened.

use std::path::PathBuf;

/// Where results go, and what is changed about a study for this session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOptions {
    pub(super) results: PathBuf,
    pub(super) settings: Vec<String>,
}

impl Default for OpenOptions {
    /// Results go below the folder `results`.
    fn default() -> Self {
        Self {
            results: PathBuf::from("results"),
            settings: Vec::new(),
        }
    }
}

impl OpenOptions {
    /// Results go to `<folder>/<name of the study>`. A study that is opened by its results folder stays where it is.
    #[must_use]
    pub fn results(mut self, folder: impl Into<PathBuf>) -> Self {
        self.results = folder.into();
        self
    }

    /// Changes a setting: `key=value` with a dotted key of the study and a value in TOML, for example
    /// `optimizer.momentum=0.5`. A list of values (`training.batch-size=128,256`) makes an axis of configs. Later ones
    /// win.
    #[must_use]
    pub fn set(mut self, setting: impl Into<String>) -> Self {
        self.settings.push(setting.into());
        self
    }

    /// The same with a text as value, whatever characters it has.
    #[must_use]
    pub fn set_text(self, key: &str, text: &str) -> Self {
        // JSON's strings are strings in TOML too.
        self.set(format!("{key}={}", serde_json::Value::from(text)))
    }
}
