//! The tidy tables of what is trained after the range tests.

use crate::read::Outcome;
use crate::section::trainings::{Trained, TrainedSeed, TrainingCurves};
use crate::tables::column::{Column, Table};
use crate::tables::names::end_name;
use crate::tables::{LOSS, counts, floats, seeds, text};
use seedband_core::summary::{Calibration, ConfigSummary, Regret, Summary, TrainingSeed};
use seedband_core::train::{Side, TrainPlan};

/// The tables; without rows for a study without trainings. The configs of both are those of the study.
pub(crate) fn training_tables<'a>(curves: &'a TrainingCurves, summary: &'a Summary) -> Vec<Table<'a>> {
    vec![
        training_table(curves, summary),
        curve_table(curves, summary),
        regret_table(summary),
    ]
}

/// The seeds of all trainings with their configs.
fn all<'a>(curves: &'a TrainingCurves, summary: &'a Summary) -> Vec<(&'a ConfigSummary, &'a TrainedSeed)> {
    let configs = summary.configs.iter().zip(&curves.configs);
    configs
        .flat_map(|(config, seeds)| seeds.iter().map(move |seed| (config, seed)))
        .collect()
}

fn run(seed: &TrainedSeed) -> Option<&Trained> {
    match &seed.outcome {
        Outcome::Finished(run) => Some(run),
        Outcome::Failed | Outcome::Missing => None,
    }
}

fn state(seed: &TrainedSeed) -> &'static str {
    match seed.outcome {
        Outcome::Finished(_) => "finished",
        Outcome::Failed => "failed",
        Outcome::Missing if seed.without.is_some() => "without-lr",
        Outcome::Missing => "missing",
    }
}

/// A training of a seed with its config.
type Row<'a> = (&'a ConfigSummary, &'a TrainedSeed);

fn training_table<'a>(curves: &'a TrainingCurves, summary: &'a Summary) -> Table<'a> {
    let rows: Vec<Row> = all(curves, summary);
    let mut columns = plan_columns(&rows);
    columns.extend(outcome_columns(&rows));
    Table {
        name: "trainings",
        row: "one training of one seed",
        columns,
    }
}

/// What was to be trained.
fn plan_columns<'a>(rows: &[Row<'a>]) -> Vec<Column<'a>> {
    let plan = |row: &Row<'a>| -> Option<&'a TrainPlan> { row.1.trial.as_ref()?.training.as_ref() };
    let side = |row: &Row<'a>| {
        row.1.pair.map(|pair| match pair.side {
            Side::Lower => "lower",
            Side::Higher => "higher",
        })
    };
    vec![
        Column::new(
            "config",
            "name of the config",
            text(rows, |row| Some(row.0.name.as_str())),
        ),
        Column::new(
            "training",
            "name of the training",
            text(rows, |row| Some(row.1.training.as_str())),
        ),
        Column::new("seed", "seed that is trained", seeds(rows, |row| row.1.seed)),
        Column::new(
            "trial",
            "id of the trial, once the learning rate is known",
            text(rows, |row| row.1.trial.as_ref().map(|trial| trial.id.as_str())),
        ),
        Column::new(
            "range_test",
            "id of the range test of the seed",
            text(rows, |row| plan(row).map(|plan| plan.range_test.as_str())),
        ),
        Column::new(
            "state",
            "`finished`: it has a curve; `failed`: for outside reasons; `missing`: not yet run; `without-lr`: no learning rate to train with",
            text(rows, |row| Some(state(row.1))),
        ),
        Column::new(
            "without",
            "why there is no learning rate to train with",
            text(rows, |row| row.1.without.as_deref()),
        ),
        Column::new(
            "side",
            "of a pair of seeds whose ranges do not overlap: `lower` or `higher`",
            text(rows, side),
        ),
        Column::new(
            "lr",
            "highest learning rate",
            floats(rows, |row| plan(row).map(|plan| plan.lr)),
        ),
        Column::new(
            "lr_floor",
            "lowest learning rate, where one was given",
            floats(rows, |row| plan(row).and_then(|plan| plan.floor)),
        ),
    ]
}

/// What came of it.
fn outcome_columns<'a>(rows: &[Row<'a>]) -> Vec<Column<'a>> {
    let found = |row: &Row<'a>| -> Option<&'a TrainingSeed> {
        let trial = row.1.trial.as_ref()?;
        let mut trainings = row
            .0
            .trainings
            .iter()
            .filter(|training| training.name == row.1.training);
        trainings.find_map(|training| training.seeds.iter().find(|seed| seed.trial == trial.id.as_str()))
    };
    vec![
        Column::new(
            "steps",
            "steps trained",
            counts(rows, |row| found(row).map(|seed| seed.steps)),
        )
        .in_unit("steps"),
        Column::new(
            "end",
            "how training ended: `completed` or `non-finite`",
            text(rows, |row| run(row.1).map(|run| end_name(run.curve.end))),
        ),
        Column::new(
            "diverged_step",
            "step at which it diverged, if it did",
            counts(rows, |row| found(row).and_then(|seed| seed.diverged_step)),
        )
        .in_unit("steps"),
        Column::new(
            "best_validation_loss",
            "least validation loss, infinite if the loss became non-finite",
            floats(rows, |row| found(row).map(|seed| seed.best_loss)),
        )
        .in_unit(LOSS),
        Column::new(
            "last_validation_loss",
            "last validation loss, infinite if the loss became non-finite",
            floats(rows, |row| found(row).map(|seed| seed.last_loss)),
        )
        .in_unit(LOSS),
        Column::new(
            "last_validation_accuracy",
            "last share of the validation images classified right, 0 if the loss became non-finite",
            floats(rows, |row| found(row).map(|seed| seed.last_accuracy)),
        ),
    ]
}

