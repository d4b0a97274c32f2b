//! Which seeds a study runs.

mod parse;
mod serde_impl;
#[cfg(test)]
mod tests;

/// Most seeds a study may have.
const MOST: u64 = 100_000;

/// Seeds of a study that adds them by itself, before anything is known.
const FIRST: u64 = 10;

/// Seeds that are added at once: the interval is looked at after each so many.
const BATCH: u64 = 5;

/// Most seeds of such a study where it does not say.
const MOST_ADDED: u64 = 100;

/// Seeds in the order given: `20` (that many, from 0), `"0..20"` (20 left out), a list such as `[0, 3, 5]` or `"0,3,5"`,
/// or `"until 0.3, at most 40"`.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedList {
    seeds: Vec<u64>,
    until: Option<Until>,
}

/// When a study stops adding seeds by itself: 10 to begin with, then 5 at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Until {
    /// Once the interval of the median of log10(max LR) is narrower than so many decades in every config; above 0.
    pub decades: f64,
    /// Or once there are so many seeds.
    pub most: u64,
}

impl SeedList {
    /// The seeds.
    pub fn seeds(&self) -> &[u64] {
        &self.seeds
    }

    /// When no further seeds are added; none for seeds that are all given.
    pub fn until(&self) -> Option<Until> {
        self.until
    }

    /// Seeds that may still be added.
    pub fn left(&self) -> u64 {
        let most = self.until.map_or(0, |until| until.most);
        most.saturating_sub(self.seeds.len() as u64)
    }

    /// Adds the next seeds; false if there are to be none.
    pub fn grow(&mut self) -> bool {
        let have = self.seeds.len() as u64;
        let more = self.left().min(BATCH);
        self.seeds.extend(have..have + more);
        more > 0
    }
}

impl Default for SeedList {
    fn default() -> Self {
        Self {
            seeds: (0..20).collect(),
            until: None,
        }
    }
}
