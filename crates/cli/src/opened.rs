//! A study as named on the command line, with its results folder.

use crate::args::{Place, StudyArgs};
use crate::exit::Failure;
use seedband_core::fsio::FsError;
use seedband_core::layout::StudyDir;
use seedband_core::protocol::Train;
use seedband_core::study::{Study, expand};
use std::collections::HashMap;
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
        Ok(Self { study, dir, file })
    }

    /// `work` ready to train: data folders are filled in and there.
    pub(crate) fn with_data(mut work: Vec<Train>) -> Result<Vec<Train>, Failure> {
        let mut folders: HashMap<String, PathBuf> = HashMap::new();
        for train in &mut work {
            // The one source without a path is the synthetic one: the study was validated.
            let Some(path) = &train.trial.recipe.data.path else {
                continue;
            };
            let folder = match folders.get(path) {
                Some(folder) => folder.clone(),
                None => data_folder(path)?,
            };
            folders.insert(path.clone(), folder.clone());
            train.data_path = Some(folder);
        }
        Ok(work)
    }
}

/// The folder that `data.path` means, which has to be there.
fn data_folder(path: &str) -> Result<PathBuf, Failure> {
    let path = expand(path, |name| std::env::var(name).ok())?;
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
