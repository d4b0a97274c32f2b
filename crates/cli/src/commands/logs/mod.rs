//! `seedband logs`: what the workers of trials wrote to standard error.

mod follow;
mod print;

use crate::args::Logs;
use crate::exit::{DONE, Failure};
use crate::output::say;
use print::PrintedLog;
use seedband::{Error, LogLines, LogSelection, StudyMonitor, TrialName, TrialStatus};

pub(crate) fn run(args: &Logs) -> Result<u8, Failure> {
    let mut monitor = StudyMonitor::new(args.study.open(None)?)?;
    let statuses = monitor.statuses()?;
    let is_running = monitor.is_running(&statuses)?;
    let any_runs = statuses.iter().any(|status| LogSelection::Running.includes(status));
    let selection = match &args.trial {
        Some(text) => LogSelection::one(&monitor.trials().ready, text, args.attempt)?,
        None if args.failed => LogSelection::Failed,
        // While a run is between trials there is something to wait for.
        None if any_runs || (args.follow && is_running) => LogSelection::Running,
        None => LogSelection::Failed,
    };
    if args.follow && is_running {
        return follow::follow(&mut monitor, &selection, args.lines.0);
    }
    print(&statuses, &selection, args.lines.0)
}

/// Prints what is there.
fn print(statuses: &[TrialStatus], selection: &LogSelection, lines: LogLines) -> Result<u8, Failure> {
    let mut files = Vec::new();
    for status in statuses.iter().filter(|status| selection.includes(status)) {
        if let Some(attempt) = selection.attempt(status)? {
            files.push((TrialName::from(&status.trial).to_string(), status.folder.log(attempt)));
        }
    }
    if files.is_empty() {
        return match selection {
            LogSelection::One { name, .. } => Err(Error::NotRunYet { trial: name.clone() }.into()),
            LogSelection::Running | LogSelection::Failed => {
                say("no trial runs, and none has failed; name one to see its log");
                Ok(DONE)
            }
        };
    }
    let several = files.len() > 1;
    for (name, path) in files {
        let mut log = PrintedLog::new(path, several.then_some(name), lines);
        if !(log.more()? && log.close()?) {
            break;
        }
    }
    Ok(DONE)
}
