//! Reading a study: its file, the files it extends, and what the command line says.

use super::error::StudyError;
use super::layer::Layer;
use super::overrides;
use crate::fsio::{self, FsError};
use std::path::{Path, PathBuf};

/// All layers of a study, lowest first.
#[derive(Debug)]
pub(super) struct Layers {
    pub(super) layers: Vec<Layer>,
    /// How many of them, from the end, come from the command line and lie over every config.
    pub(super) from_command_line: usize,
}

/// Most files that one study may be made of.
const MOST_FILES: usize = 256;

impl Layers {
    /// Reads `path`, what it extends, and `sets`.
    pub(super) fn read(path: &Path, sets: &[String]) -> Result<Self, StudyError> {
        let mut layers = Vec::new();
        read_file(path, &mut Vec::new(), &mut layers)?;
        let folder =
            std::env::current_dir().map_err(|source| FsError::io("find the current folder", Path::new("."), source))?;
        for text in sets {
            layers.push(overrides::parse(text, &folder)?.0);
        }
        Ok(Self {
            layers,
            from_command_line: sets.len(),
        })
    }
}

fn read_file(path: &Path, chain: &mut Vec<PathBuf>, layers: &mut Vec<Layer>) -> Result<(), StudyError> {
    let real = path
        .canonicalize()
        .map_err(|source| FsError::io("read", path, source))?;
    if chain.contains(&real) || layers.len() > MOST_FILES {
        return Err(StudyError::Cycle {
            path: path.to_path_buf(),
            chain: chain.clone(),
        });
    }
    let folder = real.parent().unwrap_or(Path::new("/")).to_path_buf();
    let (layer, file) = Layer::parse(path.display().to_string(), fsio::read(path)?, folder)?;
    chain.push(real);
    for base in &file.extends.0 {
        // Shown the way a person would write it: beside the file that names it.
        let beside = path.parent().unwrap_or(Path::new("")).join(base);
        read_file(&beside, chain, layers)?;
    }
    chain.pop();
    layers.push(layer);
    Ok(())
}
