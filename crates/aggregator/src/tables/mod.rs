//! The tidy tables: one observation a row, one variable a column.

mod column;
mod divergence_risk;
pub(crate) mod names;
mod scaling;
mod trainings;
pub(crate) mod write_tables;

use crate::read::{ConfigCurves, Curves, Outcome, ReadCurve, TrialCurve};
use crate::tables::column::{Cells, Column, Table};
use crate::tables::names::{early_end_name, end_name, reason_name};
use seedband_core::range_test::Answer;
use seedband_core::summary::overlap::{Overlaps, Pair};
use seedband_core::summary::variation::{Arm, ArmGroup, Scatter};
use seedband_core::summary::{Band, ConfigSummary, RuleAnswer, RuleSummary, SeedSummary, Summary};

/// All tables of a study; `arms` are the groups of arms of the summary.
pub(crate) fn tables<'a>(curves: &'a Curves, summary: &'a Summary, arms: &'a [ArmGroup]) -> Vec<Table<'a>> {
    vec![
        curve_table(curves),
        band_table(summary),
        range_table(summary),
        divergence_risk::table(summary),
        overlap_table(summary),
        rule_table(summary),
        arm_table(arms),
        scaling::table(summary),
        trial_table(curves),
    ]
}

/// Nats: the natural logarithm is taken in the cross-entropy.
pub(crate) const LOSS: &str = "nats";

fn curve_table(curves: &Curves) -> Table<'_> {
    struct Row<'a> {
        config: &'a ConfigCurves,
        seed: u64,
        run: &'a ReadCurve,
        step: usize,
    }
    let mut rows = Vec::new();
    for config in &curves.configs {
        for (trial, run) in config.runs() {
            rows.extend((0..run.losses.len()).map(|step| Row {
                config,
                seed: trial.seed,
                run,
                step,
            }));
        }
    }
    let state = |row: &Row| match row.run.reading.stop_step {
        Some(stop) if row.step == stop => "stop",
        Some(stop) if row.step > stop => "after-stop",
        _ => "kept",
    };
    let evaluation = |row: &Row| row.run.validation.get(row.step).copied().flatten();
    let columns = vec![
        Column::new(
            "config",
            "name of the config",
            text(&rows, |row| Some(row.config.name.as_str())),
        ),
        Column::new("seed", "seed of the trial", seeds(&rows, |row| row.seed)),
        Column::new(
            "step",
            "step of training, from 0",
            counts(&rows, |row| Some(row.step as u32)),
        )
        .in_unit("steps"),
        Column::new(
            "lr",
            "learning rate that rules and figures file the step under",
            floats(&rows, |row| row.config.lrs.get(row.step).copied()),
        ),
        Column::new(
            "loss",
            "training loss of the step's batch before its update",
            floats(&rows, |row| row.run.losses.get(row.step).copied()),
        )
        .in_unit(LOSS),
        Column::new(
            "smoothed",
            "smoothed loss, also after the stop",
            floats(&rows, |row| row.run.reading.smoothed.get(row.step).copied()),
        )
        .in_unit(LOSS),
        Column::new(
            "validation_loss",
            "loss on the validation images after the step's update, where it was measured",
            floats(&rows, |row| evaluation(row).map(|found| found.loss)),
        )
        .in_unit(LOSS),
        Column::new(
            "validation_accuracy",
            "share of the validation images classified right, from 0 to 1",
            floats(&rows, |row| evaluation(row).map(|found| found.accuracy)),
        ),
        Column::new(
            "state",
            "`kept`: the step counts; `stop`: it counts and its loss fired the stop rule; `after-stop`: it was trained but does not count",
            text(&rows, |row| Some(state(row))),
        ),
    ];
    Table {
        name: "curves",
        row: "one trained step of one trial",
        columns,
    }
}

/// One step of one metric of a config.
struct BandRow<'a> {
    config: &'a ConfigSummary,
    metric: &'static str,
    band: &'a Band,
    step: usize,
    /// Place of the step in the band.
    index: usize,
}

fn band_rows(summary: &Summary) -> Vec<BandRow<'_>> {
    let mut rows = Vec::new();
    for config in &summary.configs {
        let mut extend = |metric, band, steps: &mut dyn Iterator<Item = usize>| {
            rows.extend(steps.enumerate().map(|(index, step)| BandRow {
                config,
                metric,
                band,
                step,
                index,
            }));
        };
        extend("raw", &config.raw, &mut (0..config.raw.median.len()));
        extend("smoothed", &config.smoothed, &mut (0..config.smoothed.median.len()));
        if let Some(validation) = &config.validation {
            extend(
                "validation",
                &validation.loss,
                &mut validation.steps.iter().map(|step| *step as usize),
            );
        }
    }
    rows
}

