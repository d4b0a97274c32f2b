//! The curve of each range test.

use super::table::{LOSS, Table};
use crate::read::Curves;
use polars::prelude::{ChunkTake, DataFrame, IntoSeries, NamedFrom, PolarsResult, Series, StringChunked};

/// The table `curves`.
pub(super) fn table(curves: &Curves) -> PolarsResult<Table> {
    let frame = curves.frame();
    let names = curves.configs().iter().map(|config| config.name.as_str());
    Table::new("curves", "one trained step of one trial")
        .with("config", "name of the config", config_names(names, frame)?)
        .taken(frame, "seed", "seed of the trial")?
        .taken(frame, "step", "step of training, from 0")?
        .unit("steps")
        .taken(frame, "lr", "learning rate that rules and figures file the step under")?
        .taken(frame, "loss", "training loss of the step's batch before its update")?
        .unit(LOSS)
        .taken(frame, "smoothed", "smoothed loss, also after the stop")?
        .unit(LOSS)
        .taken(
            frame,
            "validation_loss",
            "loss on the validation images after the step's update, where it was measured",
        )?
        .unit(LOSS)
        .taken(
            frame,
            "validation_accuracy",
            "share of the validation images classified right, from 0 to 1",
        )?
        .taken(
            frame,
            "state",
            "`kept`: the step counts; `stop`: it counts and its loss fired the stop rule; `after-stop`: it was \
             trained but does not count",
        )
}

/// The name of each row's config, of which a frame has the place in the study.
pub(super) fn config_names<'a>(names: impl Iterator<Item = &'a str>, frame: &DataFrame) -> PolarsResult<Series> {
    let names = StringChunked::new("config".into(), names.collect::<Vec<&str>>());
    Ok(names.take(frame.column("config")?.u32()?)?.into_series())
}
