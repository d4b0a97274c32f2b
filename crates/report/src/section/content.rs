//! What a topic gives: the parts that a page, Markdown and the terminal are made of.

use super::table::Table;
use super::warnings::Warning;
use crate::draw::scene::Scene;
use std::fmt;

/// What one topic says of a config, or of the study. Each medium shows the parts that it has room for, in this order; a
/// part that is absent is shown nowhere.
#[derive(Debug, Default)]
pub(crate) struct Section {
    /// On the page.
    pub(crate) heading: Option<&'static str>,
    /// What the reader has to know first; on the page.
    pub(crate) introduction: Option<&'static str>,
    /// On the page and in Markdown.
    pub(crate) figure: Option<Figure>,
    /// On the page and in Markdown.
    pub(crate) paragraph: Option<String>,
    pub(crate) tables: Tables,
    /// Sentences on the tables; on the page and in the terminal.
    pub(crate) notes: Vec<String>,
    /// On the page here; Markdown and the terminal have those of all topics at the end.
    pub(crate) warnings: Vec<Warning>,
    /// In the terminal.
    pub(crate) terminal: Option<Sentence>,
    /// Words that the page explains: term and definition.
    pub(crate) definitions: &'static [(&'static str, &'static str)],
    /// Names of the tables with its numbers, which the aggregator puts beside the report: those that have rows only
    /// where the topic says something.
    pub(crate) data: &'static [&'static str],
}

/// The tables of a section. Media have room for more or fewer columns and digits.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) page: Vec<Table>,
    pub(crate) markdown: Option<Table>,
    /// Shown where the study has one config: of several the sentences alone are easier to read.
    pub(crate) terminal: Option<Table>,
}

/// A sentence in the terminal.
#[derive(Debug)]
pub(crate) enum Sentence {
    /// Those of all configs stand together.
    Line(String),
    /// With an empty line before it.
    Paragraph(String),
}

/// A figure, the name of its files without ending, and what is written below it.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) scene: Scene,
    pub(crate) caption: String,
}

/// Without shapes: these are looked at, not read.
impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Figure")
            .field("name", &self.name)
            .field("title", &self.scene.title)
            .field("description", &self.scene.description)
            .field("caption", &self.caption)
            .finish_non_exhaustive()
    }
}