fn band_table(summary: &Summary) -> Table<'_> {
    let rows = band_rows(summary);
    let [lower, upper] = summary.quantiles;
    let columns = vec![
        Column::new(
            "config",
            "name of the config",
            text(&rows, |row| Some(row.config.name.as_str())),
        ),
        Column::new(
            "step",
            "planned step, from 0",
            counts(&rows, |row| Some(row.step as u32)),
        )
        .in_unit("steps"),
        Column::new(
            "lr",
            "learning rate the step is filed under",
            floats(&rows, |row| row.config.lrs.get(row.step).copied()),
        ),
        Column::new(
            "metric",
            "`raw`: the loss as recorded; `smoothed`: smoothed and ended by the stop rule; `validation`: on the validation images, at the measured steps alone",
            text(&rows, |row| Some(row.metric)),
        ),
        Column::new("n", "seeds behind the quantiles", counts(&rows, |row| Some(row.band.n))).in_unit("seeds"),
        Column::new(
            "ended",
            "seeds whose curve had ended before the step",
            counts(&rows, |row| row.band.ended.get(row.index).copied()),
        )
        .in_unit("seeds"),
        Column::new(
            "lower",
            "lower quantile of the loss, infinite where too many seeds had diverged",
            floats(&rows, |row| row.band.lower.get(row.index).copied()),
        )
        .in_unit(LOSS),
        Column::new(
            "median",
            "median of the loss",
            floats(&rows, |row| row.band.median.get(row.index).copied()),
        )
        .in_unit(LOSS),
        Column::new(
            "upper",
            "upper quantile of the loss",
            floats(&rows, |row| row.band.upper.get(row.index).copied()),
        )
        .in_unit(LOSS),
        Column::new(
            "quantile_lower",
            "which quantile `lower` is, from 0 to 1 (Hyndman-Fan type 7)",
            floats(&rows, |_| Some(lower)),
        ),
        Column::new(
            "quantile_upper",
            "which quantile `upper` is",
            floats(&rows, |_| Some(upper)),
        ),
        Column::new(
            "space",
            "the space in which quantiles were interpolated: `raw`, the loss itself",
            text(&rows, |_| Some("raw")),
        ),
        Column::new(
            "early_end",
            "what a curve counts as after its end",
            text(&rows, |_| Some(early_end_name(summary.early_end))),
        ),
    ];
    Table {
        name: "bands",
        row: "one planned step of one config and metric, over seeds",
        columns,
    }
}

fn range_table(summary: &Summary) -> Table<'_> {
    let rows: Vec<(&ConfigSummary, &SeedSummary)> = summary
        .configs
        .iter()
        .flat_map(|config| config.seeds.iter().map(move |seed| (config, seed)))
        .collect();
    let columns = vec![
        Column::new(
            "config",
            "name of the config",
            text(&rows, |(config, _)| Some(config.name.as_str())),
        ),
        Column::new("seed", "seed of the trial", seeds(&rows, |(_, seed)| seed.seed)),
        Column::new(
            "trial",
            "id of the trial",
            text(&rows, |(_, seed)| Some(seed.trial.as_str())),
        ),
        Column::new(
            "min_lr",
            "min LR of the learning rate range, if there is one",
            floats(&rows, |(_, seed)| seed.min_lr.lr()),
        ),
        Column::new(
            "max_lr",
            "max LR of the learning rate range, if there is one",
            floats(&rows, |(_, seed)| seed.max_lr.lr()),
        ),
        Column::new(
            "min_lr_reason",
            "why there is no min LR",
            text(&rows, |(_, seed)| reason_name(&seed.min_lr)),
        ),
        Column::new(
            "max_lr_reason",
            "why there is no max LR",
            text(&rows, |(_, seed)| reason_name(&seed.max_lr)),
        ),
        Column::new(
            "min_lr_fallback",
            "whether the rule took its second choice for the min LR",
            flags(&rows, |(_, seed)| fallback(&seed.min_lr)),
        ),
        Column::new(
            "max_lr_fallback",
            "whether the rule took its second choice for the max LR",
            flags(&rows, |(_, seed)| fallback(&seed.max_lr)),
        ),
        Column::new(
            "stop_step",
            "step whose loss fired the stop rule, if one did",
            counts(&rows, |(_, seed)| seed.stop_step),
        )
        .in_unit("steps"),
        Column::new(
            "diverged_step",
            "step at which the trial diverged, if it did",
            counts(&rows, |(_, seed)| seed.diverged_step),
        )
        .in_unit("steps"),
        Column::new(
            "end",
            "how training ended: `completed`, `halted` (stopped early) or `non-finite`",
            text(&rows, |(_, seed)| Some(end_name(seed.end))),
        ),
        Column::new(
            "least_lr",
            "learning rate of the least smoothed loss",
            floats(&rows, |(_, seed)| seed.least_lr),
        ),
        Column::new(
            "decade",
            "the group of the seed: the power of ten that begins the decade of `least_lr`",
            exponents(&rows, |(_, seed)| seed.decade),
        ),
    ];
    Table {
        name: "ranges",
        row: "one trial that has a curve",
        columns,
    }
}

