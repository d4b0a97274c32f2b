//! A slot and its trial, as the dispatcher sees them.

use super::executor::Command;
use super::ledger::Open;
use crate::events::TrialName;
use crate::failure::Failure;
use crate::slots::Slot;
use seedband_core::trial::Trial;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

/// A slot as seen from here.
pub(super) struct Place {
    pub(super) slot: Slot,
    /// None before the run, and once nothing more is to come: the executor then lets its worker go.
    pub(super) commands: Option<UnboundedSender<Command>>,
    pub(super) running: Option<Running>,
    /// Starts in a row that gave no worker.
    pub(super) refusals: u32,
}

/// A trial at work.
pub(super) struct Running {
    pub(super) name: TrialName,
    pub(super) trial: Trial,
    pub(super) open: Open,
    pub(super) since: Instant,
    /// Why the trial fails whatever the worker makes of it.
    pub(super) condemned: Option<Failure>,
    /// Whether its worker has been told to be killed.
    pub(super) abandoned: bool,
}

impl Place {
    pub(super) fn new(slot: Slot) -> Self {
        Self {
            slot,
            commands: None,
            running: None,
            refusals: 0,
        }
    }

    /// Has the worker killed, if there is a trial at work.
    pub(super) fn abandon(&mut self) {
        if let Some(running) = &mut self.running
            && !running.abandoned
        {
            running.abandoned = true;
            self.send(Command::Abandon);
        }
    }

    pub(super) fn send(&self, command: Command) {
        if let Some(commands) = &self.commands {
            // A closed channel means that the executor panicked, which the loop passes on.
            let _ = commands.send(command);
        }
    }
}
