//! Results that the study does not use.

use crate::error::Error;
use crate::session::StudySession;
use seedband_runner::gc::{InUse, find, holders, remove};

pub use seedband_core::files::lock::FolderLock;
pub use seedband_runner::gc::{Garbage, Holder, Item, Kind, Removal};

impl StudySession {
    /// What of the results folder the study does not use, and what processes left behind when they died. Attempts that
    /// came to nothing are among it, where their trial has finished since, only with `attempts`; what is half written,
    /// only where the results are `locked`. Changes nothing.
    ///
    /// # Errors
    /// The results cannot be read.
    pub fn unused(&self, attempts: bool, locked: Option<&FolderLock>) -> Result<Garbage, Error> {
        let mut in_use = self.in_use(!attempts)?;
        in_use.is_alone = locked.is_some_and(FolderLock::is_alone);
        Ok(find(self.dir(), &in_use)?)
    }

    /// Has the results alone, so that nobody begins to run, aggregate or report while some of them are removed.
    ///
    /// # Errors
    /// Somebody uses them ([`Error::Locked`]).
    pub fn lock_results(&self) -> Result<FolderLock, Error> {
        Ok(FolderLock::alone(self.dir(), "seedband gc")?)
    }

    /// Removes one thing that was found, unless it has come into use since.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn remove(&self, item: &Item) -> Result<Removal, Error> {
        Ok(remove(self.dir(), item)?)
    }

    /// That no runner may be at work on the study: nothing may be removed then.
    ///
    /// # Errors
    /// One may be ([`Error::MayBeRunning`]), or the results cannot be read.
    pub fn check_not_running(&self) -> Result<(), Error> {
        let holders = holders(self.dir())?;
        if holders.is_empty() {
            return Ok(());
        }
        Err(Error::MayBeRunning { holders })
    }

    /// What the study comes to, now and as far as it can be told by what may still be planned.
    fn in_use(&self, attempts: bool) -> Result<InUse, Error> {
        let set = self.trials()?;
        let any_training = self.study().has_trainings() && set.deferred() > 0;
        let mut trials = set.ready;
        if set.to_add > 0 {
            // Seeds that may be added are used, as many as there can be.
            let mut grown = self.study().clone();
            while grown.seeds.grow() {}
            trials.extend(grown.trials());
        }
        Ok(InUse {
            trials: trials.into_iter().map(|train| train.trial.id).collect(),
            any_training,
            attempts,
            is_alone: false,
        })
    }
}
