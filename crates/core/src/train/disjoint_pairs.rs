//! Pairs of seeds that agree on no learning rate.

use super::Side;
use crate::summary::ConfigSummary;
use crate::summary::overlap::Overlaps;
use std::collections::HashSet;

/// A seed and the one that its range lies furthest away from, of those left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisjointPairs {
    /// The seed.
    pub seed: u64,
    /// The other seed of its pair.
    pub partner: u64,
    /// Where its range lies.
    pub side: Side,
}

impl DisjointPairs {
    /// The seeds of at most `most` pairs of a config whose ranges do not overlap: the widest gap first, and each seed
    /// in one pair at most, so that pairs are independent of each other. Of a pair the lower range comes first.
    pub fn of(config: &ConfigSummary, most: u32) -> Vec<Self> {
        let mut taken = HashSet::new();
        let mut seeds = Vec::new();
        for pair in Overlaps::of(config).apart() {
            if seeds.len() / 2 >= most as usize {
                break;
            }
            if taken.contains(&pair.first) || taken.contains(&pair.second) {
                continue;
            }
            taken.extend([pair.first, pair.second]);
            let of = |seed, partner, side| Self { seed, partner, side };
            seeds.push(of(pair.first, pair.second, Side::Lower));
            seeds.push(of(pair.second, pair.first, Side::Higher));
        }
        seeds
    }
}
