//! A report as files.

use crate::ReportError;
use crate::draw;
use crate::page::context::Page;
use crate::page::{data_tables, html, markdown};
use crate::section::{Contents, Figure};
use seedband_core::files::fsio;
use seedband_core::files::provenance::Provenance;
use seedband_core::summary::Summary;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

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

/// A figure on disk.
struct Drawn {
    name: String,
    /// The text of its SVG, which the page shows too.
    svg: String,
    paths: [PathBuf; 2],
}

/// Writes the report into `folder`, which is made if it is not there: `index.html`, `summary.md`, `answers.json` (each
/// config's answer in the words of the page, for other programs) and `figures/`.
///
/// Each file is written whole. Equal input gives equal bytes. The page itself needs none of the other files; it links
/// to the figures, and to those tables in `../aggregate/` that exist.
///
/// # Errors
/// A figure that cannot be drawn, or a file that cannot be written.
pub fn write(summary: &Summary, provenance: Option<&Provenance>, folder: &Path) -> Result<Written, ReportError> {
    let contents = Contents::of(summary);
    let figure_folder = folder.join("figures");
    fsio::create_dir_all(&figure_folder)?;
    let drawn = draw_all(&contents.figures().collect::<Vec<_>>(), &figure_folder)?;
    let (svgs, paths): (HashMap<String, String>, Vec<[PathBuf; 2]>) = drawn
        .into_iter()
        .map(|figure| ((figure.name, figure.svg), figure.paths))
        .unzip();

    let markdown = folder.join("summary.md");
    fsio::write_atomic(&markdown, markdown::render(summary, &contents).as_bytes())?;
    let answers = folder.join("answers.json");
    fsio::write_json(&answers, &contents.answers())?;
    let tables = data_tables::of(&contents, &folder.join("../aggregate"));
    let page = html::render(&Page::new(summary, &contents, provenance, tables), &svgs)?;
    // The page comes last: where it is, all it links to is there too.
    let index = folder.join("index.html");
    fsio::write_atomic(&index, page.as_bytes())?;
    tracing::debug!(folder = %folder.display(), figures = svgs.len(), "report written");
    Ok(Written {
        index,
        markdown,
        figures: paths.into_iter().flatten().collect(),
    })
}

/// Draws the figures on all cores: a PNG takes about half a second, and a study may have many configs.
fn draw_all(figures: &[&Figure], folder: &Path) -> Result<Vec<Drawn>, ReportError> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(figures.len().max(1));
    let share = figures.len().div_ceil(threads).max(1);
    let draw_share = |figures: &[&Figure]| -> Result<Vec<Drawn>, ReportError> {
        figures.iter().map(|figure| draw(figure, folder)).collect()
    };
    let shares: Vec<_> = std::thread::scope(|scope| {
        let spawn = |figures| std::thread::Builder::new().spawn_scoped(scope, move || draw_share(figures));
        let handles: Vec<_> = figures.chunks(share).map(|figures| (figures, spawn(figures))).collect();
        handles
            .into_iter()
            .map(|(figures, handle)| match handle {
                Ok(handle) => handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                // No thread is to be had: this one does it.
                Err(_) => draw_share(figures),
            })
            .collect()
    });
    let drawn = shares.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(drawn.into_iter().flatten().collect())
}

fn draw(figure: &Figure, folder: &Path) -> Result<Drawn, ReportError> {
    let paths = ["svg", "png"].map(|ending| folder.join(format!("{}.{ending}", figure.name)));
    let svg = draw::svg(&figure.scene, &figure.name)?;
    fsio::write_atomic(&paths[0], svg.as_bytes())?;
    fsio::write_atomic(&paths[1], &draw::png(&figure.scene, &figure.name)?)?;
    Ok(Drawn {
        name: figure.name.clone(),
        svg,
        paths,
    })
}
