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
use std::path::{Path, PathBuf};
use std::rc::Rc;
use toml::{Table, Value};

/// Most files that one study may be made of.
const MOST_FILES: usize = 256;

/// Files that single configs build on, each with the config's name.
type OfConfigs = Vec<(String, Rc<[Rc<Layer>]>)>;

/// Reads `path`, what it extends, and `sets`.
pub(super) fn read(path: &Path, sets: &[String]) -> Result<Layers, StudyError> {
    let (mut layers, mut of_configs) = (Vec::new(), Vec::new());
    read_file(path, &mut Vec::new(), &mut layers, &mut of_configs)?;
    let folder =
        std::env::current_dir().map_err(|source| FsError::io("find the current folder", Path::new("."), source))?;
    for text in sets {
        layers.push(Rc::new(overrides::parse(text, &folder)?.0));
    }
    Ok(Layers {
        of_study: layers,
        from_command_line: sets.len(),
        of_configs,
    })
}

fn read_file(
    path: &Path,
    chain: &mut Vec<PathBuf>,
    layers: &mut Vec<Rc<Layer>>,
    of_configs: &mut OfConfigs,
) -> Result<(), StudyError> {
    let real = path
        .canonicalize()
        .map_err(|source| FsError::io("read", path, source))?;
    if chain.contains(&real) || layers.len() + of_configs.len() > MOST_FILES {
        return Err(StudyError::Cycle {
            path: path.to_path_buf(),
            chain: chain.clone(),
        });
    }
    let folder = real.parent().unwrap_or(Path::new("/")).to_path_buf();
    let (mut layer, file) = parse(path.display().to_string(), fsio::read(path)?, folder)?;
    chain.push(real);
    for base in &file.extends.0 {
        // Shown the way a person would write it: beside the file that names it.
        let beside = path.parent().unwrap_or(Path::new("")).join(base);
        read_file(&beside, chain, layers, of_configs)?;
    }
    build_configs(path, &mut layer, &file, chain, of_configs)?;
    chain.pop();
    layers.push(Rc::new(layer));
    Ok(())
}

/// Lays each config that builds on files over the settings of these files.
fn build_configs(
    path: &Path,
    layer: &mut Layer,
    file: &StudyFile,
    chain: &mut Vec<PathBuf>,
    of_configs: &mut OfConfigs,
) -> Result<(), StudyError> {
    let Some(Value::Array(tables)) = layer.table.get_mut("config") else {
        return Ok(());
    };
    for (config, table) in file
        .config
        .iter()
        .zip(tables.iter_mut().filter_map(Value::as_table_mut))
    {
        table.remove("extends");
        if config.extends.0.is_empty() {
            continue;
        }
        let mut bases = Vec::new();
        for base in &config.extends.0 {
            let beside = path.parent().unwrap_or(Path::new("")).join(base);
            read_file(&beside, chain, &mut bases, of_configs)?;
        }
        let mut built = Table::new();
        for base in &bases {
            let mut settings = base.table.clone();
            settings.remove("extends");
            if let Some(foreign) = settings.keys().find(|key| !is_of_config(key)) {
                return Err(foreign_key(base, foreign));
            }
            data_path::anchor(&mut settings, &base.folder);
            merge(&mut built, &settings);
        }
        merge(&mut built, table);
        *table = built;
        let name = config.name.clone().unwrap_or_default();
        of_configs.push((name, bases.into()));
    }
    Ok(())
}

/// A file that a config builds on says more than settings of a config.
fn foreign_key(base: &Layer, key: &str) -> StudyError {
    let span = span::locate(&base.text, key, None).map_or(0..0, |place| place.span);
    let problem = format!("`{key}` concerns a whole study, and a single config builds on this file");
    let help = "let the study extend it, or move the settings of the config into a file of their own".to_owned();
    Located::new(&base.name, &base.text, &span, problem, vec![help]).into()
}
