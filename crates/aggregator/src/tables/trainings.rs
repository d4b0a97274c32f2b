//! Every training that is asked for.

use super::table::{LOSS, Table};
use crate::read::{Outcome, TrainedSeed, TrainingCurves};
use seedband_core::summary::{ConfigSummary, Summary, TrainingSeed};
use seedband_core::train::{Side, TrainPlan};
use std::collections::HashMap;

/// One training of one seed.
struct Row<'a> {
    config: &'a ConfigSummary,
    seed: &'a TrainedSeed,
    /// What it came to, if it has a curve.
    outcome: Option<&'a TrainingSeed>,
}

impl<'a> Row<'a> {
    fn plan(&self) -> Option<&'a TrainPlan> {
        self.seed.trial.as_ref()?.training.as_ref()
    }

    fn state(&self) -> &'static str {
        match self.seed.outcome {
            Outcome::Finished(_) => "finished",
            Outcome::Failed => "failed",
            Outcome::Missing if self.seed.without.is_some() => "without-lr",
            Outcome::Missing => "missing",
        }
    }

    fn side(&self) -> Option<&'static str> {
        self.seed.pair.map(|pair| match pair.side {
            Side::Lower => "lower",
            Side::Higher => "higher",
        })
    }
}

/// The table `trainings`. The configs of both are those of the study.
pub(super) fn table(curves: &TrainingCurves, summary: &Summary) -> Table {
    let configs = summary.configs.iter().zip(&curves.configs);
    let rows: Vec<Row> = configs.flat_map(|(config, seeds)| rows(config, seeds)).collect();
    let table = Table::new("trainings", "one training of one seed")
        .rows(&rows)
        .column("config", "name of the config", |row| Some(row.config.name.as_str()))
        .column("training", "name of the training", |row| {
            Some(row.seed.training.as_str())
        })
        .column("seed", "seed that is trained", |row| row.seed.seed)
        .column("trial", "id of the trial, once the learning rate is known", |row| {
            row.seed.trial.as_ref().map(|trial| trial.id.as_str())
        })
        .column("range_test", "id of the range test of the seed", |row| {
            row.plan().map(|plan| plan.range_test.as_str())
        })
        .column(
            "state",
            "`finished`: it has a curve; `failed`: for outside reasons; `missing`: not yet run; `without-lr`: no \
             learning rate to train with",
            |row| Some(row.state()),
        )
        .column("without", "why there is no learning rate to train with", |row| {
            row.seed.without.as_deref()
        })
        .column(
            "side",
            "of a pair of seeds whose ranges do not overlap: `lower` or `higher`",
            Row::side,
        )
        .column("lr", "highest learning rate", |row| row.plan().map(|plan| plan.lr))
        .column("lr_floor", "lowest learning rate, where one was given", |row| {
            row.plan().and_then(|plan| plan.floor)
        });
    table
        .column("steps", "steps trained", |row| row.outcome.map(|seed| seed.steps))
        .unit("steps")
        .column("end", "how training ended: `completed` or `non-finite`", |row| {
            row.seed.outcome.finished().map(|read| read.curve.end.name())
        })
        .column("diverged_step", "step at which it diverged, if it did", |row| {
            row.outcome.and_then(|seed| seed.diverged_step)
        })
        .unit("steps")
        .column(
            "best_validation_loss",
            "least validation loss, infinite if the loss became non-finite",
            |row| row.outcome.map(|seed| seed.best_loss),
        )
        .unit(LOSS)
        .column(
            "last_validation_loss",
            "last validation loss, infinite if the loss became non-finite",
            |row| row.outcome.map(|seed| seed.last_loss),
        )
        .unit(LOSS)
        .column(
            "last_validation_accuracy",
            "last share of the validation images classified right, 0 if the loss became non-finite; absent where \
             not every validation of the training had an accuracy",
            |row| row.outcome.and_then(|seed| seed.last_accuracy),
        )
        .done()
}

fn rows<'a>(config: &'a ConfigSummary, seeds: &'a [TrainedSeed]) -> Vec<Row<'a>> {
    let outcomes = config.trainings.iter().flat_map(|training| {
        let seeds = training.seeds.iter();
        seeds.map(|seed| ((training.name.as_str(), seed.trial.as_str()), seed))
    });
    let outcomes: HashMap<(&str, &str), &TrainingSeed> = outcomes.collect();
    let row = |seed: &'a TrainedSeed| Row {
        config,
        seed,
        outcome: seed.trial.as_ref().and_then(|trial| {
            let key = (seed.training.as_str(), trial.id.as_str());
            outcomes.get(&key).copied()
        }),
    };
    seeds.iter().map(row).collect()
}
