//! The share of diverged seeds by learning rate.

use super::table::Table;
use seedband_core::summary::{ConfigSummary, RiskStep, Summary};

/// The table `risk`.
pub(super) fn table(summary: &Summary) -> Table {
    let mut rows: Vec<(&ConfigSummary, &RiskStep)> = Vec::new();
    for config in &summary.configs {
        let steps = config.risk.iter().flat_map(|risk| &risk.steps);
        rows.extend(steps.map(|step| (config, step)));
    }
    Table::new(
        "risk",
        "one learning rate of one config at which the share of diverged seeds changes, and the first planned one",
    )
    .rows(&rows)
    .column("config", "name of the config", |(config, _)| Some(config.name.as_str()))
    .column(
        "lr",
        "learning rate from which on the row holds, up to that of the next row",
        |(_, step)| Some(step.lr),
    )
    .column(
        "at_risk",
        "seeds still followed at this rate: not diverged below it, and their curve reaches it",
        |(_, step)| Some(step.at_risk),
    )
    .unit("seeds")
    .column(
        "diverged",
        "seeds that had diverged at this rate or below",
        |(_, step)| Some(step.diverged),
    )
    .unit("seeds")
    .column(
        "share",
        "share that had diverged, from 0 to 1 (Kaplan-Meier: a curve cut before it diverged counts up to its last \
         rate)",
        |(_, step)| Some(step.share),
    )
    .column(
        "lower",
        "lower limit of the share (Clopper-Pearson; log-log by Greenwood's variance above the first cut)",
        |(_, step)| Some(step.lower),
    )
    .column("upper", "upper limit of the share", |(_, step)| Some(step.upper))
    .column(
        "confidence",
        "confidence of the two limits, at each rate by itself",
        |_| Some(summary.confidence),
    )
    .done()
}
