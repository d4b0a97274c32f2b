//! Tables of finished strings, for the page, Markdown and the terminal.

/// A table. The first cell of each row is what the row is about.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// What it is in a few words, for those who hear the page.
    pub(crate) label: String,
    /// What its numbers are; empty where its surroundings say so.
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// The line that the page shows until it is opened; absent for a table that is always shown.
    pub(crate) folded: Option<String>,
}

/// A column: its head, and how its cells stand.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) head: String,
    pub(crate) kind: Kind,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Words, which may be broken into lines.
    Words,
    /// A value that stays on one line.
    Value,
    /// Numbers, to the right where the medium aligns columns.
    Number,
    /// A number of seeds with words; to the right, and may be broken into lines.
    Count,
}

/// A cell.
#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// Whether it is good or bad news; absent for neither.
    pub(crate) good: Option<bool>,
    /// The place on the page that it leads to.
    pub(crate) anchor: Option<String>,
}

impl Table {
    /// A table with these columns and no row yet.
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            ..Self::default()
        }
    }

    /// The same with rows of plain cells.
    pub(crate) fn rows<const N: usize>(mut self, rows: impl IntoIterator<Item = [String; N]>) -> Self {
        let cells = rows.into_iter().map(|row| row.map(Cell::from).into());
        self.rows.extend(cells);
        self
    }

    /// The same with what the page says of it.
    pub(crate) fn described(self, label: impl Into<String>, caption: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            caption: caption.into(),
            ..self
        }
    }

    /// The style rule of a cell on the page; empty without one.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the template passes references")]
    pub(crate) fn class(&self, column: &usize, cell: &Cell) -> &'static str {
        match (cell.good, self.columns.get(*column).map(|column| column.kind)) {
            (Some(true), _) => "good",
            (Some(false), _) => "bad",
            (None, Some(Kind::Words)) => "wide",
            (None, Some(Kind::Count)) => "count",
            (None, _) => "",
        }
    }
}

impl Column {
    fn new(head: impl Into<String>, kind: Kind) -> Self {
        let head = head.into();
        Self { head, kind }
    }

    pub(crate) fn words(head: impl Into<String>) -> Self {
        Self::new(head, Kind::Words)
    }

    pub(crate) fn value(head: impl Into<String>) -> Self {
        Self::new(head, Kind::Value)
    }

    pub(crate) fn number(head: impl Into<String>) -> Self {
        Self::new(head, Kind::Number)
    }

    pub(crate) fn count(head: impl Into<String>) -> Self {
        Self::new(head, Kind::Count)
    }

    /// Whether its cells stand at the right, where the medium aligns columns.
    pub(crate) fn is_right(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Count)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self {
            text,
            good: None,
            anchor: None,
        }
    }
}
