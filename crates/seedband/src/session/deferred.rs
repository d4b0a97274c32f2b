//! Trials that a run can plan only once it has finished others.

use super::input_files::resolve;
use super::open::StudySession;
use super::trials::TrialSet;
use crate::error::Error;
use seedband_runner::{DeferredTrials, Plannable};

impl StudySession {
    /// What of `trials` cannot be planned yet, for a run to plan from the files once it has finished range tests.
    pub(crate) fn deferred(&self, trials: &TrialSet) -> Option<DeferredTrials> {
        let (session, most) = (self.clone(), trials.deferred());
        let plan = move || -> Result<Plannable, Error> {
            let mut session = session.clone();
            let summary = session.grow()?;
            let trials = session.trials_by(&summary);
            Ok(Plannable {
                waiting: trials.deferred(),
                ready: resolve(trials.ready)?,
            })
        };
        (most > 0).then(|| DeferredTrials::new(most, move || plan().map_err(|error| error.describe().into())))
    }
}
