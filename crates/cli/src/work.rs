//! What of a study can be run by what its range tests have come to so far: these, further seeds where it adds them by itself, and trainings.

use crate::commands::aggregate::input;
use crate::exit::Failure;
use crate::opened::Opened;
use seedband_aggregator::ReadingCache;
use seedband_core::protocol::Train;
use seedband_core::train::State;
use seedband_runner::{DeferredTrials, Plannable};

/// What of a study can be run by what is on disk.
pub(crate) struct Work {
    /// Range tests, and trainings whose learning rates are known; without data folders.
    pub(crate) trials: Vec<Train>,
    /// Trainings that wait for range tests, at most.
    pub(crate) waiting: usize,
    /// Range tests of seeds that may be added, at most.
    pub(crate) to_add: usize,
}

impl Work {
    /// Every range test of the study, and every training whose learning rate is known.
    pub(crate) fn of(opened: &Opened) -> Result<Self, Failure> {
        let study = &opened.study;
        let mut work = Self {
            trials: study.trials(),
            waiting: 0,
            to_add: 0,
        };
        if !study.has_trainings() && study.seeds.until().is_none() {
            return Ok(work);
        }
        let summary = seedband_aggregator::aggregate(&input(opened)?, &mut ReadingCache::default())?;
        for training in study.trainings(&summary).into_iter().flatten() {
            match training.state {
                State::Ready(trial) => work.trials.push(Train {
                    trial: *trial,
                    data_path: None,
                    weights_path: None,
                    init_path: None,
                    early_stops: Vec::new(),
                }),
                State::Waiting => work.waiting += 1,
                State::Without(_) => {}
            }
        }
        // Once all range tests have their curve, what is there to add has been added.
        if !summary.all_run() {
            work.to_add = study.seeds.left() as usize * study.configs.len();
        }
        Ok(work)
    }

    /// What cannot be planned yet, for a run to plan once it has finished range tests.
    pub(crate) fn deferred(&self, opened: &Opened) -> Option<DeferredTrials> {
        let (opened, waiting) = (opened.clone(), self.waiting + self.to_add);
        let plan = move || -> Result<Plannable, Failure> {
            let mut opened = opened.clone();
            opened.add_seeds()?;
            let work = Self::of(&opened)?;
            Ok(Plannable {
                ready: Opened::with_data(work.trials)?,
                waiting: work.waiting + work.to_add,
            })
        };
        (waiting > 0).then(|| DeferredTrials::new(waiting, move || plan().map_err(|failure| failure.message.into())))
    }
}
