//! A data set on its way: a bar on a terminal; elsewhere a line where something does not go as planned, and no other.

use super::bars::style;
use crate::output::say;
use indicatif::{ProgressBar, ProgressDrawTarget};
use seedband::fetch::Progress;
use seedband::format::whole_seconds;

/// Shows how far a download is.
pub(crate) struct DownloadBar {
    /// Draws nothing where standard error is no terminal.
    bar: ProgressBar,
    quiet: bool,
}

impl DownloadBar {
    /// Says nothing where `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let target = if quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(10)
        };
        let template =
            "{prefix:26!} {bar:30} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta:>4} {msg}";
        let bar = ProgressBar::with_draw_target(None, target).with_style(style(template));
        Self { bar, quiet }
    }

    /// Shows one event.
    pub(crate) fn show(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Download { file, size, have } => {
                self.bar.set_prefix(file.to_owned());
                self.bar.set_message("");
                self.bar.set_length(size);
                self.bar.set_position(have);
                // The speed is that of the bytes that come now.
                self.bar.reset_eta();
            }
            Progress::Received { have } => self.bar.set_position(have),
            Progress::Checking { .. } => self.bar.set_message("checking"),
            Progress::Unpacking { .. } => self.bar.set_message("unpacking"),
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
        self.bar.finish_and_clear();
    }

    fn say(&self, text: &str) {
        if !self.quiet {
            self.bar.suspend(|| say(text));
        }
    }
}
