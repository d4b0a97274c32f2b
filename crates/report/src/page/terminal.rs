//! The result as a table for the terminal.

use super::warnings;
use super::wrap::{WIDTH, wrap};
use crate::section::{ConfigContents, Contents, Section, Sentence, Table};
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, TableStyle};
use seedband_core::summary::Summary;
use std::fmt::Write as _;

/// One line below the header and none elsewhere.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
/// Before each line of a text but its first.
const INDENT: &str = "  ";

/// The result in at most 100 columns: a line a config, then each config's range and its risk in a sentence, then what
/// other topics say, then warnings. No colours.
pub fn terminal(summary: &Summary) -> String {
    let contents = Contents::in_words(summary);
    let mut text = format!("{}\n\n", wrap(&summary.title, ""));
    if contents.configs.is_empty() {
        text.push_str("no config yet\n");
        return text;
    }
    let _ = writeln!(text, "{}\n", table(&contents.overview.terminal));
    for config in &contents.configs {
        line(&mut text, &named(config, &config.answer.text));
    }
    text.push('\n');
    for (config, section) in contents.topic_by_topic() {
        if let Some(Sentence::Line(sentence)) = &section.terminal {
            line(&mut text, &named(config, sentence));
        }
    }
    for section in &contents.study {
        if let Some(Sentence::Paragraph(sentence)) = &section.terminal {
            paragraph(&mut text, sentence, section, true);
        }
    }
    for (config, section) in contents.topic_by_topic() {
        if let Some(Sentence::Paragraph(sentence)) = &section.terminal {
            // With several configs the sentences alone are easier to read than a table each.
            paragraph(
                &mut text,
                &named(config, sentence),
                section,
                contents.configs.len() == 1,
            );
        }
    }
    let warnings = warnings(&contents);
    if !warnings.is_empty() {
        text.push_str("\nto keep in mind\n");
    }
    for (config, warning) in warnings {
        let name = config.map_or_else(String::new, |name| format!("{name}: "));
        line(&mut text, &format!("- {name}{warning}"));
    }
    text
}

fn named(config: &ConfigContents, sentence: &str) -> String {
    format!("{}: {sentence}", config.name)
}

fn line(text: &mut String, sentence: &str) {
    let _ = writeln!(text, "{}", wrap(sentence, INDENT));
}

/// A sentence with its notes, and its table where `with_table`.
fn paragraph(text: &mut String, sentence: &str, section: &Section, with_table: bool) {
    text.push('\n');
    line(text, sentence);
    for note in &section.notes {
        line(text, note);
    }
    if let Some(found) = section.tables.terminal.as_ref().filter(|_| with_table) {
        let _ = writeln!(text, "\n{}", table(found));
    }
}

fn table(table: &Table) -> String {
    let mut drawn = comfy_table::Table::new();
    drawn
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH)
        .set_header(table.columns.iter().map(|column| &column.head));
    for row in &table.rows {
        drawn.add_row(row.iter().map(|cell| &cell.text));
    }
    for (index, _) in table.columns.iter().enumerate().filter(|(_, column)| column.is_right()) {
        if let Some(column) = drawn.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    drawn.trim_fmt()
}
