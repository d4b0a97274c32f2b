//! A data set on its way: a bar on a terminal; elsewhere a line where something does not go as planned, and no other.

use super::bars::style;
use crate::output::say;
use indicatif::{ProgressBar, ProgressDrawTarget};
use seedband::fetch::Progress;
use seedband::format::whole_seconds;

/// Shows how far a download is.
pub(crate) struct DownloadBar {
    quiet: bool,
    /// Begins with the first byte; draws nothing where standard error is no terminal.
    bar: Option<ProgressBar>,
}

impl DownloadBar {
    /// Says nothing where `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet, bar: None }
    }

    /// The bar as it is before the first byte.
    fn empty(quiet: bool) -> ProgressBar {
        let target = if quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(10)
        };
        let template =
            "{prefix:26!} {bar:30} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta:>4} {msg}";
        ProgressBar::with_draw_target(None, target).with_style(style(template))
    }

    /// Shows one event.
    pub(crate) fn show(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Download { file, size, have } => {
                let bar = self.bar.get_or_insert_with(|| Self::empty(self.quiet));
                bar.set_prefix(file.to_owned());
                bar.set_message("");
                bar.set_length(size);
                bar.set_position(have);
                // The speed is that of the bytes that come now.
                bar.reset_eta();
            }
            Progress::Received { have } => self.set(|bar| bar.set_position(have)),
            Progress::Checking { .. } => self.set(|bar| bar.set_message("checking")),
            Progress::Unpacking { .. } => self.set(|bar| bar.set_message("unpacking")),
            Progress::Waiting => self.say("another process fetches the same data set to the same place: waiting"),
            Progress::Retry { file, problem, pause } => {
                let when = if pause.is_zero() {
                    "at once".to_owned()
                } else {
                    format!("after {}", whole_seconds(pause.as_secs_f64()))
                };
                self.say(&format!("{file}: {problem}; again {when}"));
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