/// Whether a rule took its second choice; none without an answer.
fn fallback(answer: &Answer) -> Option<bool> {
    match answer {
        Answer::Found { fallback, .. } => Some(*fallback),
        Answer::None { .. } => None,
    }
}

fn rule_table(summary: &Summary) -> Table<'_> {
    struct Row<'a> {
        config: &'a ConfigSummary,
        rule: &'a RuleSummary,
        of_seed: &'a RuleAnswer,
    }
    let mut rows = Vec::new();
    for config in &summary.configs {
        for rule in &config.named_rules {
            rows.extend(rule.answers.iter().map(|of_seed| Row { config, rule, of_seed }));
        }
    }
    let index = |answer: &Answer| match answer {
        Answer::Found { index, .. } => Some(*index as u32),
        Answer::None { .. } => None,
    };
    let columns = vec![
        Column::new(
            "config",
            "name of the config",
            text(&rows, |row| Some(row.config.name.as_str())),
        ),
        Column::new("seed", "seed of the trial", seeds(&rows, |row| row.of_seed.seed)),
        Column::new(
            "rule",
            "name of the rule",
            text(&rows, |row| Some(row.rule.name.as_str())),
        ),
        Column::new(
            "lr",
            "learning rate that the rule suggests, if there is one",
            floats(&rows, |row| row.of_seed.answer.lr()),
        ),
        Column::new(
            "index",
            "step that the rule chose, from 0",
            counts(&rows, |row| index(&row.of_seed.answer)),
        )
        .in_unit("steps"),
        Column::new(
            "fallback",
            "whether the rule took its second choice",
            flags(&rows, |row| fallback(&row.of_seed.answer)),
        ),
        Column::new(
            "reason",
            "why there is no learning rate",
            text(&rows, |row| reason_name(&row.of_seed.answer)),
        ),
        Column::new(
            "stop_step",
            "step whose loss fired the rule's own stop, if one did",
            counts(&rows, |row| row.of_seed.stop_step),
        )
        .in_unit("steps"),
        Column::new(
            "cut",
            "whether training was stopped early, before the rule's own stop fired, so that more steps may change the answer",
            flags(&rows, |row| Some(row.of_seed.cut)),
        ),
    ];
    Table {
        name: "rules",
        row: "one rule on one trial that has a curve",
        columns,
    }
}

fn overlap_table(summary: &Summary) -> Table<'_> {
    let of_config = |config| Overlaps::of(config).pairs.into_iter().map(move |pair| (config, pair));
    let rows: Vec<(&ConfigSummary, Pair)> = summary.configs.iter().flat_map(of_config).collect();
    let columns = vec![
        Column::new(
            "config",
            "name of the config",
            text(&rows, |(config, _)| Some(config.name.as_str())),
        ),
        Column::new("first", "seed of the lower range", seeds(&rows, |(_, pair)| pair.first)),
        Column::new(
            "second",
            "seed of the higher range",
            seeds(&rows, |(_, pair)| pair.second),
        ),
        Column::new(
            "overlap",
            "what both ranges share, log10(least max LR / largest min LR); below 0 the gap between them",
            floats(&rows, |(_, pair)| Some(pair.decades)),
        )
        .in_unit("decades"),
    ];
    Table {
        name: "overlaps",
        row: "two seeds whose ranges hold a learning rate, lower range first by its middle; none of a config with more than 1000 ranges",
        columns,
    }
}

