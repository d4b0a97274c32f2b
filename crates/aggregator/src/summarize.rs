//! From curves to the summary that the report shows.

use crate::input::{ConfigInput, StudyInput};
use crate::read::{ConfigCurves, Curves, Outcome, ReadCurve};
use crate::section::decades::{decade, decades};
use crate::section::divergence_risk::{Followed, divergence_risk};
use crate::section::ranges::{spread, usable};
use crate::section::rules::{disagreements, named_rules};
use crate::section::scaling::scalings;
use crate::section::validation::validation;
use crate::stats::band::{Aligned, band};
use crate::stats::consensus;
use crate::tables::names::rule_names;
use seedband_core::recipe::Recipe;
use seedband_core::settings::{Statistics, StreamSeed};
use seedband_core::summary::{ConfigSummary, Counts, SeedSummary, Summary, VERSION};

/// The statistics of a study's range tests over its seeds. `curves` is what [`load`](crate::load) made of the same input.
///
/// A config without a curve has empty bands and no estimate.
pub fn summarize(input: &StudyInput, curves: &Curves) -> Summary {
    let statistics = &input.statistics;
    let configs: Vec<ConfigSummary> = input
        .configs
        .iter()
        .zip(&curves.configs)
        .map(|(config, curves)| summarize_config(config, curves, statistics))
        .collect();
    Summary {
        version: VERSION,
        study: input.name.clone(),
        title: input.title.clone(),
        description: input.description.clone(),
        quantiles: statistics.quantiles,
        early_end: statistics.early_end,
        lr_space: statistics.lr_space,
        confidence: statistics.confidence,
        precision: statistics.precision,
        scalings: scalings(&configs, statistics),
        configs,
    }
}

fn summarize_config(config: &ConfigInput, curves: &ConfigCurves, statistics: &Statistics) -> ConfigSummary {
    let steps = curves.lrs.len();
    let over_seeds = |history: fn(&ReadCurve) -> &[f64]| {
        let aligned: Vec<Aligned> = curves
            .runs()
            .map(|(_, run)| Aligned::new(history(run), statistics.early_end))
            .collect();
        band(&aligned, steps, statistics)
    };
    let mut seeds: Vec<SeedSummary> = curves
        .runs()
        .map(|(trial, run)| seed(trial.seed, trial.id.as_str(), run, &curves.lrs))
        .collect();
    seeds.sort_by_key(|seed| seed.seed);
    let ranges: Vec<(f64, f64)> = seeds
        .iter()
        .filter_map(|seed| usable(&seed.min_lr).zip(usable(&seed.max_lr)))
        .collect();
    let named_rules = named_rules(&config.analysis.rules, curves, statistics);
    ConfigSummary {
        name: config.name.clone(),
        labels: config.labels.clone(),
        varies: varies(&config.recipe),
        rules: rule_names(&config.analysis.range),
        counts: counts(curves),
        lrs: curves.lrs.clone(),
        pairing: (config.recipe.schedule.lag > 0).then_some(config.analysis.pairing),
        smoothed: over_seeds(ReadCurve::history),
        raw: over_seeds(|run| &run.losses),
        validation: validation(config, curves, statistics),
        divergence: config.analysis.divergence.explicit(),
        risk: Some(divergence_risk(&followed(curves), &curves.lrs, statistics)),
        min_lr: spread(seeds.iter().map(|seed| &seed.min_lr), statistics),
        max_lr: spread(seeds.iter().map(|seed| &seed.max_lr), statistics),
        consensus: consensus(&ranges),
        decades: decades(&seeds, steps, statistics),
        seeds,
        disagreements: disagreements(&named_rules, statistics),
        named_rules,
        trainings: Vec::new(),
        calibrations: Vec::new(),
    }
}

/// The random streams that follow the seed and have something to say.
fn varies(recipe: &Recipe) -> Vec<String> {
    let streams = recipe.streams;
    let augmented = if recipe.trainer.augment.is_on() {
        streams.augmentation
    } else {
        StreamSeed::Fixed(0)
    };
    [
        ("weights", streams.weights),
        ("order", streams.order),
        ("augmentation", augmented),
    ]
    .into_iter()
    .filter(|(_, stream)| *stream == StreamSeed::Vary)
    .map(|(name, _)| name.to_owned())
    .collect()
}

fn counts(curves: &ConfigCurves) -> Counts {
    let mut counts = Counts {
        wanted: curves.trials.len() as u32,
        ..Counts::default()
    };
    for trial in &curves.trials {
        match &trial.outcome {
            Outcome::Finished(run) => {
                counts.finished += 1;
                counts.diverged += u32::from(run.diverged_at.is_some());
            }
            Outcome::Failed => counts.failed += 1,
            Outcome::Missing => counts.missing += 1,
        }
    }
    counts
}

/// How far each seed with a curve was followed.
fn followed(curves: &ConfigCurves) -> Vec<Followed> {
    let of_run = |run: &ReadCurve| Followed {
        last: run.diverged_at.unwrap_or(run.losses.len().saturating_sub(1)),
        diverged: run.diverged_at.is_some(),
    };
    curves.runs().map(|(_, run)| of_run(run)).collect()
}

fn seed(seed: u64, trial: &str, run: &ReadCurve, lrs: &[f64]) -> SeedSummary {
    let least_lr = least(run.history(), lrs);
    SeedSummary {
        seed,
        trial: trial.to_owned(),
        end: run.end,
        stop_step: run.reading.stop_step.map(|step| step as u32),
        diverged_step: run.diverged_at.map(|step| step as u32),
        smoothed: run.history().to_vec(),
        least_lr,
        decade: least_lr.and_then(decade),
        min_lr: run.reading.min_lr,
        max_lr: run.reading.max_lr,
    }
}

/// The learning rate of the least finite loss, the first of equals.
fn least(losses: &[f64], lrs: &[f64]) -> Option<f64> {
    let finite = losses.iter().zip(lrs).filter(|(loss, _)| loss.is_finite());
    finite.min_by(|a, b| a.0.total_cmp(b.0)).map(|(_, lr)| *lr)
}
