//! `seedband status`: where each trial stands, from the files alone.

mod text;
mod view;
mod watch;

use crate::args::Status;
use crate::exit::{DONE, Failure, INCOMPLETE, TRIALS_FAILED};
use crate::look::Look;
use crate::opened::Opened;
use crate::output;
use seedband_runner::runners;
use view::StudyView;

pub(crate) fn run(args: &Status) -> Result<u8, Failure> {
    let mut look = Look::new(Opened::new(&args.study, None)?)?;
    if let Some(every) = args.watch {
        return watch::watch(&mut look, every.0, args.json);
    }
    let view = view(&mut look, args.json)?;
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

/// Where the study stands now. Attempts are read only where asked for.
fn view(look: &mut Look, attempts: bool) -> Result<StudyView, Failure> {
    let statuses = look.statuses()?;
    StudyView::new(look, &statuses, runners(&look.opened.dir)?, attempts)
}