fn curve_table<'a>(curves: &'a TrainingCurves, summary: &'a Summary) -> Table<'a> {
    struct Row<'a> {
        config: &'a ConfigSummary,
        seed: &'a TrainedSeed,
        run: &'a Trained,
        step: usize,
    }
    let mut rows = Vec::new();
    for (config, seed) in all(curves, summary) {
        let Some(run) = run(seed) else { continue };
        rows.extend((0..run.curve.steps.len()).map(|step| Row {
            config,
            seed,
            run,
            step,
        }));
    }
    let evaluation = |row: &Row| row.run.curve.steps[row.step].validation;
    let columns = vec![
        Column::new(
            "config",
            "name of the config",
            text(&rows, |row| Some(row.config.name.as_str())),
        ),
        Column::new(
            "training",
            "name of the training",
            text(&rows, |row| Some(row.seed.training.as_str())),
        ),
        Column::new("seed", "seed that is trained", seeds(&rows, |row| row.seed.seed)),
        Column::new(
            "step",
            "step of training, from 0",
            counts(&rows, |row| Some(row.step as u32)),
        )
        .in_unit("steps"),
        Column::new(
            "lr",
            "learning rate in the optimizer during the step",
            floats(&rows, |row| Some(row.run.curve.steps[row.step].lr)),
        ),
        Column::new(
            "loss",
            "training loss of the step's batch before its update",
            floats(&rows, |row| Some(row.run.curve.steps[row.step].loss)),
        )
        .in_unit(LOSS),
        Column::new(
            "smoothed",
            "smoothed loss",
            floats(&rows, |row| row.run.smoothed.get(row.step).copied()),
        )
        .in_unit(LOSS),
        Column::new(
            "validation_loss",
            "loss on the validation images after the step's update, after each epoch and the last step",
            floats(&rows, |row| evaluation(row).map(|found| found.loss)),
        )
        .in_unit(LOSS),
        Column::new(
            "validation_accuracy",
            "share of the validation images classified right, from 0 to 1",
            floats(&rows, |row| evaluation(row).map(|found| found.accuracy)),
        ),
    ];
    Table {
        name: "training_curves",
        row: "one trained step of one training of one seed",
        columns,
    }
}

fn regret_table(summary: &Summary) -> Table<'_> {
    type Row<'a> = (&'a ConfigSummary, &'a Calibration, &'a Regret);
    let rows: Vec<Row> = summary
        .configs
        .iter()
        .flat_map(|config| config.calibrations.iter().map(move |grid| (config, grid)))
        .flat_map(|(config, grid)| grid.regrets.iter().map(move |regret| (config, grid, regret)))
        .collect();
    let columns = vec![
        Column::new(
            "config",
            "name of the config",
            text(&rows, |row| Some(row.0.name.as_str())),
        ),
        Column::new(
            "grid",
            "name of the training at the grid's least learning rate",
            text(&rows, |row| row.1.trainings.first().map(String::as_str)),
        ),
        Column::new(
            "rule",
            "whose suggestion: an end of each seed's range, a named rule, or what all range tests say together",
            text(&rows, |row| Some(row.2.rule.as_str())),
        ),
        Column::new("n", "seeds with a regret", counts(&rows, |row| Some(row.2.n))).in_unit("seeds"),
        Column::new(
            "below",
            "seeds whose suggestion lies below the grid",
            counts(&rows, |row| Some(row.2.below)),
        )
        .in_unit("seeds"),
        Column::new(
            "above",
            "seeds whose suggestion lies above the grid",
            counts(&rows, |row| Some(row.2.above)),
        )
        .in_unit("seeds"),
        Column::new(
            "without",
            "seeds without a suggestion",
            counts(&rows, |row| Some(row.2.without)),
        )
        .in_unit("seeds"),
        Column::new(
            "suggestion",
            "median suggested learning rate",
            floats(&rows, |row| row.2.suggestion.map(|found| found.median)),
        ),
        Column::new(
            "lower",
            "lower quantile of the regret",
            floats(&rows, |row| row.2.regret.map(|found| found.lower)),
        )
        .in_unit(LOSS),
        Column::new(
            "median",
            "median regret: least validation loss at the suggestion minus the least of the grid",
            floats(&rows, |row| row.2.regret.map(|found| found.median)),
        )
        .in_unit(LOSS),
        Column::new(
            "upper",
            "upper quantile of the regret",
            floats(&rows, |row| row.2.regret.map(|found| found.upper)),
        )
        .in_unit(LOSS),
    ];
    Table {
        name: "regrets",
        row: "one way to choose a learning rate beside one grid of trainings",
        columns,
    }
}
