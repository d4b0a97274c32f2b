//! A table as columns that say what they hold.

use polars::prelude::{DataFrame, DataType, IntoColumn, NamedFrom, PolarsResult, Series};
use serde::Serialize;

/// Nats: the natural logarithm is taken in the cross-entropy.
pub(super) const LOSS: &str = "nats";

/// A table to be written.
pub(super) struct Table {
    /// Stem of its files.
    pub(super) name: &'static str,
    /// What one row is.
    pub(super) row: &'static str,
    /// All of one length.
    columns: Vec<Column>,
}

/// One column; a null is an empty field in CSV.
struct Column {
    about: About,
    values: Series,
}

/// What a column holds, for people; stands in `schema.json`.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct About {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    /// Absent for what has no unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    meaning: &'static str,
}

impl Table {
    /// A table without a column yet.
    pub(super) fn new(name: &'static str, row: &'static str) -> Self {
        Self {
            name,
            row,
            columns: Vec::new(),
        }
    }

    /// With a column more.
    pub(super) fn with(mut self, name: &'static str, meaning: &'static str, values: Series) -> Self {
        let about = About {
            name,
            kind: kind(values.dtype()),
            unit: None,
            meaning,
        };
        self.columns.push(Column { about, values });
        self
    }

    /// With a column of this name out of a frame.
    pub(super) fn taken(self, frame: &DataFrame, name: &'static str, meaning: &'static str) -> PolarsResult<Self> {
        let values = frame.column(name)?.as_materialized_series().clone();
        Ok(self.with(name, meaning, values))
    }

    /// With this unit of the last column.
    pub(super) fn unit(mut self, unit: &'static str) -> Self {
        if let Some(column) = self.columns.last_mut() {
            column.about.unit = Some(unit);
        }
        self
    }

    /// With columns of one value for each of these rows.
    pub(super) fn rows<Row>(self, rows: &[Row]) -> RowTable<'_, Row> {
        RowTable { table: self, rows }
    }

    /// What its columns hold.
    pub(super) fn about(&self) -> Vec<About> {
        self.columns.iter().map(|column| column.about).collect()
    }

    /// The table as it stands in CSV: as [`frame`](Self::frame), but with texts that a spreadsheet would take for
    /// formulas made harmless.
    pub(super) fn csv_frame(&self) -> PolarsResult<DataFrame> {
        let column = |column: &Column| {
            let values = harmless(&column.values)?;
            Ok(values.with_name(column.about.name.into()).into_column())
        };
        DataFrame::new_infer_height(self.columns.iter().map(column).collect::<PolarsResult<_>>()?)
    }

    /// The table as polars knows it.
    pub(super) fn frame(&self) -> PolarsResult<DataFrame> {
        let column = |column: &Column| column.values.clone().with_name(column.about.name.into()).into_column();
        DataFrame::new_infer_height(self.columns.iter().map(column).collect())
    }
}

/// A column with a `'` before each text that begins as formulas do. Spreadsheets show such a text and leave the sign
/// out; numbers stay what they are. The rule is that of OWASP's page on CSV injection.
fn harmless(values: &Series) -> PolarsResult<Series> {
    if values.dtype() != &DataType::String {
        return Ok(values.clone());
    }
    let texts = values.str()?;
    let is_formula = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if !texts.iter().flatten().any(is_formula) {
        return Ok(values.clone());
    }
    let quoted = |text: &str| {
        if is_formula(text) {
            format!("'{text}")
        } else {
            text.to_owned()
        }
    };
    let texts: Vec<Option<String>> = texts.iter().map(|text| text.map(quoted)).collect();
    Ok(Series::new(values.name().clone(), texts))
}

/// The names of types in `schema.json`.
fn kind(dtype: &DataType) -> &'static str {
    match dtype {
        DataType::UInt32 => "uint32",
        DataType::Int32 => "int32",
        DataType::UInt64 => "uint64",
        DataType::Float64 => "float64",
        DataType::Boolean => "bool",
        _ => "string",
    }
}

/// A table whose columns are made row by row.
pub(super) struct RowTable<'r, Row> {
    table: Table,
    rows: &'r [Row],
}

impl<'r, Row> RowTable<'r, Row> {
    /// With a column of what `cell` gives for each row: a string, u32, i32, f64 or bool that may be absent, or a u64.
    pub(super) fn column<T>(mut self, name: &'static str, meaning: &'static str, cell: impl Fn(&'r Row) -> T) -> Self
    where
        Series: NamedFrom<Vec<T>, [T]>,
    {
        let values: Vec<T> = self.rows.iter().map(cell).collect();
        self.table = self.table.with(name, meaning, Series::new(name.into(), values));
        self
    }

    /// With this unit of the last column.
    pub(super) fn unit(mut self, unit: &'static str) -> Self {
        self.table = self.table.unit(unit);
        self
    }

    /// The table.
    pub(super) fn done(self) -> Table {
        self.table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_harmless_in_csv_alone() {
        let values = vec![
            Some("=1+1"),
            Some("+aug"),
            Some("@x"),
            Some("-1e-3"),
            Some("a=1"),
            None,
            Some("-x"),
        ];
        let table = Table::new("t", "").with("name", "", Series::new("name".into(), values.clone()));
        let texts = |frame: DataFrame| -> Vec<Option<String>> {
            let column = frame.column("name").unwrap().as_materialized_series().clone();
            column
                .str()
                .unwrap()
                .iter()
                .map(|text| text.map(str::to_owned))
                .collect()
        };
        let expected = ["'=1+1", "'+aug", "'@x", "-1e-3", "a=1", "", "'-x"];
        let expected = expected.map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()));
        assert_eq!(texts(table.csv_frame().unwrap()), expected);
        let values: Vec<Option<String>> = values.into_iter().map(|text| text.map(str::to_owned)).collect();
        assert_eq!(texts(table.frame().unwrap()), values);
    }
}
