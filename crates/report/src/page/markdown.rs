//! The summary for a README or a pull request.

use super::{paragraphs, warnings};
use crate::section::{Contents, Figure, Section, Table};
use seedband_core::summary::Summary;
use std::fmt::Write as _;

/// The text of `summary.md`; images by their path from the report's folder.
pub(crate) fn render(summary: &Summary, contents: &Contents) -> String {
    let mut text = format!("# {}\n\n", escape(&summary.title));
    for paragraph in paragraphs(&summary.description) {
        let _ = writeln!(text, "{}\n", escape(paragraph));
    }
    text.push_str(&table(&contents.overview.markdown));
    for config in &contents.configs {
        // Backticks mark settings in answers, as they mark commands in warnings.
        let _ = writeln!(text, "**{}**: {}\n", escape(&config.name), config.answer.text);
    }
    let tables = contents
        .study
        .iter()
        .filter_map(|section| section.tables.markdown.as_ref());
    text.extend(tables.map(table));
    let plain = contents.study.iter().filter(|section| section.figure.is_none());
    for paragraph in plain.filter_map(|section| section.paragraph.as_ref()) {
        let _ = writeln!(text, "{}\n", escape(paragraph));
    }
    text.extend(
        contents
            .study
            .iter()
            .filter_map(|section| section.figure.as_ref())
            .map(figure),
    );
    text.extend(contents.topic_by_topic().map(|(_, found)| section(found)));
    let warnings = warnings(contents);
    if !warnings.is_empty() {
        text.push_str("## To keep in mind\n\n");
    }
    for (config, warning) in warnings {
        let name = config.map_or_else(String::new, |name| format!("**{}**: ", escape(name)));
        // Backticks mark commands in warnings, and only names need escaping.
        let _ = writeln!(text, "- {name}{warning}");
    }
    text
}

fn section(section: &Section) -> String {
    let mut text = section.figure.as_ref().map(figure).unwrap_or_default();
    if let Some(paragraph) = &section.paragraph {
        let _ = writeln!(text, "{}\n", escape(paragraph));
    }
    text + &section.tables.markdown.as_ref().map(table).unwrap_or_default()
}

fn figure(figure: &Figure) -> String {
    let (title, caption) = (escape(&figure.scene.title), escape(&figure.caption));
    format!("![{title}](figures/{}.png)\n\n{caption}\n\n", figure.name)
}

fn table(table: &Table) -> String {
    let mut text = String::new();
    if !table.caption.is_empty() {
        let _ = writeln!(text, "{}\n", escape(&table.caption));
    }
    let heads: Vec<String> = table.columns.iter().map(|column| escape(&column.head)).collect();
    let _ = writeln!(text, "| {} |", heads.join(" | "));
    let rules = table
        .columns
        .iter()
        .map(|column| if column.is_right() { "---:|" } else { "---|" });
    let _ = writeln!(text, "|{}", rules.collect::<String>());
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|cell| escape(&cell.text)).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text + "\n"
}

/// Text that Markdown shows as it is, on one line and in a table too.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' => {
                escaped.push('\\');
                escaped.push(c);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_would_read_is_escaped() {
        assert_eq!(
            escape("a|b <script> & [x](y) *z*\n#`_\\"),
            "a\\|b &lt;script> &amp; \\[x\\](y) \\*z\\* \\#\\`\\_\\\\"
        );
    }
}
