//! `seedband status --watch`: the same again and again, until there is nothing to wait for.

use super::{exit_status, text};
use crate::exit::{DONE, Failure};
use crate::output::{self, say};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use seedband::format::count;
use seedband::{StudyMonitor, StudyView, printable};
use std::io::IsTerminal;
use std::thread::sleep;
use std::time::Duration;

/// Shows where the study stands whenever it has changed, looking `every` so often. Ends with the exit status of
/// `status` when nothing is left to run or nobody runs it, and says which.
pub(super) fn watch(monitor: &mut StudyMonitor, every: Duration, json: bool) -> Result<u8, Failure> {
    let mut screen = Screen::new(json);
    loop {
        let view = monitor.view(json)?;
        if !screen.show(&view)? {
            return Ok(DONE);
        }
        if view.is_done() || view.runners.is_empty() {
            screen.leave(&view)?;
            say(&last_word(&view, monitor));
            return Ok(exit_status(&view));
        }
        sleep(every);
    }
}

fn last_word(view: &StudyView, monitor: &StudyMonitor) -> String {
    if view.is_done() {
        return "nothing is left to run".into();
    }
    let mut left = Vec::new();
    if view.left() > 0 {
        left.push(format!("{} to run", count(view.left(), "trial")));
    }
    if view.counts.failed > 0 {
        left.push(format!("{} failed", view.counts.failed));
    }
    format!(
        "nobody runs the study now: {}; go on with `seedband run {}`",
        left.join(", "),
        monitor.session().file().display()
    )
}

/// Where a watched study is shown.
enum Screen {
    /// A terminal: what was written is written over.
    Terminal(ProgressBar),
    /// Anything else: a block, or a line of JSON, at each change.
    Stream { json: bool, last: Option<StudyView> },
}

impl Screen {
    fn new(json: bool) -> Self {
        if json || !std::io::stdout().is_terminal() {
            return Self::Stream { json, last: None };
        }
        let style = ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        Self::Terminal(ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout()).with_style(style))
    }

    /// False once there is nobody to show it to.
    fn show(&mut self, view: &StudyView) -> Result<bool, Failure> {
        match self {
            Self::Terminal(bar) => {
                bar.set_message(printable(text::text(view).trim_end()).into_owned());
                Ok(true)
            }
            // The time left changes all the time, and is shown when something else does.
            Self::Stream { last: Some(last), .. } if last.trials == view.trials && have_same_runners(last, view) => {
                Ok(true)
            }
            Self::Stream { json, last } => {
                let is_first = last.replace(view.clone()).is_none();
                if *json {
                    return output::is_read_as_is(&output::json_line(view)?);
                }
                let gap = if is_first { "" } else { "\n" };
                output::is_read(&format!("{gap}{}", text::text(view)))
            }
        }
    }

    /// Leaves the whole of the last view on a terminal, where a small screen may have cut it.
    fn leave(self, view: &StudyView) -> Result<(), Failure> {
        match self {
            Self::Terminal(bar) => {
                bar.finish_and_clear();
                output::data(&text::text(view))
            }
            Self::Stream { .. } => Ok(()),
        }
    }
}

fn have_same_runners(one: &StudyView, other: &StudyView) -> bool {
    let runners = |view: &StudyView| -> Vec<(String, u32)> {
        view.runners
            .iter()
            .map(|runner| (runner.host.clone(), runner.pid))
            .collect()
    };
    runners(one) == runners(other)
}
