//! `seedband logs --follow`: what is written from now on too.

use super::print::PrintedLog;
use crate::exit::{DONE, Failure};
use crate::output::say;
use seedband::trial::TrialId;
use seedband::{LogLines, LogSelection, State, StudyMonitor, TrialName, TrialStatus};
use std::collections::HashMap;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Between two looks at the logs.
const LOGS: Duration = Duration::from_millis(200);
/// Between two looks at the whole study.
const STUDY: Duration = Duration::from_secs(1);

/// Follows what was asked for until it is over, or there is nobody to read it.
pub(super) fn follow(monitor: &mut StudyMonitor, selection: &LogSelection, lines: LogLines) -> Result<u8, Failure> {
    let mut followed = FollowedLogs {
        logs: HashMap::new(),
        states: HashMap::new(),
        lines,
    };
    loop {
        let statuses = monitor.statuses()?;
        let is_over = selection.is_over(&statuses)? || !monitor.is_running(&statuses)?;
        followed.update(selection, &statuses)?;
        let looked = Instant::now();
        while looked.elapsed() < STUDY {
            if !followed.more()? {
                return Ok(DONE);
            }
            sleep(LOGS);
            // The last that a worker wrote may come a moment after its trial has ended, so there is one round more.
            if is_over {
                followed.more()?;
                followed.close()?;
                return Ok(DONE);
            }
        }
    }
}

/// The logs that are followed.
struct FollowedLogs {
    logs: HashMap<TrialId, FollowedLog>,
    /// The state of each trial at the last look; empty before the first.
    states: HashMap<TrialId, &'static str>,
    /// How much of a log is printed that was there at the first look.
    lines: LogLines,
}

/// The log of one attempt.
struct FollowedLog {
    attempt: u32,
    log: PrintedLog,
    /// Whether the trial had ended at the last look.
    has_ended: bool,
}

impl FollowedLogs {
    /// Takes up the logs that are due, and lets those go whose trial ended a look ago.
    fn update(&mut self, selection: &LogSelection, statuses: &[TrialStatus]) -> Result<(), Failure> {
        let is_first = self.states.is_empty();
        for status in statuses {
            let (id, state) = (&status.trial.id, status.state.name());
            // A short trial is never seen to run, but its state has changed.
            let has_changed = self
                .states
                .insert(id.clone(), state)
                .is_some_and(|before| before != state);
            if selection.includes(status) || (has_changed && *selection == LogSelection::Running) {
                self.take_up(selection, status, is_first)?;
            }
            let Some(followed) = self.logs.get_mut(id) else {
                continue;
            };
            let has_ended = !matches!(status.state, State::Running { .. });
            if followed.has_ended && has_ended && *selection == LogSelection::Running {
                followed.log.more()?;
                followed.log.close()?;
                self.logs.remove(id);
            } else {
                followed.has_ended = has_ended;
            }
        }
        Ok(())
    }

    /// Follows the attempt of a trial that is due, if there is one and it is not followed yet.
    fn take_up(&mut self, selection: &LogSelection, status: &TrialStatus, is_first: bool) -> Result<(), Failure> {
        let Some(attempt) = selection.attempt(status)? else {
            return Ok(());
        };
        let id = &status.trial.id;
        if self.logs.get(id).is_some_and(|followed| followed.attempt == attempt) {
            return Ok(());
        }
        let name = TrialName::from(&status.trial).to_string();
        if let Some(mut before) = self.logs.remove(id) {
            before.log.more()?;
            before.log.close()?;
            say(&format!("{name}: attempt {attempt}"));
        }
        // One trial needs no name; of all that run there may be several by and by.
        let several = !matches!(selection, LogSelection::One { .. });
        let lines = if is_first { self.lines } else { LogLines::All };
        let followed = FollowedLog {
            attempt,
            log: PrintedLog::new(status.folder.log(attempt), several.then_some(name), lines),
            has_ended: false,
        };
        self.logs.insert(id.clone(), followed);
        Ok(())
    }

    /// Prints what has come; false once there is nobody to read it.
    fn more(&mut self) -> Result<bool, Failure> {
        for followed in self.logs.values_mut() {
            if !followed.log.more()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn close(&mut self) -> Result<(), Failure> {
        for followed in self.logs.values_mut() {
            followed.log.close()?;
        }
        Ok(())
    }
}
