//! A study as named on the command line, with its results folder.

use crate::args::{Place, StudyArgs};
use crate::exit::Failure;
use seedband_core::fsio::FsError;
use seedband_core::layout::StudyDir;
use seedband_core::protocol::Train;
use seedband_core::settings::Source;
use seedband_core::study::{Study, expand};
use std::path::{Path, PathBuf};

/// A study and where its results are.
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

    /// Every trial of the study as the runner takes it, without data folders: enough to plan and to tell states.
    pub(crate) fn work(&self) -> Vec<Train> {
        let planned = self.study.trials().into_iter();
        planned
            .map(|planned| Train {
                trial: planned.trial,
                data_path: None,
                halt: planned.halt,
            })
            .collect()
    }

    /// Every trial of the study, ready to train: data folders are filled in and there.
    pub(crate) fn work_with_data(&self) -> Result<Vec<Train>, Failure> {
        let mut work = self.work();
        for train in &mut work {
            let data = &train.trial.recipe.data;
            if data.source == Source::Synthetic {
                continue;
            }
            // A study of files always has a path: the study was validated.
            let path = expand(data.path.as_deref().unwrap_or_default(), |name| {
                std::env::var(name).ok()
            })?;
            let real = path
                .canonicalize()
                .map_err(|source| FsError::io("read the data folder", &path, source))?;
            if !real.is_dir() {
                return Err(Failure::setup(format!(
                    "`data.path`: `{}` is not a folder",
                    path.display()
                )));
            }
            train.data_path = Some(real);
        }
        Ok(work)
    }
}

fn sets(args: &StudyArgs, place: Option<&Place>) -> Vec<String> {
    let mut sets = args.sets.clone();
    if let Some(seeds) = &args.seeds {
        sets.push(format!("seeds=\"{seeds}\""));
    }
    if let Some(data) = &args.data {
        // A plain string in TOML, whatever characters the path has.
        sets.push(format!("data.path={}", toml_string(data)));
    }
    if let Some(place) = place {
        sets.extend(
            place
                .devices
                .as_ref()
                .map(|devices| format!("run.devices=\"{devices}\"")),
        );
        if let Some(slots) = place.slots {
            sets.push(format!("run.cpu-slots={slots}"));
            sets.push(format!("run.gpu-slots={slots}"));
        }
        sets.extend(place.threads.map(|threads| format!("run.threads={threads}")));
        sets.extend(
            place
                .timeout
                .as_ref()
                .map(|timeout| format!("run.timeout=\"{timeout}\"")),
        );
    }
    sets
}

fn toml_string(path: &Path) -> String {
    let text = path.display().to_string();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
