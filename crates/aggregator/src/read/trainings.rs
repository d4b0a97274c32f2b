//! The trainings after the range tests.

use super::{Outcome, ReadingCache, TrainingCurve};
use crate::error::AggregateError;
use crate::input::{ConfigInput, StudyInput};
use seedband_core::files::layout::TrialIndex;
use seedband_core::train::{DisjointPairs, PlannedTraining, State};
use seedband_core::trial::{Trial, TrialId};
use std::collections::HashSet;

/// The trainings of all configs, in the study's order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrainingCurves {
    /// One for each config.
    pub configs: Vec<Vec<TrainedSeed>>,
}

/// One training of one seed.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainedSeed {
    /// Name of the training.
    pub training: String,
    /// The seed.
    pub seed: u64,
    /// The pair it belongs to, if it does.
    pub pair: Option<DisjointPairs>,
    /// What was planned; absent where the learning rate is not known, or where there is none.
    pub trial: Option<Trial>,
    /// Why there is no learning rate, if there is none.
    pub without: Option<String>,
    /// What became of it.
    pub outcome: Outcome<TrainingCurve>,
}

impl TrainedSeed {
    /// Its curve, if it has one.
    pub(crate) fn curve(&self) -> Option<&TrainingCurve> {
        self.outcome.finished()
    }
}

/// Reads the curves of planned trainings that are not in `cache`, in parallel. `planned` is that of the study, config
/// by config.
///
/// A curve that cannot be read is left out, as by [`load`](crate::load).
///
/// # Errors
/// The results folder is there but cannot be listed.
pub fn load_trainings(
    input: &StudyInput,
    planned: &[Vec<PlannedTraining>],
    cache: &mut ReadingCache,
) -> Result<TrainingCurves, AggregateError> {
    let index = input.dir.index()?;
    let configs = input.configs.iter().zip(planned);
    let configs = configs.map(|(config, planned)| load_config(config, planned, &index, &input.failed, cache));
    Ok(TrainingCurves {
        configs: configs.collect(),
    })
}

fn load_config(
    config: &ConfigInput,
    planned: &[PlannedTraining],
    index: &TrialIndex,
    failed: &HashSet<TrialId>,
    cache: &mut ReadingCache,
) -> Vec<TrainedSeed> {
    let id = |planned: &'_ PlannedTraining| match &planned.state {
        State::Ready(trial) => Some(trial.id.clone()),
        State::Waiting | State::Without(_) => None,
    };
    let ids: Vec<Option<TrialId>> = planned.iter().map(id).collect();
    let wanted: Vec<Option<&TrialId>> = ids.iter().map(Option::as_ref).collect();
    let readings = cache.trainings.of(&wanted, index, &config.analysis, |_, curve| {
        (!curve.steps.is_empty()).then(|| TrainingCurve::new(curve, &config.analysis))
    });
    let seeds = planned.iter().zip(readings);
    seeds
        .map(|(planned, reading)| {
            let (trial, without) = match &planned.state {
                State::Ready(trial) => (Some((**trial).clone()), None),
                State::Waiting => (None, None),
                State::Without(reason) => (None, Some(reason.clone())),
            };
            let failed = trial.as_ref().is_some_and(|trial| failed.contains(&trial.id));
            TrainedSeed {
                training: planned.training.clone(),
                seed: planned.seed,
                pair: planned.pair,
                trial,
                without,
                outcome: Outcome::new(reading, failed),
            }
        })
        .collect()
}
