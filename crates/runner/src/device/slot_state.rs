//! A slot and its trial, as the dispatcher sees them.

use crate::device::slots::Slot;
use crate::engine::executor::Command;
use crate::engine::queue::Task;
use crate::engine::run_store::Open;
use crate::events::TrialName;
use crate::failure::Failure;
use crate::os::suspend_clock::Moment;
use tokio::sync::mpsc::UnboundedSender;

/// A slot as seen from here.
pub(crate) struct Place {
    pub(crate) slot: Slot,
    /// Index of its device.
    pub(crate) device: usize,
    /// None before the run, and once it is over: the executor then lets its worker go and ends.
    pub(crate) commands: Option<UnboundedSender<Command>>,
    pub(crate) running: Option<Running>,
    /// Whether it may have a worker.
    pub(crate) has_worker: bool,
}

/// A trial at work.
pub(crate) struct Running {
    pub(crate) name: TrialName,
    pub(crate) task: Task,
    pub(crate) open: Open,
    pub(crate) since: Moment,
    /// How crowded its device and the machine were when it began, as stamps of their crowds.
    pub(crate) stamps: (u32, u32),
    /// The most trials that were at work beside it since it began: on its device, and on the machine.
    pub(crate) beside: (usize, usize),
    /// Why the trial fails whatever the worker makes of it.
    pub(crate) condemned: Option<Failure>,
    /// Whether its worker has been told to be killed.
    pub(crate) abandoned: bool,
}

impl Place {
    pub(crate) fn new(slot: Slot, device: usize) -> Self {
        Self {
            slot,
            device,
            commands: None,
            running: None,
            has_worker: false,
        }
    }

    /// Has the worker killed, if there is a trial at work.
    pub(crate) fn abandon(&mut self) {
        if let Some(running) = &mut self.running
            && !running.abandoned
        {
            running.abandoned = true;
            self.send(Command::Abandon);
        }
    }

    /// Whether it has a worker that trains nothing.
    pub(crate) fn is_idle(&self) -> bool {
        self.running.is_none() && self.has_worker
    }

    /// Has an idle worker end, so that its memory is free for the others.
    pub(crate) fn dismiss(&mut self) {
        self.has_worker = false;
        self.send(Command::Dismiss);
    }

    pub(crate) fn send(&self, command: Command) {
        if let Some(commands) = &self.commands {
            // A closed channel means that the executor panicked, which the loop passes on.
            let _ = commands.send(command);
        }
    }
}
