//! One config of a study.

use crate::range_test::{Analysis, EarlyStop, StopKind};
use crate::recipe::Recipe;
use crate::train::Training;

/// One setting of everything but the seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Unique in its study.
    pub name: String,
    /// What to train.
    pub recipe: Recipe,
    /// How to read a range off the curves.
    pub analysis: Analysis,
    /// What is trained after the range test; names are unique. Empty: nothing.
    pub trainings: Vec<Training>,
}

impl Config {
    /// Those of `seeds` that the config has a trial of its own for: all, but where curves were recorded elsewhere those
    /// of them, and where every random stream is fixed the first alone, since the others would repeat it.
    pub fn seeds<'a>(&'a self, seeds: &'a [u64]) -> impl Iterator<Item = u64> + 'a {
        let recorded = self.recipe.trainer.recorded();
        let has = move |seed: &u64| recorded.is_none_or(|recorded| recorded.of(*seed).is_some());
        let most = if self.recipe.is_one_trial() { 1 } else { seeds.len() };
        seeds.iter().copied().filter(has).take(most)
    }

    /// Every stop rule by which the curves are read, that of a divergence by `factor` among them, each once; none where
    /// one of them never stops.
    pub(super) fn early_stops(&self) -> Vec<EarlyStop> {
        let analysis = &self.analysis;
        let own = EarlyStop::new(&analysis.smoothing, &analysis.stop);
        let named = analysis
            .rules
            .iter()
            .map(|rule| EarlyStop::new(&rule.smoothing, &rule.stop));
        let mut rules: Vec<EarlyStop> = Vec::new();
        let divergence = analysis
            .divergence
            .rule()
            .map(|(smoothing, stop)| EarlyStop::new(&smoothing, &stop));
        for rule in [own].into_iter().chain(divergence).chain(named) {
            if rule.stop.kind == StopKind::Never {
                return Vec::new();
            }
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        rules
    }
}
