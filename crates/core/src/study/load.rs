//! Reading a study: its file, the files it extends, and what the command line says.

use super::error::{Located, StudyError};
use super::file::StudyFile;
use super::keys::is_of_config;
use super::layer::{Layer, Layers};
use super::merge::merge;
use super::parse::parse;
use super::{data_path, overrides, span};
use crate::files::fsio;
use crate::files::fsio::FsError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use toml::{Table, Value};

/// Longest chain of files that extend each other.
const MOST_DEEP: usize = 64;

/// Most files that lie over each other, one that several build on counted for each of them.
const MOST_FILES: usize = 256;

/// Reads `path`, what it extends, and `sets`.
pub(super) fn read(path: &Path, sets: &[String]) -> Result<Layers, StudyError> {
    let mut reader = Reader::default();
    let mut of_study = reader.read(path)?.to_vec();
    let folder =
        std::env::current_dir().map_err(|source| FsError::io("find the current folder", Path::new("."), source))?;
    for text in sets {
        of_study.push(Rc::new(overrides::parse(text, &folder)?.0));
    }
    Ok(Layers {
        of_study,
        from_command_line: sets.len(),
        of_configs: reader.of_configs,
    })
}

/// Reads files, each once.
#[derive(Default)]
struct Reader {
    /// Files that have been read, by their real path, with what each builds on; lowest first.
    known: HashMap<PathBuf, Rc<[Rc<Layer>]>>,
    /// Files that are being read, each of which builds on the next.
    chain: Vec<PathBuf>,
    /// Files that single configs build on, each with the config's name.
    of_configs: Vec<(String, Rc<[Rc<Layer>]>)>,
}

impl Reader {
    /// The layers of the file at `path` and of what it extends, lowest first.
    fn read(&mut self, path: &Path) -> Result<Rc<[Rc<Layer>]>, StudyError> {
        let real = path
            .canonicalize()
            .map_err(|source| FsError::io("read", path, source))?;
        if let Some(layers) = self.known.get(&real) {
            return Ok(layers.clone());
        }
        if let Some(start) = self.chain.iter().position(|open| *open == real) {
            let chain = self.chain[start..].to_vec();
            let path = path.to_path_buf();
            return Err(StudyError::Cycle { path, chain });
        }
        if self.chain.len() >= MOST_DEEP {
            let (path, most) = (path.to_path_buf(), MOST_DEEP);
            return Err(StudyError::TooDeep { path, most });
        }
        let folder = real.parent().unwrap_or(Path::new("/")).to_path_buf();
        let (mut layer, file) = parse(path.display().to_string(), fsio::read(path)?, folder)?;
        self.chain.push(real.clone());
        let mut layers = self.bases(path, &file.extends.0)?;
        self.build_configs(path, &mut layer, &file)?;
        self.chain.pop();
        layers.push(Rc::new(layer));
        let layers: Rc<[Rc<Layer>]> = layers.into();
        self.known.insert(real, layers.clone());
        Ok(layers)
    }

    /// The layers of the files that the one at `path` names as its `bases`, lowest first.
    fn bases(&mut self, path: &Path, bases: &[String]) -> Result<Vec<Rc<Layer>>, StudyError> {
        let mut layers = Vec::new();
        for base in bases {
            // Shown the way a person would write it: beside the file that names it.
            let base = if base.starts_with('~') {
                data_path::expand("extends", base, |name| std::env::var(name).ok())?
            } else {
                PathBuf::from(base)
            };
            let beside = path.parent().unwrap_or(Path::new("")).join(base);
            layers.extend(self.read(&beside)?.iter().cloned());
            if layers.len() >= MOST_FILES {
                let (path, most) = (path.to_path_buf(), MOST_FILES);
                return Err(StudyError::TooManyFiles { path, most });
            }
        }
        Ok(layers)
    }

    /// Lays each config that builds on files over the settings of these files.
    fn build_configs(&mut self, path: &Path, layer: &mut Layer, file: &StudyFile) -> Result<(), StudyError> {
        let Some(Value::Array(tables)) = layer.table.get_mut("config") else {
            return Ok(());
        };
        let tables = tables.iter_mut().filter_map(Value::as_table_mut);
        for (config, table) in file.config.iter().zip(tables) {
            table.remove("extends");
            if config.extends.0.is_empty() {
                continue;
            }
            let bases = self.bases(path, &config.extends.0)?;
            let mut built = Table::new();
            for base in &bases {
                merge(&mut built, &settings(base)?);
            }
            merge(&mut built, table);
            *table = built;
            self.of_configs
                .push((config.name.clone().unwrap_or_default(), bases.into()));
        }
        Ok(())
    }
}

/// The settings in a file that a config builds on.
fn settings(base: &Layer) -> Result<Table, StudyError> {
    let mut settings = base.table.clone();
    settings.remove("extends");
    if let Some(foreign) = settings.keys().find(|key| !is_of_config(key)) {
        return Err(foreign_key(base, foreign));
    }
    data_path::anchor(&mut settings, &base.folder);
    Ok(settings)
}

/// A file that a config builds on says more than settings of a config.
fn foreign_key(base: &Layer, key: &str) -> StudyError {
    let span = span::locate(&base.text, key, None).map_or(0..0, |place| place.span);
    let problem = format!("`{key}` concerns a whole study, and a single config builds on this file");
    let help = "let the study extend it, or move the settings of the config into a file of their own".to_owned();
    Located::new(&base.name, &base.text, &span, problem, vec![help]).into()
}
