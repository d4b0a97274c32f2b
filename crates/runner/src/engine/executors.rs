//! The executors of all slots, and the channels to and from them.

use crate::device::slots::Slot;
use crate::engine::executor::Executor;
use crate::engine::limits::Limits;
use crate::engine::messages::{Command, SlotReport};
use tokio::sync::mpsc::{Receiver, Sender, UnboundedSender, channel, unbounded_channel};
use tokio::task::{JoinError, JoinSet};

/// Reports that may wait; a worker that says more has to wait in turn.
pub(crate) const MOST_REPORTS: usize = 1024;

/// One executor for each slot, by the slot's index.
pub(crate) struct Executors {
    commands: Vec<UnboundedSender<Command>>,
    reports: Receiver<SlotReport>,
    tasks: JoinSet<()>,
}

impl Executors {
    /// Starts an executor for each slot. Workers are started with their first trial.
    pub(crate) fn start<'a>(slots: impl Iterator<Item = &'a Slot>, limits: Limits) -> Self {
        let (sender, reports): (Sender<SlotReport>, _) = channel(MOST_REPORTS);
        let mut tasks = JoinSet::new();
        let mut commands = Vec::new();
        for slot in slots {
            let (to_slot, from_dispatcher) = unbounded_channel();
            commands.push(to_slot);
            let executor = Executor::new(slot.clone(), limits, from_dispatcher, sender.clone());
            tasks.spawn(executor.run());
        }
        Self {
            commands,
            reports,
            tasks,
        }
    }

    /// Asks something of a slot.
    pub(crate) fn send(&self, slot: usize, command: Command) {
        if let Some(commands) = self.commands.get(slot) {
            // A closed channel means that the executor panicked, which `next_report` passes on.
            let _ = commands.send(command);
        }
    }

    /// The next report; none once all executors have ended. Nothing is lost when the future is dropped before it is
    /// ready.
    ///
    /// # Panics
    /// An executor has.
    pub(crate) async fn next_report(&mut self) -> Option<SlotReport> {
        loop {
            tokio::select! {
                report = self.reports.recv() => return report,
                Some(ended) = self.tasks.join_next() => resume_panic(ended),
            }
        }
    }

    /// A report that is there already.
    pub(crate) fn try_next_report(&mut self) -> Option<SlotReport> {
        self.reports.try_recv().ok()
    }

    /// Lets all workers go, and waits until the last executor has ended.
    ///
    /// # Panics
    /// An executor has.
    pub(crate) async fn finish(mut self) {
        self.commands.clear();
        // Executors end only when their reports are taken.
        while self.reports.recv().await.is_some() {}
        while let Some(ended) = self.tasks.join_next().await {
            resume_panic(ended);
        }
    }
}

/// A panic of a task is a bug; it goes on where it can be seen instead of leaving a slot silent.
pub(crate) fn resume_panic(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && let Ok(panic) = error.try_into_panic()
    {
        std::panic::resume_unwind(panic);
    }
}
