//! Bars on a terminal: one line a slot with step, loss and time left, and one for the whole run.

use super::Show;
use super::notices::notice;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use seedband::format::whole_seconds;
use seedband::{RunEvent, Tally, printable};

/// Bars that live as long as the run.
pub(super) struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    slots: Vec<ProgressBar>,
}

impl Bars {
    pub(super) fn new() -> Self {
        // Ten draws a second are plenty for an eye, however fast steps come.
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        let total = all.add(ProgressBar::new(0).with_style(style("{bar:30} {pos}/{len} trials{msg}")));
        Self {
            all,
            total,
            slots: Vec::new(),
        }
    }

    fn slot(&mut self, slot: usize) -> &ProgressBar {
        while self.slots.len() <= slot {
            let bar = ProgressBar::new(0).with_style(style("{prefix:24!} {bar:30} {pos:>4}/{len:4} {eta:>4} {msg}"));
            self.slots.push(self.all.insert_before(&self.total, bar));
        }
        &self.slots[slot]
    }

    fn say(&self, text: &str) {
        // A terminal that cannot be written to is nobody's loss.
        let _ = self.all.println(printable(text));
    }
}

/// A style from a template of ours; a wrong one would show as the plain default.
pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━╸─")
}

impl Show for Bars {
    fn event(&mut self, event: &RunEvent, tally: &Tally) {
        let left = tally
            .seconds_left()
            .map(|seconds| format!(", {} left", whole_seconds(seconds)))
            .unwrap_or_default();
        let failed = if tally.failed > 0 {
            format!(", {} failed", tally.failed)
        } else {
            String::new()
        };
        let before = if tally.before > 0 {
            format!(", {} before", tally.before)
        } else {
            String::new()
        };
        self.total.set_length(tally.to_run as u64);
        self.total.set_position(tally.over() as u64);
        self.total.set_message(format!("{failed}{before}{left}"));
        match event {
            RunEvent::SlotReady { slot, device, .. } => self
                .slot(*slot)
                .set_message(format!("{}, loading data", printable(device))),
            RunEvent::TrialStarted { slot, trial, steps, .. } => {
                let bar = self.slot(*slot);
                bar.set_prefix(printable(&trial.to_string()).into_owned());
                bar.set_length(u64::from(*steps));
                // The time left is that of this trial, not of the slot's earlier ones.
                bar.reset();
            }
            RunEvent::Step { slot, lr, loss, .. } => {
                let done = u64::from(tally.steps(*slot).0);
                let bar = self.slot(*slot);
                bar.set_position(done);
                bar.set_message(format!("lr {lr:.1e}  loss {loss:.3}"));
            }
            RunEvent::TrialFailed {
                trial, class, message, ..
            } => {
                self.say(&format!("{trial}: failed ({}): {message}", class.name()));
            }
            RunEvent::Done => {
                for bar in &self.slots {
                    bar.finish_and_clear();
                }
                self.total.finish_and_clear();
            }
            _ => {
                if let Some(text) = notice(event) {
                    self.say(&text);
                }
            }
        }
    }
}
