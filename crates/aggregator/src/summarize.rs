//! From curves to the summary that the report shows.

use crate::error::AggregateError;
use crate::input::{ConfigInput, StudyInput};
use crate::read::{ConfigCurves, Curves, Outcome, ReadCurve};
use crate::section::{
    answers, bands, config_answer, decades, differences, divergence_risk, metrics, ranges, rule_names, rules, scaling,
    validation, variation,
};
use crate::stats::Followed;
use seedband_core::range_test::Pairing;
use seedband_core::settings::Statistics;
use seedband_core::summary::{ConfigSummary, Counts, Summary, VERSION};

/// The statistics of a study's range tests over its seeds. `curves` is what [`load`](crate::load) made of the same
/// input.
///
/// A config without a curve has empty bands and no estimate.
///
/// # Errors
/// There are more curves than one table has room for.
pub fn summarize(input: &StudyInput, curves: &Curves) -> Result<Summary, AggregateError> {
    let statistics = &input.statistics;
    let all = input.configs.iter().zip(curves.configs());
    let mut configs: Vec<ConfigSummary> = all
        .map(|(config, curves)| outline(config, curves, statistics))
        .collect();
    // Each section fills in its part of every config.
    let kept = bands::kept_steps(curves.frame())?;
    let answers = answers::answer_frame(&configs)?;
    bands::add_bands(&mut configs, curves.frame(), &kept, statistics)?;
    validation::add_validation(&mut configs, input, curves, statistics)?;
    metrics::add_metrics(&mut configs, curves, statistics);
    ranges::add_spreads(&mut configs, &answers, statistics)?;
    config_answer::add_answers(&mut configs, input);
    decades::add_decades(&mut configs, &kept, &answers, statistics)?;
    rules::add_ranks(&mut configs);
    rules::add_disagreements(&mut configs, &answers, statistics)?;
    Ok(Summary {
        version: VERSION,
        study: input.name.clone(),
        title: input.title.clone(),
        description: input.description.clone(),
        quantiles: statistics.quantiles,
        early_end: statistics.early_end,
        lr_space: statistics.lr_space,
        confidence: statistics.confidence,
        repeated_looks: statistics.repeated_looks,
        precision: statistics.precision,
        scalings: scaling::scalings(&configs, statistics),
        variation: variation::variation(&configs, statistics),
        differences: differences::differences(&configs, statistics),
        configs,
    })
}

/// What is known of a config seed by seed.
fn outline(config: &ConfigInput, curves: &ConfigCurves, statistics: &Statistics) -> ConfigSummary {
    let seeds = ranges::seeds(curves, &config.analysis.range);
    ConfigSummary {
        name: config.name.clone(),
        labels: config.labels.clone(),
        varies: config.recipe.varies().into_iter().map(str::to_owned).collect(),
        rules: rule_names::rule_names(&config.analysis.range),
        counts: counts(curves, config.repeats),
        lrs: curves.lrs.clone(),
        pairing: (config.recipe.schedule.lag > 0).then_some(config.analysis.pairing),
        divergence: config.analysis.divergence.explicit(),
        risk: Some(divergence_risk::divergence_risk(
            &followed(curves),
            &Pairing::Used.lrs(&config.recipe.schedule),
            statistics,
        )),
        named_rules: rules::named_rules(&config.analysis.rules, curves),
        seeds,
        ..ConfigSummary::default()
    }
}

fn counts(curves: &ConfigCurves, repeats: u32) -> Counts {
    let mut counts = Counts {
        wanted: curves.trials.len() as u32,
        repeats,
        ..Counts::default()
    };
    for trial in &curves.trials {
        match &trial.outcome {
            Outcome::Finished(read) => {
                counts.finished += 1;
                counts.diverged += u32::from(read.diverged_at.is_some());
            }
            Outcome::Failed => counts.failed += 1,
            Outcome::Missing => counts.missing += 1,
        }
    }
    counts
}

/// How far each seed with a curve was followed.
fn followed(curves: &ConfigCurves) -> Vec<Followed> {
    let followed = |(_, read): (_, &ReadCurve)| Followed::new(read.diverged_at, read.curve.steps.len());
    curves.read().filter_map(followed).collect()
}
