//! What the page shows: every number is a finished string, and nothing is decided in the template.

mod config;
mod provenance;
mod rules;

use crate::draw::paint;
use crate::section::figures::{Figure, Figures};
use crate::section::variation::{self, ArmsView};
use crate::section::warnings::Warning;
use crate::section::{divergence_risk, partial, scaling, verdict};
use crate::{ReportError, format};
use config::ConfigView;
use provenance::RunView;
use seedband_core::files::provenance::Provenance;
use seedband_core::settings::{EarlyEnd, LrSpace};
use seedband_core::summary::Summary;

/// With more configs than this the table alone is easier to read than a sentence each.
const FEW_CONFIGS: usize = 6;

/// The whole page.
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) study: String,
    /// Paragraphs.
    pub(crate) description: Vec<String>,
    /// Sizes of the study in a few words.
    pub(crate) facts: Vec<String>,
    pub(crate) quantiles: String,
    pub(crate) share: String,
    pub(crate) warnings: Vec<String>,
    pub(crate) compare: Option<FigureView>,
    pub(crate) ranges: Option<FigureView>,
    /// Sweeps over batch size.
    pub(crate) scalings: Vec<FigureView>,
    /// Groups of arms, one table each.
    pub(crate) arms: Vec<ArmsView>,
    pub(crate) configs: Vec<ConfigView>,
    pub(crate) definitions: Definitions,
    /// Names of the tables that lie beside the report.
    pub(crate) tables: Vec<String>,
    pub(crate) runs: Vec<RunView>,
    pub(crate) version: &'static str,
    /// Style rules that carry the fonts.
    pub(crate) fonts: String,
}

/// A figure on the page.
pub(crate) struct FigureView {
    /// Name of its files in `figures/`, without ending.
    pub(crate) name: String,
    pub(crate) svg: String,
    pub(crate) caption: String,
}

impl FigureView {
    fn new(figure: &Figure, caption: String) -> Result<Self, ReportError> {
        Ok(Self {
            name: figure.name.clone(),
            svg: paint::svg(&figure.scene, &figure.name)?,
            caption,
        })
    }
}

/// How the numbers were made, in words.
pub(crate) struct Definitions {
    pub(crate) lower: String,
    pub(crate) upper: String,
    pub(crate) confidence: String,
    pub(crate) lr_space: &'static str,
    pub(crate) early_end: &'static str,
    pub(crate) diverged: String,
}

impl Page {
    /// Puts the page's content together. `tables` are the names of the tables that lie beside the report.
    pub(crate) fn new(
        summary: &Summary,
        figures: &Figures,
        provenance: Option<&Provenance>,
        tables: Vec<String>,
    ) -> Result<Self, ReportError> {
        let view = |figure: &Option<Figure>, caption: String| {
            figure
                .as_ref()
                .map(|figure| FigureView::new(figure, caption))
                .transpose()
        };
        Ok(Self {
            title: summary.title.clone(),
            study: summary.study.clone(),
            description: paragraphs(&summary.description),
            facts: facts(summary),
            quantiles: format::percent_range(summary.quantiles),
            share: summary
                .configs
                .first()
                .map_or_else(String::new, |config| format::percent(config.consensus.share)),
            warnings: Warning::of_study(summary).iter().map(ToString::to_string).collect(),
            compare: view(&figures.compare, partial::of_study(summary, verdict::compare(summary)))?,
            ranges: view(&figures.ranges, partial::of_study(summary, verdict::ranges(summary)))?,
            scalings: figures
                .scalings
                .iter()
                .zip(&summary.scalings)
                .map(|(figure, sweep)| {
                    FigureView::new(figure, partial::of_study(summary, scaling::finding(summary, sweep)))
                })
                .collect::<Result<_, _>>()?,
            arms: variation::views(summary),
            configs: summary
                .configs
                .iter()
                .zip(figures.of_configs())
                .map(|(config, figures)| ConfigView::new(summary, config, figures))
                .collect::<Result<_, _>>()?,
            definitions: definitions(summary),
            tables,
            runs: provenance
                .map(|provenance| provenance.runs.iter().rev().map(RunView::new).collect())
                .unwrap_or_default(),
            version: env!("CARGO_PKG_VERSION"),
            fonts: crate::page::html::fonts(),
        })
    }

    /// Whether each config's statement stands at the top.
    pub(crate) fn few_configs(&self) -> bool {
        self.configs.len() <= FEW_CONFIGS
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(str::to_owned)
        .collect()
}

fn facts(summary: &Summary) -> Vec<String> {
    let sum = |count: fn(&seedband_core::summary::Counts) -> u32| {
        summary.configs.iter().map(|config| count(&config.counts)).sum::<u32>()
    };
    let (wanted, finished, diverged, failed, missing) = (
        sum(|counts| counts.wanted),
        sum(|counts| counts.finished),
        sum(|counts| counts.diverged),
        sum(|counts| counts.failed),
        sum(|counts| counts.missing),
    );
    let mut facts = vec![
        format::count(summary.configs.len() as u32, "config"),
        match (wanted == finished, missing > 0) {
            (true, _) => format::count(finished, "range test"),
            (false, false) => format!("{finished} of {wanted} range tests"),
            (false, true) => format!("partial: {finished} of {wanted} range tests"),
        },
        format!("{diverged} diverged"),
    ];
    if failed > 0 {
        facts.push(format!("{failed} failed"));
    }
    facts
}

fn definitions(summary: &Summary) -> Definitions {
    Definitions {
        lower: format::percent(summary.quantiles[0]),
        upper: format::percent(summary.quantiles[1]),
        confidence: format::percent(summary.confidence),
        diverged: divergence_risk::definition(summary),
        lr_space: match summary.lr_space {
            LrSpace::Log10 => "log10 of the learning rate, carried back afterwards",
            LrSpace::Raw => "the learning rate itself",
        },
        early_end: match summary.early_end {
            EarlyEnd::DivergedIsInfinite => {
                "as infinite: worse than any finite loss from there on, so a band that leaves the plot at the top means divergence"
            }
            EarlyEnd::PadLast => {
                "with its last value from there on, as the reference study does; bands then understate divergence"
            }
        },
    }
}
