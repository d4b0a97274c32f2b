//! Every trial that is asked for.

use super::table::Table;
use crate::read::{ConfigCurves, Curves, Outcome, TrialCurve};

/// The table `trials`.
pub(super) fn table(curves: &Curves) -> Table {
    let mut rows: Vec<(&ConfigCurves, &TrialCurve)> = Vec::new();
    for config in curves.configs() {
        rows.extend(config.trials.iter().map(|trial| (config, trial)));
    }
    Table::new("trials", "one trial that the study asks for")
        .rows(&rows)
        .column("config", "name of the config", |(config, _)| Some(config.name.as_str()))
        .column("seed", "seed of the trial", |(_, trial)| trial.seed)
        .column("trial", "id of the trial", |(_, trial)| Some(trial.id.as_str()))
        .column(
            "state",
            "`finished`: it has a curve; `failed`: for outside reasons; `missing`: not yet run",
            |(_, trial)| Some(state(trial)),
        )
        .column("steps", "steps trained", |(_, trial)| {
            trial.outcome.finished().map(|read| read.curve.steps.len() as u32)
        })
        .unit("steps")
        .column(
            "end",
            "how training ended: `completed`, `halted` (stopped early) or `non-finite`",
            |(_, trial)| trial.outcome.finished().map(|read| read.curve.end.name()),
        )
        .done()
}

fn state(trial: &TrialCurve) -> &'static str {
    match trial.outcome {
        Outcome::Finished(_) => "finished",
        Outcome::Failed => "failed",
        Outcome::Missing => "missing",
    }
}
