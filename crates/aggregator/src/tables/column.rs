//! A table as columns that say what they hold.

use polars::prelude::{Column as Series, DataFrame, PolarsResult};
use serde::Serialize;

/// A table to be exported.
pub(crate) struct Table<'a> {
    /// Stem of its files.
    pub(crate) name: &'static str,
    /// What one row is.
    pub(crate) row: &'static str,
    /// Its columns, all of one length.
    pub(crate) columns: Vec<Column<'a>>,
}

/// One column.
pub(crate) struct Column<'a> {
    pub(crate) about: About,
    pub(crate) cells: Cells<'a>,
}

/// What a column holds, for people; stands in `schema.json`.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct About {
    pub(crate) name: &'static str,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// Absent for what has no unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<&'static str>,
    pub(crate) meaning: &'static str,
}

/// Values of a column; a `None` is a null in Parquet and an empty field in CSV.
pub(crate) enum Cells<'a> {
    Text(Vec<Option<&'a str>>),
    Count(Vec<Option<u32>>),
    Exponent(Vec<Option<i32>>),
    Seed(Vec<u64>),
    Float(Vec<Option<f64>>),
    Flag(Vec<Option<bool>>),
}

impl<'a> Column<'a> {
    /// A column without a unit.
    pub(crate) fn new(name: &'static str, meaning: &'static str, cells: Cells<'a>) -> Self {
        let kind = match cells {
            Cells::Text(_) => "string",
            Cells::Count(_) => "uint32",
            Cells::Exponent(_) => "int32",
            Cells::Seed(_) => "uint64",
            Cells::Float(_) => "float64",
            Cells::Flag(_) => "bool",
        };
        Self {
            about: About {
                name,
                kind,
                unit: None,
                meaning,
            },
            cells,
        }
    }

    /// The same column with a unit.
    pub(crate) fn in_unit(mut self, unit: &'static str) -> Self {
        self.about.unit = Some(unit);
        self
    }
}

impl Table<'_> {
    /// The table as polars knows it.
    pub(crate) fn frame(&self) -> PolarsResult<DataFrame> {
        let series = self.columns.iter().map(|column| {
            let name = column.about.name.into();
            match &column.cells {
                Cells::Text(values) => Series::new(name, values),
                Cells::Count(values) => Series::new(name, values),
                Cells::Exponent(values) => Series::new(name, values),
                Cells::Seed(values) => Series::new(name, values),
                Cells::Float(values) => Series::new(name, values),
                Cells::Flag(values) => Series::new(name, values),
            }
        });
        DataFrame::new_infer_height(series.collect())
    }
}
