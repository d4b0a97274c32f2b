//! How long anything may take, and how often it is tried.

use crate::job::Timeouts;
use std::time::Duration;

/// How long anything may take, and how often it is tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// From the request to train to the end of a trial.
    pub(crate) timeout: Option<Duration>,
    pub(crate) timeouts: Timeouts,
    /// How often a trial is tried again whose failure may pass.
    pub(crate) retries: u32,
    /// The pause before the first retry, which doubles each further time, and the longest.
    pub(crate) retry_delays: (Duration, Duration),
    /// After so many trials that failed for good, no further one begins.
    pub(crate) max_fails: Option<usize>,
}

impl Limits {
    /// The pause before retry number `retry`, counted from 1.
    pub(crate) fn retry_delay(&self, retry: u32) -> Duration {
        let (first, longest) = self.retry_delays;
        let doubled = 2_u32.checked_pow(retry.saturating_sub(1));
        doubled
            .map_or(longest, |factor| first.saturating_mul(factor))
            .min(longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_the_longest() {
        let limits = Limits {
            timeout: None,
            timeouts: Timeouts::default(),
            retries: 2,
            retry_delays: (Duration::from_secs(2), Duration::from_secs(15)),
            max_fails: None,
        };
        let seconds: Vec<u64> = (1..=5).map(|retry| limits.retry_delay(retry).as_secs()).collect();
        assert_eq!(seconds, [2, 4, 8, 15, 15]);
        assert_eq!(limits.retry_delay(4096), Duration::from_secs(15));
    }
}
