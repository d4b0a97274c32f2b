//! What can go wrong.

use polars::prelude::PolarsError;
use seedband_core::files::fsio::FsError;

/// Aggregation that failed. A single curve that cannot be read is no failure: its seed counts as missing and a warning
/// names the file.
#[derive(Debug, thiserror::Error)]
pub enum AggregateError {
    /// A folder cannot be listed or made, or a file cannot be written.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// Curves cannot be put into one table: it has room for 2^32 rows.
    #[error("cannot make a table of the curves")]
    Frame(#[from] PolarsError),
    /// A table cannot be turned into Parquet or CSV.
    #[error("cannot encode the table `{table}` as {format}")]
    Table {
        /// Name of the table.
        table: &'static str,
        /// `Parquet` or `CSV`.
        format: &'static str,
        /// What the encoder said.
        source: PolarsError,
    },
}
