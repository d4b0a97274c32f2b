//! Tables and summary on disk.

use super::table::{About, Table};
use super::tables;
use crate::error::AggregateError;
use crate::read::{Curves, TrainingCurves};
use polars::prelude::{
    CsvWriter, DataFrame, KeyValueMetadata, ParquetCompression, ParquetWriter, PolarsResult, SerWriter,
};
use seedband_core::files::fsio;
use seedband_core::summary::Summary;
use serde::Serialize;
use std::path::Path;

/// Version of the tables: raised when a column changes its name, type or meaning, not when one is added.
pub const SCHEMA_VERSION: u32 = 2;

/// Key of [`SCHEMA_VERSION`] in the metadata of the Parquet files.
const SCHEMA_KEY: &str = "seedband.schema";

/// Writes `curves`, `bands`, `ranges`, `risk`, `overlaps`, `differences`, `rules`, `variation`, `scaling`, `local_slopes`, `seed_slopes`, `trials`, `trainings`,
/// `training_curves` and `regrets` as `.parquet` (zstd) and `.csv`, `schema.json`, which explains their columns, and
/// `summary.json` into `folder`.
///
/// In CSV floats are shortest round-trip decimals, infinity is `inf`, and an absent value is an empty field. A text
/// that begins with a sign of formulas, `=`, `+`, `-`, `@`, has a `'` before it. Everything
/// is encoded before the first file is touched, each file is replaced whole, and the summary is written last: a summary
/// is never newer than its tables.
///
/// # Errors
/// A table cannot be encoded; the folder or a file in it cannot be written.
pub fn write_tables(
    curves: &Curves,
    trainings: &TrainingCurves,
    summary: &Summary,
    folder: &Path,
) -> Result<(), AggregateError> {
    let tables = tables(curves, trainings, summary)?;
    let mut files = Vec::new();
    for table in &tables {
        let name = table.name;
        let failed = |format| {
            move |source| AggregateError::Table {
                table: name,
                format,
                source,
            }
        };
        let mut frame = table.frame().map_err(failed("Parquet"))?;
        files.push((
            format!("{name}.parquet"),
            parquet(&mut frame).map_err(failed("Parquet"))?,
        ));
        let mut frame = table.csv_frame().map_err(failed("CSV"))?;
        files.push((format!("{name}.csv"), csv(&mut frame).map_err(failed("CSV"))?));
    }
    fsio::create_dir_all(folder)?;
    for (name, bytes) in files {
        fsio::write_atomic(&folder.join(name), &bytes)?;
    }
    fsio::write_json(&folder.join("schema.json"), &schema(&tables))?;
    fsio::write_json(&folder.join("summary.json"), summary)?;
    Ok(())
}

fn parquet(frame: &mut DataFrame) -> PolarsResult<Vec<u8>> {
    let version = vec![(SCHEMA_KEY.to_owned(), SCHEMA_VERSION.to_string())];
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Zstd(None))
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(version)))
        .finish(frame)?;
    Ok(bytes)
}

fn csv(frame: &mut DataFrame) -> PolarsResult<Vec<u8>> {
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).finish(frame)?;
    Ok(bytes)
}

#[derive(Serialize)]
struct Schema {
    schema: u32,
    tables: Vec<TableSchema>,
}

#[derive(Serialize)]
struct TableSchema {
    name: &'static str,
    row: &'static str,
    columns: Vec<About>,
}

fn schema(tables: &[Table]) -> Schema {
    let table = |table: &Table| TableSchema {
        name: table.name,
        row: table.row,
        columns: table.about(),
    };
    Schema {
        schema: SCHEMA_VERSION,
        tables: tables.iter().map(table).collect(),
    }
}
