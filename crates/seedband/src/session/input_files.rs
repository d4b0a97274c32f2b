//! The files that trials are trained with: folders of data, weights to start from, and the sources of programs.

use crate::error::Error;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::protocol::Train;
use seedband_core::study::{expand, program_digests, working_dir};
use seedband_core::trainer::{Program, Trainer};
use std::collections::HashMap;
use std::hash::Hash;
use std::path::PathBuf;

/// `trials` ready to train: data folders and files of weights are filled in and there, and programs are made of what
/// the study says. Each is looked at once.
pub(crate) fn resolve(mut trials: Vec<Train>) -> Result<Vec<Train>, Error> {
    let (mut folders, mut files) = (HashMap::new(), HashMap::new());
    let mut programs: Vec<&Program> = Vec::new();
    for train in &mut trials {
        let settings = match &train.trial.recipe.trainer {
            Trainer::BuiltIn(settings) => settings,
            Trainer::Recorded { .. } => continue,
            Trainer::Program { trainer } => {
                if !programs.contains(&&**trainer) {
                    unchanged(trainer)?;
                    programs.push(trainer);
                }
                continue;
            }
        };
        // The one source without a path is the synthetic one: the study was validated.
        if let Some(path) = &settings.data.path {
            let key = (path.clone(), settings.data.source.may_be_file());
            train.data_path = Some(once(&mut folders, &key, || data_path(path, key.1))?);
        }
        if let Some(from) = &settings.init.from {
            let digest = settings.init.sha256.as_deref().unwrap_or_default();
            let key = (from.clone(), digest.to_owned());
            train.weights_path = Some(once(&mut files, &key, || weights_file(from, digest))?);
        }
    }
    Ok(trials)
}

/// Fails if the files of a program are not those that the study says.
fn unchanged(program: &Program) -> Result<(), Error> {
    let found = program_digests(program)?;
    let names = program.sha256.keys().chain(found.keys());
    match names
        .into_iter()
        .find(|name| program.sha256.get(*name) != found.get(*name))
    {
        None => Ok(()),
        Some(name) => Err(Error::ProgramChanged {
            path: working_dir(program)?.join(name),
        }),
    }
}

/// What `find` gives for `key`, asked once.
fn once<K: Clone + Eq + Hash>(
    known: &mut HashMap<K, PathBuf>,
    key: &K,
    find: impl FnOnce() -> Result<PathBuf, Error>,
) -> Result<PathBuf, Error> {
    if let Some(path) = known.get(key) {
        return Ok(path.clone());
    }
    let path = find()?;
    known.insert(key.clone(), path.clone());
    Ok(path)
}

/// The file that `init.from` means, whose content has to have this SHA-256.
fn weights_file(from: &str, digest: &str) -> Result<PathBuf, Error> {
    let path = expand("init.from", from, |name| std::env::var(name).ok())?;
    let found = fsio::sha256(&path)?;
    if found != digest {
        return Err(Error::WeightsChanged {
            path,
            found,
            expected: digest.to_owned(),
        });
    }
    Ok(path
        .canonicalize()
        .map_err(|source| FsError::io("read", &path, source))?)
}

/// The folder that `data.path` means, or the file where it may be one; it has to be there.
fn data_path(path: &str, may_be_file: bool) -> Result<PathBuf, Error> {
    let path = expand("data.path", path, |name| std::env::var(name).ok())?;
    let real = path
        .canonicalize()
        .map_err(|source| FsError::io("find the data in", &path, source))?;
    if may_be_file || real.is_dir() {
        return Ok(real);
    }
    Err(Error::NoDataFolder { path })
}
