//! Curves from disk, and what each config's rules make of them.

use crate::error::AggregateError;
use crate::input::{ConfigInput, StudyInput};
use rayon::prelude::*;
use seedband_core::files::curve::{Curve, CurveError, End, Evaluation};
use seedband_core::files::layout::{TrialDir, TrialIndex};
use seedband_core::range_test::Analysis;
use seedband_core::range_test::{NamedReading, Reading, as_trained_on, read};
use seedband_core::trial::{Trial, TrialId};
use std::collections::HashSet;

/// All trials of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// One for each config, in the study's order.
    pub configs: Vec<ConfigCurves>,
}

/// All trials of a config.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigCurves {
    /// The config's name.
    pub name: String,
    /// The learning rate that each planned step is filed under by the config's pairing: what rules read and figures show. A curve's own are those
    /// the optimizer used.
    pub lrs: Vec<f64>,
    /// One for each seed, in the order asked for.
    pub trials: Vec<TrialCurve>,
}

/// One trial.
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
    Finished(T),
    /// It has none, and its last attempt failed for outside reasons.
    Failed,
    /// It has none yet, or one that cannot be used.
    Missing,
}

/// A curve and its reading.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadCurve {
    /// Raw losses by step; at least one and at most as many as are planned.
    pub losses: Vec<f64>,
    /// The evaluation after each of these steps, where there was one.
    pub validation: Vec<Option<Evaluation>>,
    /// How the curve ended.
    pub end: End,
    /// Smoothing, stop rule and range rules applied to it.
    pub reading: Reading,
    /// The step at which it diverged, if it did.
    pub diverged_at: Option<usize>,
    /// What each named rule makes of it, in the order of the analysis.
    pub named: Vec<NamedReading>,
}

impl ReadCurve {
    /// Reads a curve by the rules of `analysis`; `lrs` is the recorded learning rate of each planned step.
    pub fn new(curve: &Curve, lrs: &[f64], analysis: &Analysis) -> Self {
        let losses = curve.losses();
        let through = |losses: &[f64]| read(lrs, losses, &analysis.smoothing, &analysis.stop, &analysis.range);
        let mut reading = through(&losses);
        let trained_on = as_trained_on(&losses, curve.end, lrs.len());
        if reading.stop_step.is_none() && trained_on.len() > losses.len() {
            // Only the rules see the NaN that never were trained: they trim at the end of the history that the library would have had.
            let whole = through(&trained_on);
            (reading.min_lr, reading.max_lr) = (whole.min_lr, whole.max_lr);
        }
        let named = analysis.rules.iter().map(|rule| rule.read(lrs, &trained_on)).collect();
        Self {
            diverged_at: analysis.diverged_at(&losses),
            losses,
            validation: curve.steps.iter().map(|step| step.validation).collect(),
            end: curve.end,
            reading,
            named,
        }
    }

    /// Smoothed losses that count: up to and including the step that fired the stop rule.
    pub fn history(&self) -> &[f64] {
        self.reading
            .smoothed
            .get(..self.reading.kept)
            .unwrap_or(&self.reading.smoothed)
    }
}

impl ConfigCurves {
    /// The trials that have a curve, with their seeds.
    pub fn runs(&self) -> impl Iterator<Item = (&TrialCurve, &ReadCurve)> {
        self.trials.iter().filter_map(|trial| match &trial.outcome {
            Outcome::Finished(run) => Some((trial, run)),
            Outcome::Failed | Outcome::Missing => None,
        })
    }
}

/// Reads every curve of the study, in parallel.
///
/// A curve that cannot be read, or that does not fit its config's plan, is left out: its trial counts as failed or missing, and a warning
/// names the file.
///
/// # Errors
/// The results folder is there but cannot be listed.
pub fn load(input: &StudyInput) -> Result<Curves, AggregateError> {
    let index = input.dir.index()?;
    let configs = input
        .configs
        .iter()
        .map(|config| load_config(config, &index, &input.failed));
    Ok(Curves {
        configs: configs.collect(),
    })
}

fn load_config(config: &ConfigInput, index: &TrialIndex, failed: &HashSet<TrialId>) -> ConfigCurves {
    let lrs = config.analysis.pairing.lrs(&config.recipe.schedule);
    let trials = config.seeds.par_iter().map(|&seed| {
        let trial = Trial::new(&config.name, seed, &config.recipe);
        let outcome = match load_run(&trial, index, &lrs, &config.analysis) {
            Some(run) => Outcome::Finished(run),
            None if failed.contains(&trial.id) => Outcome::Failed,
            None => Outcome::Missing,
        };
        TrialCurve {
            seed,
            id: trial.id,
            outcome,
        }
    });
    ConfigCurves {
        name: config.name.clone(),
        trials: trials.collect(),
        lrs,
    }
}

fn load_run(trial: &Trial, index: &TrialIndex, lrs: &[f64], analysis: &Analysis) -> Option<ReadCurve> {
    let path = index.get(&trial.id)?.curve();
    let curve = match Curve::read(&path) {
        Ok(curve) => curve,
        Err(CurveError::Fs(error)) if error.is_not_found() => return None,
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "left out a curve that cannot be read");
            return None;
        }
    };
    if let Some(problem) = misfit(&curve, lrs.len()) {
        tracing::warn!(file = %path.display(), "left out a curve that does not fit its plan: {problem}");
        return None;
    }
    let run = ReadCurve::new(&curve, lrs, analysis);
    if curve.end == End::StoppedEarly && run.reading.stop_step.is_none() {
        tracing::warn!(
            file = %path.display(),
            config = trial.config,
            seed = trial.seed,
            "the curve was stopped early by an earlier stop rule, before the present one fires; steps after {} are not known",
            curve.steps.len()
        );
    }
    Some(run)
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
