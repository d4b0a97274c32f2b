//! Keeps a run's file from what the run tells.

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

/// Passes every event on to `listener` and keeps the file of `runner` up to date, until the last sender of `events` is gone.
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
                host: runner.host,
                pid: runner.pid,
                process_start: runner.process_start,
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
        fsio::write_unsynced(&self.dir.progress(&progress.runner), text.as_bytes())?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::TrialName;
    use crate::store::progress::runners;
    use seedband_core::files::curve::End;
    use seedband_core::trial::TrialId;

    fn writer(dir: &StudyDir) -> ProgressWriter {
        fs::create_dir_all(dir.journals()).unwrap();
        ProgressWriter::new(dir.clone(), RunnerIdentity::this_process())
    }

    fn name() -> TrialName {
        TrialName {
            id: TrialId::from("ab".repeat(16)),
            config: "plain".into(),
            seed: 3,
            training: None,
        }
    }

    fn planned(to_run: usize) -> RunEvent {
        RunEvent::Planned {
            to_run,
            finished: 2,
            slots: 1,
        }
    }

    #[test]
    fn the_file_follows_the_events_and_goes_with_the_last() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        let mut writer = writer(&dir);
        let events = [
            planned(4),
            RunEvent::SlotReady {
                slot: 0,
                device: "cpu".into(),
                worker: "a worker".into(),
            },
            RunEvent::TrialStarted {
                slot: 0,
                trial: name(),
                attempt: 2,
                steps: 100,
            },
            RunEvent::Step {
                slot: 0,
                step: 39,
                lr: 0.5,
                loss: f64::INFINITY,
            },
        ];
        for event in &events {
            writer.update(event);
        }
        writer.write_if_due();
        let read = runners(&dir).unwrap();
        assert_eq!(read, [writer.progress.clone()]);
        assert_eq!((read[0].to_run, read[0].before, read[0].finished), (4, 2, 0));
        assert!(read[0].seconds_left.is_some_and(|seconds| seconds >= 0.0));
        let slot = &read[0].slots[0];
        assert_eq!((slot.device.as_str(), slot.attempt), ("cpu", 2));
        assert_eq!((slot.step, slot.steps), (40, 100));
        assert_eq!((slot.lr, slot.loss), (Some(0.5), Some(f64::INFINITY)));

        writer.update(&RunEvent::TrialFinished {
            slot: 0,
            trial: name(),
            end: End::NonFinite,
            steps: 40,
            seconds: 1.0,
        });
        assert_eq!(
            runners(&dir).unwrap()[0].slots.len(),
            1,
            "nothing is written before the next tick"
        );
        writer.write_if_due();
        let read = runners(&dir).unwrap();
        assert_eq!((read[0].finished, read[0].slots.len()), (1, 0));

        writer.update(&RunEvent::Done);
        writer.write_if_due();
        assert_eq!(dir.progresses().unwrap(), [] as [std::path::PathBuf; 0]);
    }

    #[test]
    fn a_run_without_trials_keeps_nothing_and_one_that_ends_early_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        let mut idle = writer(&dir);
        idle.update(&planned(0));
        idle.write_if_due();
        assert!(dir.progresses().unwrap().is_empty());
        let mut busy = writer(&dir);
        busy.update(&planned(1));
        busy.write_if_due();
        assert_eq!(dir.progresses().unwrap().len(), 1);
        drop(busy);
        assert!(dir.progresses().unwrap().is_empty());
    }

    #[test]
    fn a_place_that_cannot_be_written_is_no_error_and_is_tried_again() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        let mut writer = ProgressWriter::new(dir.clone(), RunnerIdentity::this_process());
        writer.update(&planned(1));
        writer.write_if_due();
        assert!(dir.progresses().unwrap().is_empty());
        fs::create_dir(dir.journals()).unwrap();
        writer.write_if_due();
        assert_eq!(dir.progresses().unwrap().len(), 1);
    }

    #[test]
    fn the_first_write_clears_what_dead_runners_left() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        let mut writer = writer(&dir);
        fs::write(dir.progress("dead"), "torn").unwrap();
        writer.update(&planned(1));
        writer.write_if_due();
        assert_eq!(dir.progresses().unwrap(), [dir.progress(&writer.progress.runner)]);
    }
}
