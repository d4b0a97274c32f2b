//! Where a spread over seeds comes from: configs compared that differ in their streams.
//!
//! They differ in nothing but which random streams vary (`[streams]`). In a config where only the batch order varies,
//! what scatters is the order's doing; in one where everything varies, all sources act together.

use crate::range_test::Answer;
use crate::summary::{ConfigSummary, SeedSummary, Summary};

/// Configs that differ only in their streams.
#[derive(Debug, Clone, PartialEq)]
pub struct VariationGroup {
    /// One for each config, in the study's order; two or more.
    pub configs: Vec<VariationConfig>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct VariationConfig {
    /// Its name.
    pub config: String,
    /// The streams that follow the seed.
    pub varies: Vec<String>,
    /// Scatter of the min LR; absent with fewer than two answers.
    pub min_lr: Option<Scatter>,
    /// Scatter of the max LR; absent with fewer than two answers.
    pub max_lr: Option<Scatter>,
}

/// How far a learning rate scatters over seeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scatter {
    /// Seeds with an answer.
    pub n: usize,
    /// Sample standard deviation (n - 1) of log10 of the learning rate: decades.
    pub deviation: f64,
    /// Its variance over that of the group's config in which every stream varies that varies in any of them; absent
    /// without such a config, or if that does not scatter. Shares of single streams need not add up to 1: streams act
    /// together, and each share is itself an estimate from n seeds.
    pub share: Option<f64>,
}

const STREAMS: &str = "streams.";

/// The groups of a study, in the order of their first configs; none where no two configs differ in their streams alone.
pub fn groups(summary: &Summary) -> Vec<VariationGroup> {
    let mut groups: Vec<Vec<&ConfigSummary>> = Vec::new();
    for config in &summary.configs {
        match groups.iter_mut().find(|group| others(group[0]) == others(config)) {
            Some(group) => group.push(config),
            None => groups.push(vec![config]),
        }
    }
    groups
        .into_iter()
        .filter(|group| group.len() > 1)
        .map(|group| VariationGroup {
            configs: compared(&group),
        })
        .collect()
}

/// A config's labels without its streams.
fn others(config: &ConfigSummary) -> Vec<&(String, String)> {
    config
        .labels
        .iter()
        .filter(|(key, _)| !key.starts_with(STREAMS))
        .collect()
}

fn compared(group: &[&ConfigSummary]) -> Vec<VariationConfig> {
    let varies_all = |config: &ConfigSummary| {
        let mut others = group.iter().flat_map(|other| &other.varies);
        others.all(|stream| config.varies.contains(stream))
    };
    let full = group.iter().find(|config| varies_all(config));
    let compare = |config: &ConfigSummary, end: fn(&SeedSummary) -> &Answer| {
        let mut scatter = scatter(config, end)?;
        let whole = full
            .and_then(|full| self::scatter(full, end))
            .filter(|whole| whole.deviation > 0.0);
        scatter.share = whole.map(|whole| (scatter.deviation / whole.deviation).powi(2));
        Some(scatter)
    };
    let compared = |config: &&ConfigSummary| VariationConfig {
        config: config.name.clone(),
        varies: config.varies.clone(),
        min_lr: compare(config, |seed| &seed.min_lr),
        max_lr: compare(config, |seed| &seed.max_lr),
    };
    group.iter().map(compared).collect()
}

fn scatter(config: &ConfigSummary, end: fn(&SeedSummary) -> &Answer) -> Option<Scatter> {
    let decades: Vec<f64> = config
        .seeds
        .iter()
        .filter_map(|seed| end(seed).lr())
        .filter(|lr| *lr > 0.0)
        .map(f64::log10)
        .collect();
    let n = decades.len();
    if n < 2 {
        return None;
    }
    let mean = decades.iter().sum::<f64>() / n as f64;
    let squares: f64 = decades.iter().map(|value| (value - mean).powi(2)).sum();
    Some(Scatter {
        n,
        deviation: (squares / (n as f64 - 1.0)).sqrt(),
        share: None,
    })
}
