//! The learning rate range of each trial.

use super::names::{fallback, reason_name};
use super::table::Table;
use seedband_core::summary::{ConfigSummary, SeedSummary, Summary};

/// The table `ranges`.
pub(super) fn table(summary: &Summary) -> Table {
    let mut rows: Vec<(&ConfigSummary, &SeedSummary)> = Vec::new();
    for config in &summary.configs {
        rows.extend(config.seeds.iter().map(|seed| (config, seed)));
    }
    Table::new("ranges", "one trial that has a curve")
        .rows(&rows)
        .column("config", "name of the config", |(config, _)| Some(config.name.as_str()))
        .column("seed", "seed of the trial", |(_, seed)| seed.seed)
        .column("trial", "id of the trial", |(_, seed)| Some(seed.trial.as_str()))
        .column(
            "min_lr",
            "min LR of the learning rate range, if there is one",
            |(_, seed)| seed.min_lr.lr(),
        )
        .column(
            "max_lr",
            "max LR of the learning rate range, if there is one",
            |(_, seed)| seed.max_lr.lr(),
        )
        .column("min_lr_reason", "why there is no min LR", |(_, seed)| {
            reason_name(&seed.min_lr)
        })
        .column("max_lr_reason", "why there is no max LR", |(_, seed)| {
            reason_name(&seed.max_lr)
        })
        .column(
            "min_lr_fallback",
            "whether the rule took its second choice for the min LR",
            |(_, seed)| fallback(&seed.min_lr),
        )
        .column(
            "max_lr_fallback",
            "whether the rule took its second choice for the max LR",
            |(_, seed)| fallback(&seed.max_lr),
        )
        .column(
            "stop_step",
            "step whose loss fired the stop rule, if one did",
            |(_, seed)| seed.stop_step,
        )
        .unit("steps")
        .column(
            "diverged_step",
            "step whose update made the trial diverge, if it did",
            |(_, seed)| seed.diverged_step,
        )
        .unit("steps")
        .column(
            "end",
            "how training ended: `completed`, `halted` (stopped early) or `non-finite`",
            |(_, seed)| Some(seed.end.name()),
        )
        .column("least_lr", "learning rate of the least smoothed loss", |(_, seed)| {
            seed.least_lr
        })
        .column(
            "decade",
            "the group of the seed: the power of ten that begins the decade of `least_lr`",
            |(_, seed)| seed.decade,
        )
        .done()
}
