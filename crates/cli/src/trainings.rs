//! The trainings of a study, by what its range tests have come to so far.

use crate::commands::aggregate::input;
use crate::exit::Failure;
use crate::opened::Opened;
use seedband_core::protocol::Train;
use seedband_core::train::State;
use seedband_runner::{Later, Next};

/// What of a study can be run by what is on disk.
pub(crate) struct Work {
    /// Range tests, and trainings whose learning rates are known; without data folders.
    pub(crate) trials: Vec<Train>,
    /// Trainings that wait for range tests, at most.
    pub(crate) waiting: usize,
}

impl Work {
    /// Every range test of the study, and every training whose learning rate is known.
    pub(crate) fn of(opened: &Opened) -> Result<Self, Failure> {
        let mut trials = opened.study.trials();
        let Next { ready, waiting } = trainings(opened)?;
        trials.extend(ready);
        Ok(Self { trials, waiting })
    }

    /// The trainings that wait, for a run to plan once it has finished the range tests.
    pub(crate) fn later(&self, opened: &Opened) -> Option<Later> {
        let opened = opened.clone();
        let plan = move || {
            let found = trainings(&opened).and_then(|next| {
                Ok(Next {
                    ready: Opened::with_data(next.ready)?,
                    waiting: next.waiting,
                })
            });
            found.map_err(|failure| failure.message.into())
        };
        (self.waiting > 0).then(|| Later::new(self.waiting, plan))
    }
}

/// The trainings whose learning rates are known, without data folders.
fn trainings(opened: &Opened) -> Result<Next, Failure> {
    let mut next = Next::default();
    if !opened.study.has_trainings() {
        return Ok(next);
    }
    let input = input(opened)?;
    let summary = seedband_aggregator::summarize(&input, &seedband_aggregator::load(&input)?);
    for training in opened.study.trainings(&summary).into_iter().flatten() {
        match training.state {
            State::Ready(trial) => next.ready.push(Train {
                trial: *trial,
                data_path: None,
                weights_path: None,
                init_path: None,
                halt: Vec::new(),
            }),
            State::Waiting => next.waiting += 1,
            State::Without(_) => {}
        }
    }
    Ok(next)
}
