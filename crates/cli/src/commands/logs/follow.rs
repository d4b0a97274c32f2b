//! `seedband logs --follow`: what is written from now on too.

use super::Asked;
use super::file::LogFile;
use crate::args::Lines;
use crate::exit::{DONE, Failure};
use crate::look::Look;
use crate::output::say;
use seedband_core::trial::TrialId;
use seedband_runner::{State, TrialName, TrialStatus};
use std::collections::HashMap;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Between two looks at the logs.
const LOGS: Duration = Duration::from_millis(200);
/// Between two looks at the whole study.
const STUDY: Duration = Duration::from_secs(1);

/// Follows what was asked for until it is over, or there is nobody to read it.
pub(super) fn follow(look: &mut Look, asked: &Asked, lines: Lines) -> Result<u8, Failure> {
    let mut followed = Followed {
        logs: HashMap::new(),
        states: HashMap::new(),
        lines,
    };
    loop {
        let statuses = look.statuses()?;
        let over = is_over(look, asked, &statuses)?;
        followed.look(asked, &statuses)?;
        let looked = Instant::now();
        while looked.elapsed() < STUDY {
            if !followed.more()? {
                return Ok(DONE);
            }
            sleep(LOGS);
            // The last that a worker wrote may come a moment after its trial has ended, so there is one round more.
            if over {
                followed.more()?;
                followed.close()?;
                return Ok(DONE);
            }
        }
    }
}

/// Whether nothing more is to come.
fn is_over(look: &Look, asked: &Asked, statuses: &[TrialStatus]) -> Result<bool, Failure> {
    if let Asked::One { id, attempt, .. } = asked
        && let Some(status) = statuses.iter().find(|status| status.trial.id == *id)
    {
        let later = match (attempt, status.folder.attempt_numbers()?.last()) {
            (Some(wanted), Some(last)) => last > wanted,
            _ => false,
        };
        if later || status.state.has_curve() || matches!(status.state, State::Failed { .. }) {
            return Ok(true);
        }
    }
    Ok(!look.is_run(statuses)?)
}

/// The logs that are followed.
struct Followed {
    logs: HashMap<TrialId, Log>,
    /// The state of each trial at the last look; empty before the first.
    states: HashMap<TrialId, &'static str>,
    /// How much of a log is printed that was there at the first look.
    lines: Lines,
}

/// The log of one attempt.
struct Log {
    attempt: u32,
    file: LogFile,
    /// Whether the trial had ended at the last look.
    ended: bool,
}

impl Followed {
    /// Takes up the logs that are due, and lets those go whose trial ended a look ago.
    fn look(&mut self, asked: &Asked, statuses: &[TrialStatus]) -> Result<(), Failure> {
        let first = self.states.is_empty();
        for status in statuses {
            let (id, state) = (&status.trial.id, status.state.name());
            // A short trial is never seen to run, but its state has changed.
            let is_news = self
                .states
                .insert(id.clone(), state)
                .is_some_and(|before| before != state);
            let is_due = asked.includes(status) || (is_news && matches!(asked, Asked::Running));
            if is_due {
                self.take_up(asked, status, first)?;
            }
            let Some(log) = self.logs.get_mut(id) else { continue };
            let ended = !matches!(status.state, State::Running { .. });
            if log.ended && ended && matches!(asked, Asked::Running) {
                log.file.more()?;
                log.file.close()?;
                self.logs.remove(id);
            } else {
                log.ended = ended;
            }
        }
        Ok(())
    }

    /// Follows the attempt of a trial that is due, if there is one and it is not followed yet.
    fn take_up(&mut self, asked: &Asked, status: &TrialStatus, first: bool) -> Result<(), Failure> {
        let Some(attempt) = asked.attempt(status)? else {
            return Ok(());
        };
        let id = &status.trial.id;
        if self.logs.get(id).is_some_and(|log| log.attempt == attempt) {
            return Ok(());
        }
        let name = TrialName::from(&status.trial).to_string();
        if let Some(mut before) = self.logs.remove(id) {
            before.file.more()?;
            before.file.close()?;
            say(&format!("{name}: attempt {attempt}"));
        }
        // One trial needs no name; of all that run there may be several by and by.
        let several = !matches!(asked, Asked::One { .. });
        let lines = if first { self.lines } else { Lines::All };
        let file = LogFile::new(status.folder.log(attempt), several.then_some(name), lines);
        let ended = false;
        self.logs.insert(id.clone(), Log { attempt, file, ended });
        Ok(())
    }

    /// Prints what has come; false once there is nobody to read it.
    fn more(&mut self) -> Result<bool, Failure> {
        for log in self.logs.values_mut() {
            if !log.file.more()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn close(&mut self) -> Result<(), Failure> {
        for log in self.logs.values_mut() {
            log.file.close()?;
        }
        Ok(())
    }
}
