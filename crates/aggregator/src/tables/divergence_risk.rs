//! The share of diverged seeds by learning rate.

use crate::tables::column::{Column, Table};
use crate::tables::{counts, floats, text};
use seedband_core::summary::{ConfigSummary, RiskStep, Summary};

/// The table `risk`.
pub(super) fn table(summary: &Summary) -> Table<'_> {
    let steps = |config: &'_ ConfigSummary| config.risk.clone().map(|risk| risk.steps).unwrap_or_default();
    let of_config = |config| steps(config).into_iter().map(move |step| (config, step));
    let rows: Vec<(&ConfigSummary, RiskStep)> = summary.configs.iter().flat_map(of_config).collect();
    let columns = vec![
        Column::new(
            "config",
            "name of the config",
            text(&rows, |(config, _)| Some(config.name.as_str())),
        ),
        Column::new(
            "lr",
            "learning rate from which on the row holds, up to that of the next row",
            floats(&rows, |(_, step)| Some(step.lr)),
        ),
        Column::new(
            "at_risk",
            "seeds still followed at this rate: not diverged below it, and their curve reaches it",
            counts(&rows, |(_, step)| Some(step.at_risk)),
        )
        .in_unit("seeds"),
        Column::new(
            "diverged",
            "seeds that had diverged at this rate or below",
            counts(&rows, |(_, step)| Some(step.diverged)),
        )
        .in_unit("seeds"),
        Column::new(
            "share",
            "share that had diverged, from 0 to 1 (Kaplan-Meier: a curve cut before it diverged counts up to its last rate)",
            floats(&rows, |(_, step)| Some(step.share)),
        ),
        Column::new(
            "lower",
            "lower limit of the share (Clopper-Pearson; log-log by Greenwood's variance above the first cut)",
            floats(&rows, |(_, step)| Some(step.lower)),
        ),
        Column::new(
            "upper",
            "upper limit of the share",
            floats(&rows, |(_, step)| Some(step.upper)),
        ),
        Column::new(
            "confidence",
            "confidence of the two limits, at each rate by itself",
            floats(&rows, |_| Some(summary.confidence)),
        ),
    ];
    Table {
        name: "risk",
        row: "one learning rate of one config at which the share of diverged seeds changes, and the first planned one",
        columns,
    }
}
