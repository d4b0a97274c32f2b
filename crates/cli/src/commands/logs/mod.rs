//! `seedband logs`: what the workers of trials wrote to standard error.

mod file;
mod follow;
mod name;

use crate::args::{Lines, Logs};
use crate::exit::{DONE, Failure};
use crate::look::Look;
use crate::opened::Opened;
use crate::output::say;
use file::LogFile;
use seedband_core::trial::TrialId;
use seedband_runner::{State, TrialName, TrialStatus};

/// Which trials.
enum Asked {
    /// This one; in this attempt, or the last one.
    One {
        id: TrialId,
        name: String,
        attempt: Option<u32>,
    },
    /// Those that run.
    Running,
    /// Those that failed.
    Failed,
}

impl Asked {
    fn includes(&self, status: &TrialStatus) -> bool {
        match self {
            Self::One { id, .. } => status.trial.id == *id,
            Self::Running => matches!(status.state, State::Running { .. }),
            Self::Failed => matches!(status.state, State::Failed { .. }),
        }
    }

    /// The attempt to show of a trial; none where it has none yet.
    fn attempt(&self, status: &TrialStatus) -> Result<Option<u32>, Failure> {
        let numbers = status.folder.attempt_numbers()?;
        let Self::One {
            name,
            attempt: Some(wanted),
            ..
        } = self
        else {
            return Ok(numbers.last().copied());
        };
        if numbers.contains(wanted) {
            return Ok(Some(*wanted));
        }
        let there: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        Err(Failure::setup(match there.len() {
            0 => format!("`{name}` has not been run yet"),
            _ => format!("`{name}` has no attempt {wanted}; there are {}", there.join(", ")),
        }))
    }
}

pub(crate) fn run(args: &Logs) -> Result<u8, Failure> {
    let mut look = Look::new(Opened::new(&args.study, None)?)?;
    let statuses = look.statuses()?;
    let is_run = look.is_run(&statuses)?;
    let asked = match &args.trial {
        Some(text) => {
            let (id, name) = name::find(&look.trials, text)?;
            let attempt = args.attempt;
            Asked::One { id, name, attempt }
        }
        None if args.failed => Asked::Failed,
        // While a run is between trials there is something to wait for.
        None if args.follow && is_run => Asked::Running,
        None if statuses.iter().any(|status| Asked::Running.includes(status)) => Asked::Running,
        None => Asked::Failed,
    };
    if args.follow && is_run {
        return follow::follow(&mut look, &asked, args.lines);
    }
    print(&statuses, &asked, args.lines)
}

/// Prints what is there.
fn print(statuses: &[TrialStatus], asked: &Asked, lines: Lines) -> Result<u8, Failure> {
    let mut files = Vec::new();
    for status in statuses.iter().filter(|status| asked.includes(status)) {
        if let Some(attempt) = asked.attempt(status)? {
            files.push((TrialName::from(&status.trial).to_string(), status.folder.log(attempt)));
        }
    }
    if files.is_empty() {
        return match asked {
            Asked::One { name, .. } => Err(Failure::setup(format!("`{name}` has not been run yet"))),
            Asked::Running | Asked::Failed => {
                say("no trial runs, and none has failed; name one to see its log");
                Ok(DONE)
            }
        };
    }
    let several = files.len() > 1;
    for (name, path) in files {
        let mut file = LogFile::new(path, several.then_some(name), lines);
        if !(file.more()? && file.close()?) {
            break;
        }
    }
    Ok(DONE)
}
