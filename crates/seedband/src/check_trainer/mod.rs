//! Whether a program is fit to train: a few short trials, and what they show, in the words of who wrote it.

mod findings;
mod watch;

pub use findings::{Finding, Level};

use crate::error::Error;
use crate::run::RunOptions;
use crate::session::{OpenOptions, StudySession};
use findings::Trials;
use seedband_core::files::curve::Curve;
use seedband_core::files::fsio;
use seedband_runner::{Control, RunError};
use std::path::Path;
use std::time::Duration;
use toml::Value;

/// Steps of each trial.
const STEPS: u32 = 12;

/// How long nothing may come of a trial.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Trains a few trials of 12 steps by `command`, which is run in `folder`: a seed, the same once more, another
/// one, and one at learning rates at which nothing can move. Nothing of it is kept.
///
/// Blocks until it is over. Once in a process, for signals are handled.
///
/// # Errors
/// There is no such program, or the folder for temporary files cannot be used.
pub fn check_trainer(command: &[String], folder: &Path, patience: Duration) -> Result<Vec<Finding>, Error> {
    let place = tempfile::tempdir().map_err(|source| Error::Temporary { source })?;
    let file = place.path().join("check.toml");
    fsio::write_atomic(&file, study(command, folder).as_bytes())?;
    let options = OpenOptions::default().results(place.path());
    let mut session = StudySession::open(&file, &options)?;
    let control = Control::new();
    let watch = watch::Watch::start(control.clone(), patience);
    let result = session.run(&RunOptions::default(), &control, |event| watch.event(event));
    let seen = watch.stop();
    let outcome = match result {
        Ok(result) => result.outcome,
        // It never became ready, however often it was started.
        Err(Error::Run(RunError::NoDevice { message, log })) => return Ok(vec![Finding::no_start(message, &log)]),
        Err(error) => return Err(error),
    };
    let curve = |config: &str, seed: u64| {
        let trials = session.trials().ok()?;
        let trial = trials.ready.iter().map(|train| &train.trial);
        let trial = trial
            .into_iter()
            .find(|trial| trial.config == config && trial.seed == seed)?;
        Curve::read(&session.dir().index().ok()?.find(&trial.id).ok()??.curve()).ok()
    };
    let trials = Trials {
        first: curve("first", 0),
        again: curve("again", 0),
        other_seed: curve("first", 1),
        standing: curve("standing", 0),
    };
    Ok(findings::of(&trials, &outcome, &seen))
}

/// One trial at a time, so that all have the machine alike.
fn study(command: &[String], folder: &Path) -> String {
    let words = Value::Array(command.iter().cloned().map(Value::String).collect());
    let folder = Value::String(folder.display().to_string());
    format!(
        "name = \"check\"\nseeds = [0, 1]\n[stop]\nkind = \"never\"\n[run]\ncpu-slots = 1\ngpu-slots = 1\nretries = 0\n\
         [trainer]\ncommand = {words}\nworking-dir = {folder}\n\
         [schedule]\nstart = 1e-5\nend = 1e-2\nsteps = {STEPS}\n\
         [[config]]\nname = \"first\"\n\
         # A flag that is left out: the same command line, and another trial.\n\
         [[config]]\nname = \"again\"\ntrainer.args.again = false\n\
         [[config]]\nname = \"standing\"\nschedule.start = 1e-30\nschedule.end = 1e-29\n"
    )
}
