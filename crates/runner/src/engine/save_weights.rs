//! Initial weights of trials, written by a worker that trains nothing.

use crate::failure::Failure;
use crate::store::plan::{folder_of, init_path, owner};
use crate::worker::program::WorkerProgram;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use seedband_core::protocol::{Event, MAX_LINE, Request, Train, VERSION, to_line};
use seedband_core::trial::Trial;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Why initial weights were not written. Those of earlier trials are in their place.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// A folder or file of the study cannot be read or written.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// The folder of a trial belongs to another one.
    #[error("`{}` belongs to another trial, whose id begins like that of `{trial}`; choose another folder with `--results`", folder.display())]
    Occupied {
        /// The folder.
        folder: PathBuf,
        /// The trial.
        trial: String,
    },
    /// The worker does not start, or ended.
    #[error("cannot talk to the worker `{}`", program.display())]
    Worker {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The worker said something that the protocol does not allow.
    #[error("the worker said `{0}`, which is no answer to `save-init`; is it of this version?")]
    Protocol(String),
    /// The worker cannot write these weights.
    #[error("`{trial}` ({}): {}", failure.class.name(), failure.message)]
    Refused {
        /// Config and seed.
        trial: String,
        /// What the worker said.
        failure: Failure,
    },
}

/// Has one worker on the CPU write the initial weights of every trial of `work` into its folder under `dir`, and tells `saved` each path once it
/// is there. A trial that was never run gets its folder and its `trial.json`. What is there is written again: equal trials, equal bytes.
///
/// # Errors
/// The first trial whose weights cannot be written.
pub fn save_weights(
    dir: &StudyDir,
    program: &WorkerProgram,
    work: Vec<Train>,
    mut saved: impl FnMut(&Trial, &Path),
) -> Result<(), SaveError> {
    let index = dir.index()?;
    let mut worker = Conversation::start(program)?;
    for mut train in work {
        let folder = folder_of(dir, &index, &train.trial);
        match owner(&folder)? {
            Some(owner) if owner == train.trial.id => {}
            None => {
                fsio::create_dir_all(folder.root())?;
                fsio::write_json(&folder.trial(), &train.trial)?;
            }
            Some(_) => {
                return Err(SaveError::Occupied {
                    folder: folder.root().to_path_buf(),
                    trial: train.trial.id.to_string(),
                });
            }
        }
        train.init_path = Some(init_path(dir, &index, &train.trial)?);
        worker.save(&train)?;
        saved(&train.trial, &folder.init());
    }
    Ok(())
}

/// A worker process and its pipes. Dropping it ends the process.
struct Conversation {
    path: PathBuf,
    child: Child,
    requests: ChildStdin,
    events: BufReader<ChildStdout>,
}

impl Conversation {
    /// Starts `program` and waits until it is ready. Its log goes to standard error.
    fn start(program: &WorkerProgram) -> Result<Self, SaveError> {
        let path = program.path.clone();
        let started = Command::new(&path)
            .args(["--device", "cpu"])
            .envs(program.variables.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .and_then(|mut child| match (child.stdin.take(), child.stdout.take()) {
                (Some(requests), Some(events)) => Ok((child, requests, events)),
                _ => Err(io::Error::other("it has no pipes")),
            });
        let (child, requests, events) = started.map_err(|source| SaveError::Worker {
            program: path.clone(),
            source,
        })?;
        let mut worker = Self {
            path,
            child,
            requests,
            events: BufReader::new(events),
        };
        match worker.next()? {
            (Event::Ready(ready), _) if ready.protocol == VERSION => Ok(worker),
            (_, line) => Err(SaveError::Protocol(line)),
        }
    }

    /// Asks for the weights of one trial and waits for them.
    fn save(&mut self, train: &Train) -> Result<(), SaveError> {
        let trial = &train.trial;
        let line = to_line(&Request::SaveInit(train.clone()));
        let asked = self.requests.write_all(line.as_bytes());
        asked
            .and_then(|()| self.requests.flush())
            .map_err(|source| self.lost(source))?;
        match self.next()? {
            (Event::Saved(saved), _) if saved.trial == trial.id => Ok(()),
            (Event::Failed(failed), _) if failed.trial == trial.id => Err(SaveError::Refused {
                trial: format!("{}/{}", trial.config, trial.seed),
                failure: Failure::new(failed.class, &failed.message),
            }),
            (_, line) => Err(SaveError::Protocol(line)),
        }
    }

    /// The next event, and the line's beginning.
    fn next(&mut self) -> Result<(Event, String), SaveError> {
        let mut line = Vec::new();
        let read = (&mut self.events)
            .take(MAX_LINE as u64 + 1)
            .read_until(b'\n', &mut line);
        read.map_err(|source| self.lost(source))?;
        if line.is_empty() {
            return Err(self.lost(io::Error::other("it ended, and its last words are above")));
        }
        let text = String::from_utf8_lossy(&line);
        let start: String = text.chars().filter(|letter| !letter.is_control()).take(80).collect();
        match serde_json::from_slice(&line) {
            Ok(event) => Ok((event, start)),
            Err(_) => Err(SaveError::Protocol(start)),
        }
    }

    fn lost(&self, source: io::Error) -> SaveError {
        SaveError::Worker {
            program: self.path.clone(),
            source,
        }
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // It has nothing left to write: a file is renamed into place before the worker says so.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
