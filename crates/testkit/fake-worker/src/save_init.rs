//! Initial weights without training.

use crate::Result;
use crate::behaviour::Behaviour;
use crate::misbehave::hang;
use crate::output::{say, write};
use crate::script::Script;
use crate::shared_folder::SharedFolder;
use seedband_core::protocol::{Event, Failed, FailureClass, Saved, Train};
use seedband_core::trial::{Trial, TrialId};
use std::process::exit;

/// Writes the initial weights of a trial. Of the behaviours it knows `fail`, `hang`, `garbage`, `wrong-trial` and
/// `exit`.
pub(crate) fn save_init(request: &Train, script: &Script, folder: &SharedFolder) -> Result {
    let trial = &request.trial;
    let mut id = trial.id.clone();
    match script.behaviour(trial, folder).1 {
        Behaviour::Fail(class) => return fail(trial, class),
        Behaviour::Hang => hang(),
        Behaviour::Garbage => return write(b"saved!\n"),
        Behaviour::Exit(status) => exit(status),
        Behaviour::WrongTrial => id = other_trial(),
        _ => {}
    }
    write_init(request)?;
    say(&Event::Saved(Saved { trial: id }))
}

/// Writes the trial's id where its initial weights would stand.
pub(crate) fn write_init(request: &Train) -> Result {
    if let Some(path) = &request.init_path {
        std::fs::write(path, request.trial.id.as_str())?;
    }
    Ok(())
}

/// Reports a failure.
pub(crate) fn fail(trial: &Trial, class: FailureClass) -> Result {
    say(&Event::Failed(Failed {
        trial: trial.id.clone(),
        class,
        message: "as the script says".into(),
    }))
}

/// A trial that nobody has asked for.
pub(crate) fn other_trial() -> TrialId {
    TrialId::from("somebody else's".to_owned())
}
