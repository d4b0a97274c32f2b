//! The arguments of `import`.

use super::command_line;
use clap::Args;
use seedband::{ColumnNames, ImportFormat, ImportOptions};
use std::path::PathBuf;

/// Make a study of curves that were recorded elsewhere.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files of curves; a folder stands for the event files of TensorBoard below it
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Name of the study; one that was imported before gets what is new
    #[arg(long)]
    pub(crate) name: String,
    /// Where results go: `<FOLDER>/<NAME>`
    #[arg(long, value_name = "FOLDER", env = "SEEDBAND_RESULTS", default_value = "results")]
    pub(crate) results: PathBuf,
    /// `auto`, `csv`, `json`, `fastai`, `lightning`, `torch-lr-finder`, `wandb` or `tensorboard`
    #[arg(long, default_value = "auto", value_parser = format)]
    pub(crate) format: Format,
    /// Config of the curves whose file says none [default: base]
    #[arg(long, value_name = "NAME")]
    pub(crate) config: Option<String>,
    /// Seed of the first curve whose file says none; the next ones count on [default: digits after `seed` in the path,
    /// else the next free number]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Where config and seed stand in the paths, for example `{config}-seed{seed}.csv`
    #[arg(long)]
    pub(crate) pattern: Option<String>,
    /// Weight of the past in the averages that fastai, Lightning and torch-lr-finder record in place of losses; 0 for
    /// losses that are no averages [default: the library's own]
    #[arg(long, value_name = "WEIGHT", value_parser = beta)]
    pub(crate) beta: Option<f64>,
    /// Column, key or tag of the step [default: a usual name]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) step_column: Option<String>,
    /// The same of the learning rate
    #[arg(long, value_name = "COLUMN")]
    pub(crate) lr_column: Option<String>,
    /// The same of the training loss
    #[arg(long, value_name = "COLUMN")]
    pub(crate) loss_column: Option<String>,
    /// The same of the seed
    #[arg(long, value_name = "COLUMN")]
    pub(crate) seed_column: Option<String>,
    /// The same of the config
    #[arg(long, value_name = "COLUMN")]
    pub(crate) config_column: Option<String>,
    /// The same of the validation loss
    #[arg(long, value_name = "COLUMN")]
    pub(crate) validation_loss_column: Option<String>,
    /// The same of the validation accuracy, from 0 to 1
    #[arg(long, value_name = "COLUMN")]
    pub(crate) validation_accuracy_column: Option<String>,
}

/// A format, or what the file looks like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format(Option<ImportFormat>);

fn format(text: &str) -> Result<Format, String> {
    if text == "auto" {
        return Ok(Format(None));
    }
    text.parse().map(|format| Format(Some(format)))
}

fn beta(text: &str) -> Result<f64, String> {
    let beta = text.parse().ok().filter(|beta| (0.0..1.0).contains(beta));
    beta.ok_or_else(|| "it is no number from 0 to below 1".into())
}

impl Import {
    /// What the library does with the files.
    pub(crate) fn options(&self) -> ImportOptions {
        ImportOptions {
            name: self.name.clone(),
            results: self.results.clone(),
            format: self.format.0,
            columns: ColumnNames {
                step: self.step_column.clone(),
                lr: self.lr_column.clone(),
                loss: self.loss_column.clone(),
                seed: self.seed_column.clone(),
                config: self.config_column.clone(),
                validation_loss: self.validation_loss_column.clone(),
                validation_accuracy: self.validation_accuracy_column.clone(),
            },
            config: self.config.clone(),
            seed: self.seed,
            pattern: self.pattern.clone(),
            beta: self.beta,
            command: command_line(),
        }
    }
}
