//! What every format comes to: rows of cells under named columns.

use std::collections::HashMap;

/// A row: cells by the place of their column; a cell without a value is not there.
pub(super) type Row = Vec<(usize, String)>;

/// Rows of cells under named columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Table {
    columns: Vec<String>,
    places: HashMap<String, usize>,
    pub(super) rows: Vec<Row>,
    /// What the reader passed over.
    pub(super) notes: Vec<String>,
}

impl Table {
    /// The place of a column, which is added if there is none of that name.
    pub(super) fn column(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.columns.len();
        self.columns.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(super) fn row(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Adds the rows of another table under the columns of the same names.
    pub(super) fn append(&mut self, other: Self) {
        let places: Vec<usize> = other.columns.iter().map(|name| self.column(name)).collect();
        for row in other.rows {
            let cells = row.into_iter();
            self.rows.push(
                cells
                    .filter_map(|(place, cell)| Some((*places.get(place)?, cell)))
                    .collect(),
            );
        }
        self.notes.extend(other.notes);
    }
}
