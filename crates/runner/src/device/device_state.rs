//! A device of a run: how many trials it takes at once, and whether it works.

use crate::device::concurrency_limit::ConcurrencyLimit;
use crate::device::slot_search::SlotSearch;

/// After so many failures to start or to work in a row, with no curve in between, a device gets no further trial.
const MOST_FAILURES: u32 = 3;

/// A device of the run.
#[derive(Debug)]
pub(crate) struct DeviceState {
    /// As shown, for example `cuda:0`.
    pub(crate) name: String,
    /// What tells it from others, in later runs too: `cpu`, or its entry in `CUDA_VISIBLE_DEVICES`.
    pub(crate) key: String,
    /// Trials that share its memory.
    pub(crate) limit: ConcurrencyLimit,
    /// How many it should take, where that is being measured.
    pub(crate) search: Option<SlotSearch>,
    failures_in_a_row: u32,
}

impl DeviceState {
    /// A device of no slot yet.
    pub(crate) fn new(name: String, key: String) -> Self {
        Self {
            name,
            key,
            limit: ConcurrencyLimit::new(0),
            search: None,
            failures_in_a_row: 0,
        }
    }

    /// Whether it still gets trials.
    pub(crate) fn is_usable(&self) -> bool {
        self.failures_in_a_row < MOST_FAILURES
    }

    /// Takes note that it did not start a worker, or stopped working; true if it is excluded by that.
    pub(crate) fn count_failure(&mut self) -> bool {
        self.failures_in_a_row += 1;
        self.failures_in_a_row == MOST_FAILURES
    }

    /// Takes note that it has trained a trial to its end. One that was excluded in the meantime stays so.
    pub(crate) fn count_success(&mut self) {
        if self.is_usable() {
            self.failures_in_a_row = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_without_a_curve_exclude_a_device() {
        let mut device = DeviceState::new("cuda:0".into(), "GPU-a".into());
        assert!(!device.count_failure() && !device.count_failure());
        device.count_success();
        assert!(!device.count_failure() && !device.count_failure());
        assert!(device.is_usable());
        assert!(device.count_failure() && !device.count_failure());
        device.count_success();
        assert!(!device.is_usable());
    }
}
