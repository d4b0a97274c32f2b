//! Keeps a run's file from what the run tells.

#[cfg(test)]
mod tests;

use crate::events::RunEvent;
use crate::store::identity::RunnerIdentity;
use crate::store::progress::{Progress, SlotProgress, VERSION, leftovers};
use crate::tally::Tally;
use jiff::Timestamp;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::{MissedTickBehavior, interval_at};

/// Shortest time between two writes.
const PERIOD: Duration = Duration::from_secs(1);
/// Longest time between two writes, so that another host can tell a silent runner from one that is gone.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Passes every event on to `listener` and keeps the file of `runner` up to date, until the last sender of `events` is
/// gone.
pub(crate) async fn relay(
    dir: StudyDir,
    runner: RunnerIdentity,
    mut events: UnboundedReceiver<RunEvent>,
    listener: UnboundedSender<RunEvent>,
) {
    let mut writer = ProgressWriter::new(dir, runner);
    // Not at once: by the first tick the first trials are under way.
    let mut ticks = interval_at(tokio::time::Instant::now() + PERIOD, PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            event = events.recv() => {
                let Some(event) = event else { break };
                writer.update(&event);
                // A listener that has gone is no error.
                let _ = listener.send(event);
            }
            _ = ticks.tick() => writer.write_if_due(),
        }
    }
}

/// The file of one run. Dropping it removes the file.
struct ProgressWriter {
    dir: StudyDir,
    progress: Progress,
    tally: Tally,
    /// Device of each slot whose worker is up.
    devices: HashMap<usize, String>,
    under_way: BTreeMap<usize, SlotProgress>,
    /// Whether something has happened since the file was written.
    is_stale: bool,
    written: Option<Instant>,
}

impl ProgressWriter {
    fn new(dir: StudyDir, runner: RunnerIdentity) -> Self {
        let now = Timestamp::now();
        Self {
            dir,
            progress: Progress {
                version: VERSION,
                runner: runner.name,
                process: runner.process,
                since: now,
                at: now,
                to_run: 0,
                before: 0,
                finished: 0,
                failed: 0,
                seconds_left: None,
                slots: Vec::new(),
            },
            tally: Tally::new(),
            devices: HashMap::new(),
            under_way: BTreeMap::new(),
            is_stale: false,
            written: None,
        }
    }

    fn update(&mut self, event: &RunEvent) {
        self.tally.count(event);
        // A run without trials keeps nothing, and after the last event nothing is under way.
        self.is_stale = self.tally.to_run > 0 && *event != RunEvent::Done;
        match event {
            RunEvent::SlotReady { slot, device, .. } => {
                self.devices.insert(*slot, device.clone());
            }
            RunEvent::TrialStarted {
                slot,
                trial,
                attempt,
                steps,
            } => {
                let started = SlotProgress {
                    slot: *slot,
                    device: self.devices.get(slot).cloned().unwrap_or_default(),
                    trial: trial.id.clone(),
                    attempt: *attempt,
                    since: Timestamp::now(),
                    step: 0,
                    steps: *steps,
                    lr: None,
                    loss: None,
                };
                self.under_way.insert(*slot, started);
            }
            RunEvent::Step { slot, step, lr, loss } => {
                if let Some(under_way) = self.under_way.get_mut(slot) {
                    under_way.step = step + 1;
                    (under_way.lr, under_way.loss) = (Some(*lr), Some(*loss));
                }
            }
            RunEvent::TrialFinished { slot, .. }
            | RunEvent::TrialFailed { slot, .. }
            | RunEvent::TrialRetried { slot, .. }
            | RunEvent::TrialInterrupted { slot, .. } => {
                self.under_way.remove(slot);
            }
            RunEvent::Done => self.remove(),
            _ => {}
        }
    }

    /// Writes the file where there is reason to.
    fn write_if_due(&mut self) {
        let silent = self.written.is_some_and(|written| written.elapsed() >= HEARTBEAT);
        if !(self.is_stale || silent) {
            return;
        }
        if let Err(error) = self.write() {
            // On a full disk trials have more to lose than this.
            tracing::debug!(%error, "the progress cannot be written");
        }
    }

    fn write(&mut self) -> Result<(), FsError> {
        let tally = &self.tally;
        let progress = &mut self.progress;
        progress.at = Timestamp::now();
        (progress.to_run, progress.before) = (tally.to_run, tally.before);
        (progress.finished, progress.failed) = (tally.finished, tally.failed);
        progress.seconds_left = tally.seconds_left();
        progress.slots = self.under_way.values().cloned().collect();
        let text = seedband_core::protocol::to_line(progress);
        let path = self.dir.progress(&progress.runner);
        self.dir.check(&path)?;
        fsio::write_unsynced(&path, text.as_bytes())?;
        self.is_stale = false;
        if self.written.replace(Instant::now()).is_none() {
            // The first one of a run clears up behind those before it.
            for path in leftovers(&self.dir)? {
                let _ = fs::remove_file(path);
            }
        }
        Ok(())
    }

    fn remove(&mut self) {
        if self.written.take().is_some() {
            let _ = fs::remove_file(self.dir.progress(&self.progress.runner));
        }
    }
}

impl Drop for ProgressWriter {
    fn drop(&mut self) {
        self.remove();
    }
}
