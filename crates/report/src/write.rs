use crate::ReportError;
use crate::draw::paint;
use crate::page::context::Page;
use crate::page::{html, markdown};
use crate::section::figures::{Figure, Figures};
use seedband_core::files::fsio;
use seedband_core::files::provenance::Provenance;
use seedband_core::summary::variation;
use seedband_core::summary::{ConfigSummary, Summary};
use std::path::{Path, PathBuf};

/// Tables that the aggregator may have put into `aggregate/`, beside the report's folder.
const TABLES: [&str; 12] = [
    "curves.csv",
    "bands.csv",
    "ranges.csv",
    "risk.csv",
    "overlaps.csv",
    RULE_TABLE,
    VARIATION_TABLE,
    SCALING_TABLE,
    TRAINING_TABLES[0],
    TRAINING_TABLES[1],
    REGRET_TABLE,
    "trials.csv",
];

/// The one of them that is empty where a study has no named rules.
const RULE_TABLE: &str = "rules.csv";

/// The one of them that is empty where a study does not compare sources of variation.
const VARIATION_TABLE: &str = "variation.csv";

/// The one of them that is empty where a study has no sweep over batch size.
const SCALING_TABLE: &str = "scaling.csv";

/// Those that are empty where a study trains nothing.
const TRAINING_TABLES: [&str; 2] = ["trainings.csv", "training_curves.csv"];

/// The one that is empty where a study trains at no grid of learning rates.
const REGRET_TABLE: &str = "regrets.csv";

/// The files of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The page.
    pub index: PathBuf,
    /// The summary in Markdown.
    pub markdown: PathBuf,
    /// The figures, each as SVG and PNG.
    pub figures: Vec<PathBuf>,
}

fn any(summary: &Summary, has: fn(&ConfigSummary) -> bool) -> bool {
    summary.configs.iter().any(has)
}

/// Writes the report into `folder`, which is made if it is not there: `index.html`, `summary.md` and `figures/`.
///
/// Each file is written whole. Equal input gives equal bytes. The page itself needs none of the other files; it links to the figures, and to
/// those tables in `../aggregate/` that exist.
///
/// # Errors
/// A figure that cannot be drawn, or a file that cannot be written.
pub fn write(summary: &Summary, provenance: Option<&Provenance>, folder: &Path) -> Result<Written, ReportError> {
    let figures = Figures::of(summary);
    let figure_folder = folder.join("figures");
    fsio::create_dir_all(&figure_folder)?;
    let aggregate = folder.join("../aggregate");
    let tables = TABLES
        .iter()
        .filter(|&&table| table != RULE_TABLE || figures.rules.iter().any(Option::is_some))
        .filter(|&&table| table != VARIATION_TABLE || !variation::groups(summary).is_empty())
        .filter(|&&table| table != SCALING_TABLE || !summary.scalings.is_empty())
        .filter(|&table| !TRAINING_TABLES.contains(table) || any(summary, |config| !config.trainings.is_empty()))
        .filter(|&&table| table != REGRET_TABLE || any(summary, |config| !config.calibrations.is_empty()))
        .filter(|table| aggregate.join(table).is_file())
        .map(|&table| table.to_owned())
        .collect();
    let page = html::render(&Page::new(summary, &figures, provenance, tables)?)?;

    let all: Vec<&Figure> = figures.all().collect();
    let written = draw_all(&all, &figure_folder)?;
    let markdown = folder.join("summary.md");
    fsio::write_atomic(&markdown, markdown::render(summary, &figures).as_bytes())?;
    // The page comes last: where it is, all it links to is there too.
    let index = folder.join("index.html");
    fsio::write_atomic(&index, page.as_bytes())?;
    tracing::debug!(folder = %folder.display(), figures = all.len(), "report written");
    Ok(Written {
        index,
        markdown,
        figures: written,
    })
}

/// Draws the figures on all cores: a PNG takes about half a second, and a study may have many configs.
fn draw_all(figures: &[&Figure], folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(figures.len().max(1));
    let draw_share = |figures: &[&Figure]| {
        figures
            .iter()
            .map(|figure| draw(figure, folder))
            .collect::<Result<Vec<_>, _>>()
            .map(|paths| paths.concat())
    };
    let shares: Vec<_> = std::thread::scope(|scope| {
        let share = figures.len().div_ceil(threads).max(1);
        let handles: Vec<_> = figures
            .chunks(share)
            .map(|figures| scope.spawn(move || draw_share(figures)))
            .collect();
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    shares
        .into_iter()
        .collect::<Result<Vec<_>, _>>()
        .map(|paths| paths.concat())
}

fn draw(figure: &Figure, folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let svg = folder.join(format!("{}.svg", figure.name));
    fsio::write_atomic(&svg, paint::svg(&figure.scene, &figure.name)?.as_bytes())?;
    let png = folder.join(format!("{}.png", figure.name));
    fsio::write_atomic(&png, &paint::png(&figure.scene, &figure.name)?)?;
    Ok(vec![svg, png])
}
