//! How results were made: `provenance.json`.

use crate::Shape;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One call of `run`, with what shaped its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Provenance {
    /// Version of the format: 1.
    pub version: u32,
    /// The calls of `run` on this folder that trained anything, oldest first.
    pub runs: Vec<RunRecord>,
    /// The calls of `import` that added curves, oldest first; not written where there was none.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub imports: Vec<ImportRecord>,
}

/// One call of `import`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ImportRecord {
    /// When, RFC 3339.
    pub at: jiff::Timestamp,
    /// Version of seedband.
    pub seedband: String,
    /// Host name.
    pub host: String,
    /// The files that curves came from, each once.
    pub files: Vec<ImportedFile>,
    /// The command line.
    pub command: Vec<String>,
}

/// A file that curves came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ImportedFile {
    /// As it was named.
    pub file: String,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
    /// How it was read, for example `lightning`.
    pub format: String,
    /// Curves that came from it and were not there before.
    pub curves: u32,
}

/// A data set as it was found before anything was trained on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DataRecord {
    /// `data.source`.
    pub source: String,
    /// `data.name`, where it has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// The folder or file, with variables filled in; none where no file is read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<PathBuf>,
    /// What one example is.
    pub shape: Shape,
    /// The classes, in their order.
    pub classes: Vec<ClassRecord>,
    /// Validation examples in use; none where there is no validation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub validation: Option<u64>,
    /// What lies there and is not read, a phrase for each reason.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub passed_over: Vec<String>,
    /// SHA-256 of the training examples and their classes, in hexadecimal; none where they were not decoded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub digest: Option<String>,
}

impl DataRecord {
    /// Training examples of all classes.
    pub fn examples(&self) -> u64 {
        self.classes.iter().map(|class| class.examples).sum()
    }
}

/// A class of a data set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ClassRecord {
    /// The name of its folder, or its number.
    pub name: String,
    /// Training examples in use.
    pub examples: u64,
}

/// One call of `run`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RunRecord {
    /// Start, RFC 3339.
    pub started: jiff::Timestamp,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// Version of seedband.
    pub seedband: String,
    /// Git commit of the study file's repository, if it is in one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commit: Option<String>,
    /// Whether that repository had uncommitted changes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dirty: Option<bool>,
    /// Host name.
    pub host: String,
    /// Processor model and number of cores.
    pub cpu: String,
    /// What the workers said of themselves: program, device, libraries; each once.
    pub workers: Vec<String>,
    /// What the built-in trainer was trained on, each data set once; not written where a program trains.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub data: Vec<DataRecord>,
    /// Trials finished in this call.
    pub finished: u32,
    /// Trials that failed in this call.
    pub failed: u32,
    /// The command line.
    pub command: Vec<String>,
}
