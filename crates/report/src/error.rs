//! What can go wrong while a report is made.

use seedband_core::files::fsio::FsError;

/// A report that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A file could not be written.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// A figure could not be drawn.
    #[error("cannot draw the figure `{figure}`")]
    Draw {
        /// Name of the figure's files, without ending.
        figure: String,
        /// What the drawing library said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The page could not be put together.
    #[error("cannot put together the page")]
    Page(#[from] askama::Error),
}

impl ReportError {
    /// Makes the error of a figure that could not be drawn out of what a library said.
    pub(crate) fn draw<E: Into<Box<dyn std::error::Error + Send + Sync>>>(figure: &str) -> impl FnOnce(E) -> Self {
        let figure = figure.to_owned();
        move |source| Self::Draw {
            figure,
            source: source.into(),
        }
    }
}
