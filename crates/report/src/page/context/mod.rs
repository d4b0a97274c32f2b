//! What the page shows beside the sections: every number is a finished string, and nothing is decided in the template.

mod definitions;
mod facts;
mod provenance;

use crate::section::Contents;
use definitions::Definitions;
use provenance::RunView;
use seedband_core::files::provenance::Provenance;
use seedband_core::summary::Summary;

/// With more configs than this the table alone is easier to read than a sentence each.
const FEW_CONFIGS: usize = 6;

/// The whole page.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    pub(crate) study: &'a str,
    /// Paragraphs.
    pub(crate) description: Vec<&'a str>,
    /// Sizes of the study in a few words.
    pub(crate) facts: Vec<String>,
    pub(crate) contents: &'a Contents,
    pub(crate) definitions: Definitions,
    /// Names of the tables that lie beside the report.
    pub(crate) tables: Vec<&'static str>,
    /// The latest first, and after them imports.
    pub(crate) runs: Vec<RunView>,
}

impl<'a> Page<'a> {
    /// Puts the page's content together. `tables` are the names of the tables that lie beside the report.
    pub(crate) fn new(
        summary: &'a Summary,
        contents: &'a Contents,
        provenance: Option<&Provenance>,
        tables: Vec<&'static str>,
    ) -> Self {
        Self {
            title: &summary.title,
            study: &summary.study,
            description: super::paragraphs(&summary.description),
            facts: facts::of(summary, provenance),
            contents,
            definitions: Definitions::of(summary, contents),
            tables,
            runs: provenance
                .map(|provenance| {
                    let runs = provenance.runs.iter().rev().map(RunView::new);
                    runs.chain(provenance.imports.iter().rev().map(RunView::of_import))
                        .collect()
                })
                .unwrap_or_default(),
        }
    }

    /// Whether each config's answer stands at the top.
    pub(crate) fn has_few_configs(&self) -> bool {
        self.contents.configs.len() <= FEW_CONFIGS
    }
}
