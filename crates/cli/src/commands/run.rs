//! `seedband run`: run what is missing, aggregate, report.

use crate::args::{Run, command_line};
use crate::exit::{DONE, Failure, INCOMPLETE, INTERRUPTED, TRIALS_FAILED};
use crate::output;
use crate::progress::Progress;
use crate::run_summary::summarise;
use seedband::{Control, Outcome, RunOptions, StudySession};

pub(crate) fn run(args: &Run, quiet: bool) -> Result<u8, Failure> {
    let session = args.study.open(Some(&args.place))?;
    let options = RunOptions {
        update: args.update,
        retries: args.retries,
        max_fails: if args.fail_fast { Some(1) } else { args.max_fails },
        take_over: args.take_over.clone(),
        worker: args.worker.clone(),
        command: command_line(),
    };
    self::session(session, &options, quiet)
}

/// Runs a study with its progress on standard error and its result on standard output.
pub(super) fn session(mut session: StudySession, options: &RunOptions, quiet: bool) -> Result<u8, Failure> {
    let mut progress = Progress::new(quiet);
    let result = session.run(options, &Control::new(), |event| progress.event(event))?;
    if let Some(report) = &result.report {
        output::report(report, quiet)?;
    }
    summarise(&result.outcome, quiet);
    Ok(status(&result.outcome))
}

fn status(outcome: &Outcome) -> u8 {
    if outcome.interrupted > 0 || (outcome.left > 0 && !outcome.gave_up) {
        INTERRUPTED
    } else if !outcome.failed.is_empty() {
        TRIALS_FAILED
    } else if outcome.held + outcome.waiting > 0 {
        INCOMPLETE
    } else {
        DONE
    }
}
