//! A data set on its way: a bar on a terminal; elsewhere a line where something does not go as planned, and no other.

use super::bars::style;
use super::notices::when;
use crate::output::say;
use indicatif::{ProgressBar, ProgressDrawTarget};
use seedband::fetch::Progress;

/// Shows how far a download is.
pub(crate) struct DownloadBar {
    quiet: bool,
    /// That of the file that comes; draws nothing where standard error is no terminal.
    bar: Option<ProgressBar>,
}

impl DownloadBar {
    /// Says nothing where `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet, bar: None }
    }

    /// The bar of a file of which `have` bytes are there.
    fn of(file: &str, size: u64, have: u64) -> ProgressBar {
        let template =
            "{prefix:26!} {bar:30} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta:>4} {msg}";
        ProgressBar::with_draw_target(Some(size), ProgressDrawTarget::stderr_with_hz(10))
            .with_style(style(template))
            .with_prefix(file.to_owned())
            .with_position(have)
    }

    /// Shows one event.
    pub(crate) fn show(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Download { file, size, have } => {
                self.end();
                self.bar = (!self.quiet).then(|| Self::of(file, size, have));
            }
            Progress::Received { have } => self.set(|bar| bar.set_position(have)),
            Progress::Checking { .. } => self.set(|bar| bar.set_message("checking")),
            Progress::Unpacking { .. } => self.set(|bar| bar.set_message("unpacking")),
            Progress::Waiting => self.say("another process fetches the same data set to the same place: waiting"),
            Progress::Retry { file, problem, pause } => {
                self.say(&format!("{file}: {problem}; again {}", when(pause)));
            }
            Progress::NextServer { address, problem } => {
                self.say(&format!("{address}: {problem}; trying the next server"));
            }
            _ => {}
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.set(ProgressBar::finish_and_clear);
    }

    fn set(&self, change: impl FnOnce(&ProgressBar)) {
        if let Some(bar) = &self.bar {
            change(bar);
        }
    }

    fn say(&self, text: &str) {
        match &self.bar {
            _ if self.quiet => {}
            Some(bar) => bar.suspend(|| say(text)),
            None => say(text),
        }
    }
}
