//! Stopping a run early.

use std::sync::Arc;
use tokio::sync::watch;

/// How far a run has been told to stop. Levels only rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
    /// Run every trial.
    #[default]
    Run,
    /// Start no further trial; running ones have the grace period to finish.
    Drain,
    /// Kill the running trials now.
    Kill,
}

/// A handle that stops a run; clones stop the same run.
#[derive(Debug, Clone)]
pub struct Control(Arc<watch::Sender<Level>>);

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}

impl Control {
    /// A handle that lets the run go on.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Level::Run)))
    }

    /// Starts no further trial; running ones may finish within the grace period.
    pub fn drain(&self) {
        self.raise(Level::Drain);
    }

    /// Kills the running trials.
    pub fn kill(&self) {
        self.raise(Level::Kill);
    }

    /// What has been asked for so far.
    pub fn level(&self) -> Level {
        *self.0.borrow()
    }

    /// Raises the level by one: what each Ctrl-C does.
    pub(crate) fn escalate(&self) {
        match self.level() {
            Level::Run => self.drain(),
            Level::Drain | Level::Kill => self.kill(),
        }
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Level> {
        self.0.subscribe()
    }

    fn raise(&self, to: Level) {
        self.0.send_if_modified(|level| {
            let rises = *level < to;
            *level = (*level).max(to);
            rises
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_only_rise() {
        let control = Control::new();
        control.escalate();
        assert_eq!(control.level(), Level::Drain);
        control.clone().escalate();
        assert_eq!(control.level(), Level::Kill);
        control.drain();
        assert_eq!(control.level(), Level::Kill);
    }
}
