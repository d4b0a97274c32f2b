//! Where a spread over seeds comes from: arms of a study compared.
//!
//! Arms are configs that differ in nothing but which random streams vary (`[streams]`). In an arm where only the batch
//! order varies, what scatters is the order's doing; in one where everything varies, all sources act together.

use crate::range_test::Answer;
use crate::summary::{ConfigSummary, SeedSummary, Summary};

/// Configs that differ only in their streams.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmGroup {
    /// One for each config, in the study's order; two or more.
    pub arms: Vec<Arm>,
}

/// One arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Its config.
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
    /// Its variance over that of the group's arm in which every stream varies that varies in any of them; absent
    /// without such an arm, or if that arm does not scatter. Shares of single streams need not add up to 1: streams act
    /// together, and each share is itself an estimate from n seeds.
    pub share: Option<f64>,
}

const STREAMS: &str = "streams.";

/// The groups of arms of a study, in the order of their first configs; none in a study without arms.
pub fn groups(summary: &Summary) -> Vec<ArmGroup> {
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
        .map(|group| ArmGroup { arms: arms(&group) })
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

fn arms(group: &[&ConfigSummary]) -> Vec<Arm> {
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
    let arm = |config: &&ConfigSummary| Arm {
        config: config.name.clone(),
        varies: config.varies.clone(),
        min_lr: compare(config, |seed| &seed.min_lr),
        max_lr: compare(config, |seed| &seed.max_lr),
    };
    group.iter().map(arm).collect()
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
