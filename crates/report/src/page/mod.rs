//! Where a report is shown: a page in HTML, a summary in Markdown, a table for the terminal.

pub(crate) mod context;
pub(crate) mod data_tables;
pub(crate) mod html;
pub(crate) mod markdown;
mod terminal;
#[cfg(test)]
mod tests;
mod wrap;

pub use terminal::terminal;

use crate::section::{Contents, Section};

/// The paragraphs of a text.
fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

/// All warnings in words, each with the name of the config that it is about.
fn warnings(contents: &Contents) -> Vec<(Option<&str>, String)> {
    let of = |section: &Section| section.warnings.iter().map(ToString::to_string).collect::<Vec<_>>();
    let of_study = contents.study.iter().flat_map(of).map(|text| (None, text));
    let of_configs = contents.configs.iter().flat_map(|config| {
        let texts = config.sections().flat_map(of);
        texts.map(|text| (Some(config.name.as_str()), text))
    });
    of_study.chain(of_configs).collect()
}
