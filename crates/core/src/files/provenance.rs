//! How results were made: `provenance.jsonl`, one line for each call that changed them, appended and never rewritten.
//! Before version 0.2 it was one JSON file, `provenance.json`, which still counts.

use crate::Shape;
use crate::files::fsio;
use crate::files::fsio::FsError;
use crate::files::layout::StudyDir;
use crate::json_line::to_line;
use crate::settings::MemoryFormat;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// The calls that made results.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Provenance {
    /// The calls of `run` on this folder that trained anything, oldest first.
    pub runs: Vec<RunRecord>,
    /// The calls of `import` that added curves, oldest first.
    #[serde(default)]
    pub imports: Vec<ImportRecord>,
}

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProvenanceRecord {
    /// A call of `run`.
    Run(RunRecord),
    /// A call of `import`.
    Import(ImportRecord),
}

impl Provenance {
    /// How the results in `dir` were made, as far as that can be read. What cannot be, a line that was cut short for
    /// example, is passed over: it costs nothing but itself.
    ///
    /// # Errors
    /// A file is there and cannot be read at all.
    pub fn read(dir: &StudyDir) -> Result<Self, FsError> {
        let passed_over = |what: &str, error: &serde_json::Error| {
            tracing::warn!("{what} says nothing of how results were made and is passed over ({error})");
        };
        let is_there = |read: Result<Vec<u8>, FsError>| match read {
            Err(error) if error.is_not_found() => Ok(Vec::new()),
            read => read,
        };
        let mut all = Self::default();
        let old = is_there(fsio::read_bytes(&dir.old_provenance()))?;
        if !old.is_empty() {
            match serde_json::from_slice(&old) {
                Ok(old) => all = old,
                Err(error) => passed_over(&format!("`{}`", dir.old_provenance().display()), &error),
            }
        }
        let bytes = is_there(fsio::read_bytes(&dir.provenance()))?;
        for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
            match serde_json::from_slice(line) {
                Ok(ProvenanceRecord::Run(run)) => all.runs.push(run),
                Ok(ProvenanceRecord::Import(import)) => all.imports.push(import),
                Err(_) if line.is_empty() => {}
                Err(error) => passed_over(&format!("line {number} of `{}`", dir.provenance().display()), &error),
            }
        }
        Ok(all)
    }
}

impl ProvenanceRecord {
    /// Adds this to the records of `dir`, in one write that is on the disk when it returns.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn append(&self, dir: &StudyDir) -> Result<(), FsError> {
        let path = dir.provenance();
        dir.check(&path)?;
        let mut options = File::options();
        let opened = fsio::open_in_place(&path, options.read(true).append(true).create(true));
        match opened {
            // Another user's, in a folder that several share: it is made anew.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let mut bytes = fsio::read_bytes(&path)?;
                let line = self.line_after(bytes.last().copied());
                bytes.extend_from_slice(line.as_bytes());
                fsio::write_atomic(&path, &bytes)
            }
            opened => opened
                .and_then(|file| self.append_to(file))
                .map_err(|source| FsError::io("append to", &path, source)),
        }
    }

    fn append_to(&self, mut file: File) -> io::Result<()> {
        let mut last = [0];
        let has_last = file.seek(SeekFrom::End(-1)).is_ok();
        if has_last {
            file.read_exact(&mut last)?;
        }
        let line = self.line_after(has_last.then_some(last[0]));
        file.write_all(line.as_bytes())?;
        file.sync_data()
    }

    /// This as the line after what ends in `last`: one that was cut short stays by itself.
    fn line_after(&self, last: Option<u8>) -> String {
        let gap = if matches!(last, None | Some(b'\n')) { "" } else { "\n" };
        format!("{gap}{}", to_line(self))
    }
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
    /// In which memory format the built-in trainer trained; not written where a program trains, and by versions that had
    /// no choice.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub memory_format: Option<MemoryFormat>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn run(seconds: f64) -> RunRecord {
        serde_json::from_value(json!({
            "started": "2026-11-22T09:00:00Z", "seconds": seconds, "seedband": "0.2.0", "host": "a", "cpu": "b",
            "workers": [], "finished": 2, "failed": 1, "command": ["seedband"],
        }))
        .unwrap()
    }

    #[test]
    fn a_line_cut_short_costs_itself() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        assert_eq!(Provenance::read(&dir).unwrap(), Provenance::default());
        let old = json!({"version": 1, "runs": [run(0.0)]});
        std::fs::write(dir.old_provenance(), old.to_string()).unwrap();
        ProvenanceRecord::Run(run(1.0)).append(&dir).unwrap();
        let whole = std::fs::read(dir.provenance()).unwrap();
        for length in 0..=whole.len() {
            std::fs::write(dir.provenance(), &whole[..length]).unwrap();
            ProvenanceRecord::Run(run(2.0)).append(&dir).unwrap();
            let found = Provenance::read(&dir).unwrap();
            let seconds: Vec<f64> = found.runs.iter().map(|run| run.seconds).collect();
            let is_whole = length + 1 >= whole.len();
            assert_eq!(
                seconds,
                if is_whole { vec![0.0, 1.0, 2.0] } else { vec![0.0, 2.0] },
                "{length}"
            );
        }
        std::fs::write(dir.old_provenance(), "{").unwrap();
        assert_eq!(Provenance::read(&dir).unwrap().runs.len(), 2);
    }
}
