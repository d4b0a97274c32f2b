//! A study for a script, without a study file: `seedband lr-find train.py`.

mod modules;
mod python;
mod render;

use crate::error::Error;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use std::path::{Path, PathBuf};

/// The learning rate range test of a script.
#[derive(Debug, Clone, PartialEq)]
pub struct LrFind {
    /// The script: a Python file, or a program.
    pub script: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Seeds as a study says them, for example `20` or `0..20`.
    pub seeds: String,
    /// Steps of each range test; 2 or more.
    pub steps: u32,
    /// The first learning rate; above 0.
    pub min_lr: f64,
    /// The last one; above the first.
    pub max_lr: f64,
    /// Name of the study and of its results folder; absent: the script's, without its ending.
    pub name: Option<String>,
}

impl LrFind {
    /// The defaults of fastai 2.8's `lr_find` (100 steps from 1e-7 to 10), over 20 seeds.
    pub fn new(script: impl Into<PathBuf>) -> Self {
        Self {
            script: script.into(),
            arguments: Vec::new(),
            seeds: "20".into(),
            steps: 100,
            min_lr: 1e-7,
            max_lr: 10.0,
            name: None,
        }
    }

    /// Where its study goes where nobody says: `lr-find-<name>.toml` beside the script.
    pub fn default_study_file(&self) -> PathBuf {
        let name = format!("lr-find-{}.toml", self.study_name());
        self.script.with_file_name(name)
    }

    /// Name of the study.
    pub fn study_name(&self) -> String {
        let stem = || {
            self.script
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        self.name.clone().unwrap_or_else(stem)
    }

    /// Writes the study to `file`. A file that an earlier call has written, and nobody has changed since, is written
    /// anew; any other that is there only where it says the same.
    ///
    /// # Errors
    /// There is no such script, the file is there and was changed, or it cannot be written.
    pub fn write_study(&self, file: &Path, overwrite: bool) -> Result<(), Error> {
        if !self.script.is_file() {
            return Err(Error::NoScript {
                script: self.script.clone(),
            });
        }
        let folder = absolute(&self.script)?
            .parent()
            .map(Path::to_path_buf)
            .unwrap_or_default();
        let text = render::study(self, &folder, file);
        if !overwrite && file.exists() {
            let there = fsio::read(file)?;
            if there != text && !render::is_untouched(&there) {
                return Err(Error::StudyEdited {
                    path: file.to_path_buf(),
                });
            }
        }
        Ok(fsio::write_atomic(file, text.as_bytes())?)
    }
}

fn absolute(path: &Path) -> Result<PathBuf, FsError> {
    path.canonicalize().map_err(|source| FsError::io("read", path, source))
}
