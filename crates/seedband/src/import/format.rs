//! The formats that can be imported, and telling them apart.

use super::columns::ColumnNames;
use super::csv_file;
use super::json::{self, Json};
use super::table::Table;
use super::{tensorboard, wandb};
use seedband_core::range_test::{Schedule, Smoothing, Spacing, Start};
use std::str::FromStr;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFormat {
    /// A line of column names, then a line a step.
    Csv,
    /// An object a line, a list of objects, or objects of lists; losses as they are.
    Json,
    /// `{"lrs": …, "losses": …}` of fastai's `learn.recorder`, whose losses are averages.
    Fastai,
    /// `lr_find().results` of Lightning, whose losses are averages.
    Lightning,
    /// `history` of torch-lr-finder, whose losses are averages.
    TorchLrFinder,
    /// CSV as Weights & Biases exports it from charts.
    Wandb,
    /// An event file of TensorBoard.
    TensorBoard,
}

const ALL: [ImportFormat; 7] = [
    ImportFormat::Csv,
    ImportFormat::Json,
    ImportFormat::Fastai,
    ImportFormat::Lightning,
    ImportFormat::TorchLrFinder,
    ImportFormat::Wandb,
    ImportFormat::TensorBoard,
];

impl ImportFormat {
    /// The name as it is given and as it stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Fastai => "fastai",
            Self::Lightning => "lightning",
            Self::TorchLrFinder => "torch-lr-finder",
            Self::Wandb => "wandb",
            Self::TensorBoard => "tensorboard",
        }
    }

    /// Every name, in the order in which they are listed to people.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ALL.into_iter().map(Self::name)
    }

    /// How the losses of the format were averaged when they were recorded; none where they were not. `beta` is in place
    /// of the library's own weight of the past.
    pub(super) fn averaging(self, beta: Option<f64>) -> Option<Smoothing> {
        let own = match self {
            Self::Fastai => Smoothing::default(),
            // Its step counter has moved on when the loss is logged.
            Self::Lightning => Smoothing {
                ahead: Some(1),
                ..Smoothing::default()
            },
            Self::TorchLrFinder => Smoothing {
                beta: Some(0.95),
                start: Some(Start::First),
                ..Smoothing::default()
            },
            Self::Csv | Self::Json | Self::Wandb | Self::TensorBoard => return None,
        };
        Some(Smoothing {
            beta: beta.or(own.beta),
            ..own
        })
    }

    fn is_of_lists(self) -> bool {
        matches!(self, Self::Fastai | Self::Lightning | Self::TorchLrFinder)
    }
}

impl FromStr for ImportFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = ALL.into_iter().find(|format| format.name() == text);
        found.ok_or_else(|| {
            let names: Vec<String> = Self::names().map(|name| format!("`{name}`")).collect();
            format!("it is none of `auto`, {}", names.join(", "))
        })
    }
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parsed {
    pub(super) format: ImportFormat,
    /// Each with the name of its run, where the file names runs.
    pub(super) tables: Vec<(Option<String>, Table)>,
}

/// Reads a file as `format` says, or else as what it looks like.
///
/// # Errors
/// It is nothing of the kind.
pub(super) fn read(bytes: &[u8], format: Option<ImportFormat>, names: &ColumnNames) -> Result<Parsed, String> {
    let unnamed = |format, table| Parsed {
        format,
        tables: vec![(None, table)],
    };
    match format.unwrap_or_else(|| look(bytes)) {
        ImportFormat::TensorBoard => Ok(unnamed(ImportFormat::TensorBoard, tensorboard::read(bytes)?)),
        ImportFormat::Csv => {
            let table = csv_file::read(bytes)?;
            if format.is_none() && wandb::is_export(table.columns()) {
                return Ok(of_runs(wandb::split(table)?));
            }
            Ok(unnamed(ImportFormat::Csv, table))
        }
        ImportFormat::Wandb => Ok(of_runs(wandb::split(csv_file::read(bytes)?)?)),
        ImportFormat::Json | ImportFormat::Fastai | ImportFormat::Lightning | ImportFormat::TorchLrFinder => {
            match (json::read(bytes, names)?, format) {
                (Json::Rows(_), Some(format)) if format.is_of_lists() => Err(format!(
                    "is no dump of {}: it has no lists of learning rates and losses; read it with `--format json`",
                    format.name()
                )),
                (Json::Rows(table), _) => Ok(unnamed(ImportFormat::Json, table)),
                (Json::Lists { tables, names: keys }, _) => {
                    let format = match format {
                        Some(format) => format,
                        None => library(&keys, tables.first(), names)?,
                    };
                    let tables = tables.into_iter().map(|table| (None, table)).collect();
                    Ok(Parsed { format, tables })
                }
            }
        }
    }
}

fn of_runs(runs: Vec<(String, Table)>) -> Parsed {
    Parsed {
        format: ImportFormat::Wandb,
        tables: runs.into_iter().map(|(run, table)| (Some(run), table)).collect(),
    }
}

/// What a file looks like at its beginning.
fn look(bytes: &[u8]) -> ImportFormat {
    if tensorboard::is_record(bytes) {
        return ImportFormat::TensorBoard;
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => ImportFormat::Json,
        _ => ImportFormat::Csv,
    }
}

/// Whose lists these are. Losses of these libraries are averages, each of its own kind, so a guess would be wrong
/// without anybody noticing.
fn library(keys: &[String; 2], table: Option<&Table>, names: &ColumnNames) -> Result<ImportFormat, String> {
    if keys.each_ref().map(String::as_str) == ["lrs", "losses"] {
        return Ok(ImportFormat::Fastai);
    }
    let curves = table
        .and_then(|table| super::curves::curves(table, names).ok())
        .unwrap_or_default();
    let rates = curves.first().map(|curve| curve.points.iter().map(|point| point.lr));
    let rates: Vec<f64> = rates.into_iter().flatten().collect();
    // Nobody but Lightning leaves out the second rate.
    let is_lightning =
        rates.len() > 3 && Schedule::of_rates(&rates).is_ok_and(|schedule| schedule.spacing == Spacing::SkipSecond);
    if is_lightning {
        return Ok(ImportFormat::Lightning);
    }
    Err(format!(
        "holds lists `{}` and `{}`, which several programs write; say `--format torch-lr-finder` or `--format lightning` \
         (whose losses are averages), or `--format json` (losses as they are)",
        keys[0], keys[1]
    ))
}
