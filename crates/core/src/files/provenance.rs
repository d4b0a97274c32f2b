//! How results were made: `provenance.json`.

use serde::{Deserialize, Serialize};

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
    /// Trials finished in this call.
    pub finished: u32,
    /// Trials that failed in this call.
    pub failed: u32,
    /// The command line.
    pub command: Vec<String>,
}
