//! Do two seeds agree on any learning rate? The overlap of every pair of ranges of a config.

use crate::summary::ConfigSummary;

/// With more ranges than this their pairs are left out: these grow with the square of the seeds, and nobody reads a
/// million of them.
const MOST_RANGES: usize = 1000;

/// The ranges of a config, each against each.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlaps {
    /// The seeds whose range holds a learning rate (min LR at most max LR, both above 0), from the lowest range to the
    /// highest by its middle on a logarithmic axis; of equals the smaller seed first.
    pub seeds: Vec<u64>,
    /// Seeds with a curve that are left out: one of the two rates is missing, or the min LR lies above the max LR, as
    /// far as both are known.
    pub without: usize,
    /// Every pair once, the seed that comes first in `seeds` first; none for more than 1000 ranges.
    pub pairs: Vec<Pair>,
}

/// Two seeds of a config.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The seed with the lower range.
    pub first: u64,
    /// The other one.
    pub second: u64,
    /// What both ranges share, in decades: log10(least max LR / largest min LR). 0 where they touch; below 0 it is the
    /// gap between them.
    pub decades: f64,
}

impl Pair {
    /// Whether no learning rate lies in both ranges.
    pub fn is_apart(&self) -> bool {
        self.decades < 0.0
    }
}

impl Overlaps {
    /// The overlaps of the ranges of `config`.
    pub fn of(config: &ConfigSummary) -> Self {
        let mut ranges: Vec<(u64, f64, f64)> = config
            .seeds
            .iter()
            .filter_map(|seed| seed.range().map(|range| (seed.seed, range)))
            .map(|(seed, (min, max))| (seed, min.log10(), max.log10()))
            .collect();
        ranges.sort_by(|a, b| (a.1 + a.2).total_cmp(&(b.1 + b.2)).then(a.0.cmp(&b.0)));
        let mut pairs = Vec::new();
        let paired = if ranges.len() > MOST_RANGES { &[] } else { &ranges[..] };
        for (place, first) in paired.iter().enumerate() {
            pairs.extend(paired[place + 1..].iter().map(|second| Pair {
                first: first.0,
                second: second.0,
                decades: first.2.min(second.2) - first.1.max(second.1),
            }));
        }
        Self {
            without: config.seeds.len() - ranges.len(),
            seeds: ranges.into_iter().map(|(seed, ..)| seed).collect(),
            pairs,
        }
    }

    /// The pairs without a common learning rate, the widest gap first; of equals in the order of `pairs`.
    pub fn apart(&self) -> Vec<Pair> {
        let mut apart: Vec<Pair> = self.pairs.iter().copied().filter(Pair::is_apart).collect();
        apart.sort_by(|a, b| a.decades.total_cmp(&b.decades));
        apart
    }
}
