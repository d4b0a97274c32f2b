//! What of a study can be run by what its range tests have come to so far: these, further seeds where it adds them by
//! itself, and trainings.

use super::open::StudySession;
use crate::error::Error;
use seedband_core::protocol::Train;
use seedband_core::summary::Summary;
use seedband_core::train::State;

/// What of a study can be run by what is on disk.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrialSet {
    /// Range tests, and trainings whose learning rates are known, finished ones among them; without data folders.
    /// Configs that share a trial have one each.
    pub ready: Vec<Train>,
    /// Trainings that wait for range tests, at most.
    pub waiting: usize,
    /// Range tests of seeds that may be added, at most.
    pub to_add: usize,
}

impl TrialSet {
    /// Trials that cannot be planned yet, at most.
    pub fn deferred(&self) -> usize {
        self.waiting + self.to_add
    }
}

impl StudySession {
    /// Every range test of the study, and every training whose learning rate is known.
    ///
    /// # Errors
    /// The study has trainings or adds seeds by itself, and its results cannot be read.
    pub fn trials(&self) -> Result<TrialSet, Error> {
        let study = self.study();
        if !study.has_trainings() && study.seeds.until().is_none() {
            return Ok(TrialSet {
                ready: study.trials(),
                ..TrialSet::default()
            });
        }
        Ok(self.trials_by(&self.summarize_range_tests()?))
    }

    /// The same by what the range tests came to when `summary` was made. Further ones may have finished since, and then
    /// say nothing yet: seeds and trainings are decided on by one look at the files.
    pub(super) fn trials_by(&self, summary: &Summary) -> TrialSet {
        let study = self.study();
        let mut set = TrialSet {
            ready: study.trials(),
            ..TrialSet::default()
        };
        for training in study.trainings(summary).into_iter().flatten() {
            match training.state {
                State::Ready(trial) => set.ready.push(Train::new(*trial, Vec::new())),
                State::Waiting => set.waiting += 1,
                State::Without(_) => {}
            }
        }
        // Once all range tests have their curve, what is there to add has been added.
        if !summary.all_run() {
            set.to_add = study.seeds.left() as usize * study.configs.len();
        }
        set
    }
}
