//! `seedband status`: where each trial stands, from the files alone.

mod text;
mod watch;

use crate::args::Status;
use crate::exit::{DONE, Failure, INCOMPLETE, TRIALS_FAILED};
use crate::output;
use seedband::{StudyMonitor, StudyView};

pub(crate) fn run(args: &Status) -> Result<u8, Failure> {
    let mut monitor = StudyMonitor::new(args.study.open(None)?)?;
    if let Some(every) = args.watch {
        return watch::watch(&mut monitor, every.0, args.json);
    }
    // Attempts are read only where they are shown.
    let view = monitor.view(args.json)?;
    if args.json {
        output::json(&view)?;
    } else {
        output::data(&text::text(&view))?;
    }
    Ok(exit_status(&view))
}

/// The same as a `run` of the study would end with, if it found it so.
fn exit_status(view: &StudyView) -> u8 {
    match () {
        () if view.is_done() => DONE,
        () if view.counts.failed > 0 => TRIALS_FAILED,
        () => INCOMPLETE,
    }
}
