//! Finding the program that trains, and the libtorch it needs.

#[cfg(test)]
mod tests;

mod environment;
mod libtorch;
mod user;
mod version_check;

use environment::Environment;
use seedband_core::study::StudyError;
use seedband_core::trainer::Program;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use version_check::Answer;

const NAME: &str = "seedband-worker";

/// The program that trains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerProgram {
    /// The executable.
    pub path: PathBuf,
    /// Its arguments, before those that name its slot.
    pub arguments: Vec<String>,
    /// Where it runs; absent: where the runner does.
    pub working_dir: Option<PathBuf>,
    /// Whether it is the built-in trainer, which is told its slot by arguments.
    pub is_built_in: bool,
    /// Environment variables it is started with, on top of the runner's own and the slot's; `LD_LIBRARY_PATH` where
    /// libtorch had to be found.
    pub variables: Vec<(OsString, OsString)>,
}

/// Why there is no program to train with.
#[derive(Debug, thiserror::Error)]
pub enum WorkerProgramError {
    /// The one that was named is not there.
    #[error("there is no worker program `{}`, named by {by}", path.display())]
    NotThere {
        /// Its path.
        path: PathBuf,
        /// Who named it.
        by: &'static str,
    },
    /// None was found.
    #[error(
        "there is no `{NAME}` (looked in: {}); build it, or name it with the variable `SEEDBAND_WORKER`",
        looked.join(", ")
    )]
    NotFound {
        /// Where it could have been.
        looked: Vec<String>,
    },
    /// The program that a study names is not there.
    #[error("`trainer.command` names `{program}`, and there is no such program {place}{}", similar.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?")))]
    NoCommand {
        /// As the study names it.
        program: String,
        /// Where it was looked for.
        place: String,
        /// A program that is there and may be meant.
        similar: Option<String>,
    },
    /// The working folder of a program that a study names is not there.
    #[error("`trainer.working-dir` is `{}`, and there is no such folder", path.display())]
    NoWorkingDir {
        /// The folder.
        path: PathBuf,
    },
    /// The curve was recorded elsewhere.
    #[error("its curve was recorded elsewhere, and no program can train it")]
    Recorded,
    /// A word of a command names a variable that is not set.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// It is there, but does not start.
    #[error(
        "the worker program `{}` does not start: {said} (libtorch tried: {}); install libtorch 2.11 and name its \
         folder with the variable `LIBTORCH`, or `pip install torch==2.11.*`",
        path.display(), tried.join(", ")
    )]
    DoesNotStart {
        /// Its path.
        path: PathBuf,
        /// The last line it wrote, or how it ended.
        said: String,
        /// Where libtorch could have been, and why each did not do.
        tried: Vec<String>,
    },
}

impl WorkerProgram {
    /// A built-in trainer that needs no search.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            arguments: Vec::new(),
            working_dir: None,
            is_built_in: true,
            variables: Vec::new(),
        }
    }

    /// Finds the worker: `explicit`, else the variable `SEEDBAND_WORKER`, else `seedband-worker` beside this program,
    /// else on the `PATH`.
    ///
    /// It is asked for its `--version`. If it does not start as it is, libtorch is looked for in `$LIBTORCH/lib`, in
    /// `lib` beside and above the worker, and in the PyTorch 2.11 of the Python beside this program, of `python3` and
    /// of `python`; the first that makes it start is kept for every worker. Runs programs and may take some seconds.
    ///
    /// # Errors
    /// There is no such program, or it starts with no libtorch there is.
    pub fn find(explicit: Option<&Path>) -> Result<Self, WorkerProgramError> {
        find(explicit, &Environment::of_this_process())
    }
}

impl WorkerProgram {
    /// The command of `program`, with environment variables filled in.
    ///
    /// # Errors
    /// The program or its working folder is not there, or a variable is not set.
    pub fn of_user(program: &Program) -> Result<Self, WorkerProgramError> {
        user::find(program, &Environment::of_this_process())
    }
}

fn find(explicit: Option<&Path>, environment: &Environment) -> Result<WorkerProgram, WorkerProgramError> {
    let path = locate(explicit, environment)?;
    let mut said = match version_check::version(&path, None) {
        Answer::Starts => return Ok(WorkerProgram::new(path)),
        Answer::Fails(said) => said,
    };
    let mut tried = Vec::new();
    for candidate in libtorch::candidates(&path, environment) {
        let folder = match candidate.folder {
            Ok(folder) => folder,
            Err(problem) => {
                tried.push(format!("{}: {problem}", candidate.name));
                continue;
            }
        };
        let value = prepended(&folder, environment.library_path.as_ref());
        match version_check::version(&path, Some(&value)) {
            Answer::Starts => {
                return Ok(WorkerProgram {
                    variables: vec![("LD_LIBRARY_PATH".into(), value)],
                    ..WorkerProgram::new(path)
                });
            }
            Answer::Fails(now) => {
                tried.push(format!("{} at `{}`: {now}", candidate.name, folder.display()));
                said = now;
            }
        }
    }
    Err(WorkerProgramError::DoesNotStart { path, said, tried })
}

fn locate(explicit: Option<&Path>, environment: &Environment) -> Result<PathBuf, WorkerProgramError> {
    let named = explicit.map(|path| (path.to_path_buf(), "the command line"));
    let named = named.or_else(|| {
        environment
            .worker
            .as_ref()
            .map(|path| (PathBuf::from(path), "`SEEDBAND_WORKER`"))
    });
    if let Some((path, by)) = named {
        return if path.is_file() {
            Ok(path)
        } else {
            Err(WorkerProgramError::NotThere { path, by })
        };
    }
    let beside = environment
        .current_exe
        .as_deref()
        .and_then(Path::parent)
        .map(Path::to_path_buf);
    let on_path = environment
        .path
        .as_ref()
        .map(|path| std::env::split_paths(path).collect::<Vec<_>>())
        .unwrap_or_default();
    let mut looked: Vec<String> = beside.iter().map(|folder| format!("`{}`", folder.display())).collect();
    looked.push("`PATH`".into());
    let found = beside
        .into_iter()
        .chain(on_path)
        .map(|folder| folder.join(NAME))
        .find(|path| path.is_file());
    found.ok_or(WorkerProgramError::NotFound { looked })
}

fn prepended(folder: &Path, before: Option<&OsString>) -> OsString {
    let mut value = folder.as_os_str().to_owned();
    if let Some(before) = before {
        value.push(":");
        value.push(before);
    }
    value
}