fn arm_table(groups: &[ArmGroup]) -> Table<'_> {
    struct Row<'a> {
        group: u32,
        arm: &'a Arm,
        end: &'static str,
        scatter: Option<Scatter>,
    }
    let mut rows = Vec::new();
    for (group, arms) in (0..).zip(groups) {
        for arm in &arms.arms {
            rows.extend(
                [("min_lr", arm.min_lr), ("max_lr", arm.max_lr)].map(|(end, scatter)| Row {
                    group,
                    arm,
                    end,
                    scatter,
                }),
            );
        }
    }
    let varies = |stream: &str| {
        let says = |row: &Row| Some(row.arm.varies.iter().any(|name| name == stream));
        flags(&rows, says)
    };
    let columns = vec![
        Column::new(
            "group",
            "configs of one group differ only in their streams; counted from 0",
            counts(&rows, |row| Some(row.group)),
        ),
        Column::new(
            "config",
            "name of the config",
            text(&rows, |row| Some(row.arm.config.as_str())),
        ),
        Column::new(
            "weights_vary",
            "whether initial weights follow the seed",
            varies("weights"),
        ),
        Column::new(
            "order_varies",
            "whether the order of batches follows the seed",
            varies("order"),
        ),
        Column::new(
            "augmentation_varies",
            "whether augmentation follows the seed",
            varies("augmentation"),
        ),
        Column::new(
            "end",
            "which rate of the learning rate range: `min_lr` or `max_lr`",
            text(&rows, |row| Some(row.end)),
        ),
        Column::new(
            "n",
            "seeds with this rate; no value below two",
            counts(&rows, |row| row.scatter.map(|scatter| scatter.n as u32)),
        )
        .in_unit("seeds"),
        Column::new(
            "deviation",
            "sample standard deviation (n - 1) of log10 of this rate over the seeds",
            floats(&rows, |row| row.scatter.map(|scatter| scatter.deviation)),
        )
        .in_unit("decades"),
        Column::new(
            "share",
            "its variance over that of the config of the group in which all of these streams vary",
            floats(&rows, |row| row.scatter.and_then(|scatter| scatter.share)),
        ),
    ];
    Table {
        name: "variation",
        row: "one rate of one config, over seeds",
        columns,
    }
}

fn trial_table(curves: &Curves) -> Table<'_> {
    let rows: Vec<(&ConfigCurves, &TrialCurve)> = curves
        .configs
        .iter()
        .flat_map(|config| config.trials.iter().map(move |trial| (config, trial)))
        .collect();
    let run = |trial: &TrialCurve| match &trial.outcome {
        Outcome::Finished(run) => Some((run.losses.len() as u32, end_name(run.end))),
        Outcome::Failed | Outcome::Missing => None,
    };
    let state = |trial: &TrialCurve| match trial.outcome {
        Outcome::Finished(_) => "finished",
        Outcome::Failed => "failed",
        Outcome::Missing => "missing",
    };
    let columns = vec![
        Column::new(
            "config",
            "name of the config",
            text(&rows, |(config, _)| Some(config.name.as_str())),
        ),
        Column::new("seed", "seed of the trial", seeds(&rows, |(_, trial)| trial.seed)),
        Column::new(
            "trial",
            "id of the trial",
            text(&rows, |(_, trial)| Some(trial.id.as_str())),
        ),
        Column::new(
            "state",
            "`finished`: it has a curve; `failed`: for outside reasons; `missing`: not yet run",
            text(&rows, |(_, trial)| Some(state(trial))),
        ),
        Column::new(
            "steps",
            "steps trained",
            counts(&rows, |(_, trial)| run(trial).map(|(steps, _)| steps)),
        )
        .in_unit("steps"),
        Column::new(
            "end",
            "how training ended: `completed`, `halted` (stopped early) or `non-finite`",
            text(&rows, |(_, trial)| run(trial).map(|(_, end)| end)),
        ),
    ];
    Table {
        name: "trials",
        row: "one trial that the study asks for",
        columns,
    }
}

pub(crate) fn text<'a, Row>(rows: &[Row], cell: impl Fn(&Row) -> Option<&'a str>) -> Cells<'a> {
    Cells::Text(rows.iter().map(cell).collect())
}

pub(crate) fn counts<Row>(rows: &[Row], cell: impl Fn(&Row) -> Option<u32>) -> Cells<'static> {
    Cells::Count(rows.iter().map(cell).collect())
}

fn exponents<Row>(rows: &[Row], cell: impl Fn(&Row) -> Option<i32>) -> Cells<'static> {
    Cells::Exponent(rows.iter().map(cell).collect())
}

pub(crate) fn seeds<Row>(rows: &[Row], cell: impl Fn(&Row) -> u64) -> Cells<'static> {
    Cells::Seed(rows.iter().map(cell).collect())
}

pub(crate) fn floats<Row>(rows: &[Row], cell: impl Fn(&Row) -> Option<f64>) -> Cells<'static> {
    Cells::Float(rows.iter().map(cell).collect())
}

fn flags<Row>(rows: &[Row], cell: impl Fn(&Row) -> Option<bool>) -> Cells<'static> {
    Cells::Flag(rows.iter().map(cell).collect())
}
