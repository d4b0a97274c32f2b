//! What topics are given.

use super::content::Figure;
use crate::draw::scene::Scene;
use seedband_core::summary::{ConfigSummary, SeedSummary, Summary};

/// A study.
#[derive(Clone, Copy)]
pub(crate) struct StudyData<'a> {
    pub(crate) summary: &'a Summary,
    /// Whether figures are wanted: the terminal shows none.
    pub(crate) with_figures: bool,
}

/// A config, and what a topic may need beside it.
#[derive(Clone, Copy)]
pub(crate) struct ConfigData<'a> {
    pub(crate) study: StudyData<'a>,
    pub(crate) summary: &'a Summary,
    pub(crate) config: &'a ConfigSummary,
    /// Ends the names of its figures' files.
    pub(crate) file_name: &'a str,
}

impl StudyData<'_> {
    /// A figure where figures are wanted and there is a scene.
    pub(crate) fn figure(
        &self,
        name: &str,
        scene: impl FnOnce() -> Option<Scene>,
        caption: impl FnOnce() -> String,
    ) -> Option<Figure> {
        let scene = self.with_figures.then(scene).flatten()?;
        Some(Figure {
            name: name.to_owned(),
            scene,
            caption: caption(),
        })
    }
}

impl<'a> ConfigData<'a> {
    /// The same for this config's figure of one kind.
    pub(crate) fn figure(
        &self,
        kind: &str,
        scene: impl FnOnce() -> Option<Scene>,
        caption: impl FnOnce() -> String,
    ) -> Option<Figure> {
        self.study.figure(&self.figure_name(kind), scene, caption)
    }

    /// Each seed with its smoothed losses up to and including its stop, in the order of the config's seeds.
    pub(crate) fn smoothed(&self) -> impl Iterator<Item = (&'a SeedSummary, &'a [f64])> + use<'a> {
        self.config.seeds.iter().map(|seed| (seed, &seed.smoothed[..]))
    }

    /// Name of its place on the page.
    pub(crate) fn anchor(&self) -> String {
        self.figure_name("bands")
    }

    fn figure_name(&self, kind: &str) -> String {
        format!("{kind}-{}", self.file_name)
    }
}
