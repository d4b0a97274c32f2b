//! Comma-separated values: a line of names, then a line for each step. Semicolons and tabs separate as well.

use super::table::Table;
use csv::{ReaderBuilder, Terminator};

/// A text, without the mark that some programs put at its start.
pub(super) fn text(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| "is neither UTF-8 text nor an event file of TensorBoard; save it as CSV in UTF-8".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// What separates the names of the first line.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |letter: &u8| head.bytes().filter(|byte| byte == letter).count();
    // Of equals the last is taken: the comma.
    let most = [b'\t', b';', b','].into_iter().max_by_key(count);
    most.unwrap_or(b',')
}

pub(super) fn read(bytes: &[u8]) -> Result<Table, String> {
    let text = text(bytes)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .terminator(Terminator::CRLF)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut table = Table::default();
    let names = reader.headers().map_err(|error| format!("is no CSV: {error}"))?.clone();
    for name in &names {
        let columns = table.columns().len();
        // pandas writes its index under an empty name.
        if table.column(name) < columns && !name.is_empty() {
            return Err(format!("has two columns `{name}`; rename one"));
        }
    }
    let places: Vec<usize> = names.iter().map(|name| table.column(name)).collect();
    for record in reader.records() {
        let record = record.map_err(|error| format!("is no CSV: {error}"))?;
        if record.len() > places.len() {
            let line = record.position().map_or(0, csv::Position::line);
            return Err(format!(
                "line {line} has {} values for {} columns; put those with a comma in them in quotes",
                record.len(),
                places.len()
            ));
        }
        let cells = places.iter().zip(&record).filter(|(_, cell)| !is_empty(cell));
        let row = cells.map(|(place, cell)| (*place, cell.to_owned())).collect();
        table.row(row);
    }
    Ok(table)
}

/// Whether a cell says that there is no value.
fn is_empty(cell: &str) -> bool {
    ["", "None", "null"].contains(&cell)
}
