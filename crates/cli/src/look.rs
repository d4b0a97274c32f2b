//! Where the trials of a study stand, asked again and again.

use crate::exit::Failure;
use crate::opened::Opened;
use crate::work::Work;
use seedband_core::protocol::Train;
use seedband_runner::{State, StatusReader, TrialStatus, runners};

/// Looks at a study as often as asked.
pub(crate) struct Look {
    pub(crate) opened: Opened,
    reader: StatusReader,
    /// What can be run by what was known at the last look; configs that share a trial have one each.
    pub(crate) trials: Vec<Train>,
    /// Trainings that wait for range tests, at most.
    pub(crate) waiting: usize,
    /// Range tests of seeds that may be added, at most.
    pub(crate) to_add: usize,
    /// Trials that had a curve at the last look.
    curves: usize,
}

impl Look {
    pub(crate) fn new(opened: Opened) -> Result<Self, Failure> {
        let Work {
            trials,
            waiting,
            to_add,
        } = Work::of(&opened)?;
        Ok(Self {
            reader: StatusReader::new(opened.dir.clone()),
            opened,
            trials,
            waiting,
            to_add,
            curves: 0,
        })
    }

    /// Where each trial stands now, each once.
    pub(crate) fn statuses(&mut self) -> Result<Vec<TrialStatus>, Failure> {
        let mut statuses = self.reader.read(self.trials.clone())?;
        let curves = |statuses: &[TrialStatus]| statuses.iter().filter(|status| status.state.has_curve()).count();
        if curves(&statuses) != self.curves && self.waiting + self.to_add > 0 {
            // What range tests have come to since may have made trainings, or further seeds, known.
            self.opened.add_seeds()?;
            let work = Work::of(&self.opened)?;
            (self.trials, self.waiting, self.to_add) = (work.trials, work.waiting, work.to_add);
            statuses = self.reader.read(self.trials.clone())?;
        }
        self.curves = curves(&statuses);
        Ok(statuses)
    }

    /// Whether a runner is at work on the study: it says so, or it holds one of these trials.
    pub(crate) fn is_run(&self, statuses: &[TrialStatus]) -> Result<bool, Failure> {
        let holds = |status: &TrialStatus| matches!(status.state, State::Running { .. });
        Ok(statuses.iter().any(holds) || !runners(&self.opened.dir)?.is_empty())
    }
}
