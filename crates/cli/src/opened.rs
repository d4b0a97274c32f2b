//! A study as named on the command line, with its results folder.

use crate::args::{Place, StudyArgs};
use crate::commands::aggregate::input;
use crate::exit::Failure;
use seedband_aggregator::ReadingCache;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use seedband_core::protocol::Train;
use seedband_core::study::{Study, expand};
use seedband_core::summary::verdict::is_settled;
use std::collections::HashMap;
use std::hash::Hash;
use std::path::PathBuf;

/// A study and where its results are.
#[derive(Clone)]
pub(crate) struct Opened {
    pub(crate) study: Study,
    pub(crate) dir: StudyDir,
    /// The file it was read from.
    pub(crate) file: PathBuf,
}

impl Opened {
    /// Reads the study that the command line names. `place` overrides its `[run]`.
    pub(crate) fn new(args: &StudyArgs, place: Option<&Place>) -> Result<Self, Failure> {
        let folder = args.study.is_dir();
        let file = if folder {
            args.study.join("study.toml")
        } else {
            args.study.clone()
        };
        if folder && !file.is_file() {
            return Err(Failure::setup(format!(
                "`{}` is a folder without a `study.toml`; name a study file, or the results folder of a study",
                args.study.display()
            )));
        }
        let study = Study::load(&file, &sets(args, place))?;
        let dir = StudyDir::new(if folder {
            args.study.clone()
        } else {
            args.results.join(&study.name)
        });
        let mut opened = Self { study, dir, file };
        opened.add_seeds()?;
        Ok(opened)
    }

    /// Adds the seeds of a study that adds them by itself, as far as what is on disk says to: the next ones once all range tests have a curve and
    /// the median max LR of a config is not yet known as well as asked.
    pub(crate) fn add_seeds(&mut self) -> Result<(), Failure> {
        let Some(until) = self.study.seeds.until() else {
            return Ok(());
        };
        let mut cache = ReadingCache::default();
        loop {
            let summary = seedband_aggregator::aggregate(&input(self)?, &mut cache)?;
            if !summary.all_run() || is_settled(&summary, until.decades) || !self.study.seeds.grow() {
                return Ok(());
            }
        }
    }

    /// `work` ready to train: data folders and files of weights are filled in and there.
    pub(crate) fn with_data(mut work: Vec<Train>) -> Result<Vec<Train>, Failure> {
        let (mut folders, mut files) = (HashMap::new(), HashMap::new());
        for train in &mut work {
            let recipe = &train.trial.recipe;
            // The one source without a path is the synthetic one: the study was validated.
            if let Some(path) = &recipe.trainer.data.path {
                train.data_path = Some(once(&mut folders, path, || data_folder(path))?);
            }
            if let Some(from) = &recipe.trainer.init.from {
                let digest = recipe.trainer.init.sha256.as_deref().unwrap_or_default();
                let key = (from.clone(), digest.to_owned());
                train.weights_path = Some(once(&mut files, &key, || weights_file(from, digest))?);
            }
        }
        Ok(work)
    }
}

/// What `find` gives for `key`, asked once.
fn once<K: Clone + Eq + Hash>(
    known: &mut HashMap<K, PathBuf>,
    key: &K,
    find: impl FnOnce() -> Result<PathBuf, Failure>,
) -> Result<PathBuf, Failure> {
    if let Some(path) = known.get(key) {
        return Ok(path.clone());
    }
    let path = find()?;
    known.insert(key.clone(), path.clone());
    Ok(path)
}

/// The file that `init.from` means, whose content has to have this SHA-256.
fn weights_file(from: &str, digest: &str) -> Result<PathBuf, Failure> {
    let path = expand("init.from", from, |name| std::env::var(name).ok())?;
    let found = fsio::sha256(&path)?;
    if found != digest {
        return Err(Failure::setup(format!(
            "`init.from`: the content of `{}` has the SHA-256 `{found}`, and the study says `{digest}`; restore the file, or leave \
             `init.sha256` out to make new trials from what it holds now",
            path.display()
        )));
    }
    path.canonicalize()
        .map_err(|source| FsError::io("read", &path, source).into())
}

/// The folder that `data.path` means, which has to be there.
fn data_folder(path: &str) -> Result<PathBuf, Failure> {
    let path = expand("data.path", path, |name| std::env::var(name).ok())?;
    let real = path
        .canonicalize()
        .map_err(|source| FsError::io("read the data folder", &path, source))?;
    if real.is_dir() {
        return Ok(real);
    }
    Err(Failure::setup(format!(
        "`data.path`: `{}` is not a folder",
        path.display()
    )))
}

fn sets(args: &StudyArgs, place: Option<&Place>) -> Vec<String> {
    let mut sets = args.sets.clone();
    let mut set = |key: &str, value: Option<String>| sets.extend(value.map(|value| format!("{key}={value}")));
    set("seeds", args.seeds.as_deref().map(toml_string));
    set(
        "data.path",
        args.data.as_ref().map(|path| toml_string(&path.display().to_string())),
    );
    if let Some(place) = place {
        set("run.devices", place.devices.as_deref().map(toml_string));
        set("run.cpu-slots", place.slots.map(|slots| slots.to_string()));
        set("run.gpu-slots", place.slots.map(|slots| slots.to_string()));
        set("run.threads", place.threads.map(|threads| threads.to_string()));
        set("run.timeout", place.timeout.as_deref().map(toml_string));
    }
    sets
}

/// A string in TOML, whatever characters it has; JSON's strings are strings in TOML too.
fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
