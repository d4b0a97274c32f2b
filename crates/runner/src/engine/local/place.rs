//! A slot and its trial, as the dispatcher sees them.

use super::executor::Command;
use super::ledger::Open;
use super::work::Task;
use crate::awake::Moment;
use crate::events::TrialName;
use crate::failure::Failure;
use crate::slots::Slot;
use tokio::sync::mpsc::UnboundedSender;

/// A slot as seen from here.
pub(super) struct Place {
    pub(super) slot: Slot,
    /// Index of its device.
    pub(super) device: usize,
    /// None before the run, and once it is over: the executor then lets its worker go and ends.
    pub(super) commands: Option<UnboundedSender<Command>>,
    pub(super) running: Option<Running>,
    /// Whether it may have a worker.
    pub(super) has_worker: bool,
}

/// A trial at work.
pub(super) struct Running {
    pub(super) name: TrialName,
    pub(super) task: Task,
    pub(super) open: Open,
    pub(super) since: Moment,
    /// How crowded its device and the machine were when it began, as stamps of their crowds.
    pub(super) stamps: (u32, u32),
    /// The most trials that were at work beside it since it began: on its device, and on the machine.
    pub(super) beside: (usize, usize),
    /// Why the trial fails whatever the worker makes of it.
    pub(super) condemned: Option<Failure>,
    /// Whether its worker has been told to be killed.
    pub(super) abandoned: bool,
}

impl Place {
    pub(super) fn new(slot: Slot, device: usize) -> Self {
        Self {
            slot,
            device,
            commands: None,
            running: None,
            has_worker: false,
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

    /// Whether it has a worker that trains nothing.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_none() && self.has_worker
    }

    /// Has an idle worker end, so that its memory is free for the others.
    pub(super) fn dismiss(&mut self) {
        self.has_worker = false;
        self.send(Command::Dismiss);
    }

    pub(super) fn send(&self, command: Command) {
        if let Some(commands) = &self.commands {
            // A closed channel means that the executor panicked, which the loop passes on.
            let _ = commands.send(command);
        }
    }
}
