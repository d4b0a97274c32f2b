//! The range tests of a study.

use super::{ReadCurve, ReadingCache, curve_frame};
use crate::error::AggregateError;
use crate::input::{ConfigInput, StudyInput};
use polars::prelude::DataFrame;
use rayon::prelude::*;
use seedband_core::files::curve::{Curve, End};
use seedband_core::files::layout::TrialIndex;
use seedband_core::trial::{Trial, TrialId};
use std::collections::HashSet;
use std::sync::Arc;

/// All range tests of a study.
#[derive(Debug, Clone)]
pub struct Curves {
    configs: Vec<ConfigCurves>,
    /// What [`curve_frame`] makes of them.
    frame: DataFrame,
}

/// All range tests of a config.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigCurves {
    /// The config's name.
    pub name: String,
    /// The learning rate that each planned step is filed under by the config's pairing: what rules read and figures
    /// show. A curve's own are those the optimizer used.
    pub lrs: Vec<f64>,
    /// One for each seed, in the order asked for.
    pub trials: Vec<TrialCurve>,
}

/// One range test.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialCurve {
    /// Its seed.
    pub seed: u64,
    /// Its id.
    pub id: TrialId,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a trial; `T` is what is made of its curve.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<T = ReadCurve> {
    /// It has a curve.
    Finished(Arc<T>),
    /// It has none, and its last attempt failed for outside reasons.
    Failed,
    /// It has none yet, or one that cannot be used.
    Missing,
}

impl<T> Outcome<T> {
    /// That of a trial with this reading, if it has one.
    pub(super) fn new(reading: Option<Arc<T>>, failed: bool) -> Self {
        match reading {
            Some(reading) => Self::Finished(reading),
            None if failed => Self::Failed,
            None => Self::Missing,
        }
    }

    /// What was made of the curve, if there is one.
    pub fn finished(&self) -> Option<&T> {
        match self {
            Self::Finished(reading) => Some(reading),
            Self::Failed | Self::Missing => None,
        }
    }
}

impl Curves {
    /// These range tests, one entry for each config in the study's order.
    ///
    /// # Errors
    /// They do not fit into one table: it has room for 2^32 steps.
    pub fn new(configs: Vec<ConfigCurves>) -> Result<Self, AggregateError> {
        let frame = curve_frame(&configs)?;
        Ok(Self { configs, frame })
    }

    /// One for each config, in the study's order.
    pub fn configs(&self) -> &[ConfigCurves] {
        &self.configs
    }

    /// One row for each trained step; see [`curve_frame`].
    pub(crate) fn frame(&self) -> &DataFrame {
        &self.frame
    }
}

impl ConfigCurves {
    /// The trials that have a curve, with what was read off it.
    pub fn read(&self) -> impl Iterator<Item = (&TrialCurve, &ReadCurve)> {
        self.trials
            .iter()
            .filter_map(|trial| Some((trial, trial.outcome.finished()?)))
    }
}

/// Reads the curves of the study that are not in `cache`, in parallel.
///
/// A curve that cannot be read, or that does not fit its config's plan, is left out: its trial counts as failed or
/// missing, and a warning names the file.
///
/// # Errors
/// The results folder is there but cannot be listed.
pub fn load(input: &StudyInput, cache: &mut ReadingCache) -> Result<Curves, AggregateError> {
    let index = input.dir.index()?;
    let configs = input.configs.iter();
    Curves::new(
        configs
            .map(|config| load_config(config, &index, &input.failed, cache))
            .collect(),
    )
}

fn load_config(
    config: &ConfigInput,
    index: &TrialIndex,
    failed: &HashSet<TrialId>,
    cache: &mut ReadingCache,
) -> ConfigCurves {
    let lrs = config.analysis.pairing.lrs(&config.recipe.schedule);
    let id = |seed: &u64| Trial::new(&config.name, *seed, &config.recipe).id;
    let ids: Vec<TrialId> = config.seeds.par_iter().map(id).collect();
    let wanted: Vec<Option<&TrialId>> = ids.iter().map(Some).collect();
    let readings = cache.range_tests.of(&wanted, index, &config.analysis, |file, curve| {
        if let Some(problem) = misfit(&curve, lrs.len()) {
            tracing::warn!(file = %file.display(), "left out a curve that does not fit its plan: {problem}");
            return None;
        }
        let read = ReadCurve::new(curve, &lrs, &config.analysis);
        let can_go_on = config.recipe.trainer.recorded().is_none();
        if can_go_on && read.curve.end == End::StoppedEarly && read.reading.stop_step.is_none() {
            tracing::warn!(
                file = %file.display(),
                config = config.name,
                "the curve was stopped early by an earlier stop rule, before the present one fires; steps after {} \
                 are not known",
                read.curve.steps.len()
            );
        }
        Some(read)
    });
    let seeds = config.seeds.iter().zip(ids).zip(readings);
    let trials = seeds.map(|((&seed, id), reading)| TrialCurve {
        seed,
        outcome: Outcome::new(reading, failed.contains(&id)),
        id,
    });
    ConfigCurves {
        name: config.name.clone(),
        trials: trials.collect(),
        lrs,
    }
}

/// Why a curve cannot be one of a plan of so many steps, if it cannot.
fn misfit(curve: &Curve, planned: usize) -> Option<String> {
    let steps = curve.steps.len();
    match curve.end {
        _ if steps == 0 => Some("it has no step".into()),
        _ if steps > planned => Some(format!("it has {steps} steps of {planned} planned")),
        End::Completed if steps < planned => Some(format!("it is complete with {steps} steps of {planned} planned")),
        _ => None,
    }
}
