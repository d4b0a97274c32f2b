//! Showing a run or a download: bars on a terminal, plain lines elsewhere.

mod bars;
mod download;
mod lines;
mod notices;

pub(crate) use download::DownloadBar;

use seedband::{RunEvent, Tally};
use std::io::IsTerminal;

/// Shows the events of a run.
pub(crate) struct Progress {
    tally: Tally,
    show: Option<Box<dyn Show>>,
}

/// One way to show events.
trait Show {
    /// Called for every event, after the tally has counted it.
    fn event(&mut self, event: &RunEvent, tally: &Tally);
}

impl Progress {
    /// Bars on a terminal, lines elsewhere, nothing where `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let show: Option<Box<dyn Show>> = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => None,
            (false, true) => Some(Box::new(bars::Bars::new())),
            (false, false) => Some(Box::new(lines::Lines::new())),
        };
        Self {
            tally: Tally::new(),
            show,
        }
    }

    /// Shows one event.
    pub(crate) fn event(&mut self, event: &RunEvent) {
        self.tally.count(event);
        if let Some(show) = &mut self.show {
            show.event(event, &self.tally);
        }
    }
}
