//! The curve of each training.

use super::curves::config_names;
use super::table::{LOSS, Table};
use crate::read::{TrainingCurves, training_frame};
use polars::prelude::PolarsResult;
use seedband_core::summary::Summary;

/// The table `training_curves`. The configs of both are those of the study.
pub(super) fn table(curves: &TrainingCurves, summary: &Summary) -> PolarsResult<Table> {
    let frame = &training_frame(curves)?;
    let names = summary.configs.iter().map(|config| config.name.as_str());
    let table = Table::new("training_curves", "one trained step of one training of one seed")
        .with("config", "name of the config", config_names(names, frame)?)
        .taken(frame, "training", "name of the training")?
        .taken(frame, "seed", "seed that is trained")?
        .taken(frame, "step", "step of training, from 0")?
        .unit("steps")
        .taken(frame, "lr", "learning rate in the optimizer during the step")?
        .taken(frame, "loss", "training loss of the step's batch before its update")?
        .unit(LOSS)
        .taken(frame, "smoothed", "smoothed loss")?
        .unit(LOSS)
        .taken(
            frame,
            "validation_loss",
            "loss on the validation images after the step's update, after each epoch and the last step",
        )?
        .unit(LOSS);
    table.taken(
        frame,
        "validation_accuracy",
        "share of the validation images classified right, from 0 to 1",
    )
}
