//! How many trials a CUDA device should train at once, measured on the trials of the study themselves: 1, 2, 4, and so
//! on, as long as that makes all of them together faster and memory allows.
//!
//! What is measured is training in the steady state, with trials that end and begin among it, in images a second:
//! configs differ in what a step costs, and which of them run while a number is measured is chance. So the gain that
//! is asked for is well above what that makes out.

#[cfg(test)]
mod tests;

use crate::device::gpu_memory::GpuMemory;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Duration;

/// Steps of each slot that are not counted: the first ones of a worker load kernels and choose algorithms.
const WARM_UP: u32 = 5;

/// Steps for each slot that a measurement takes at least.
const STEPS: u32 = 50;

/// Twice as many trials have to be at least so many times as fast together to be worth their memory.
const GAIN: f64 = 1.1;

/// Share of the device's memory that may be used.
const MEMORY: f64 = 0.9;

/// How fast so many trials at once are together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Throughput {
    /// Trials at once.
    pub(crate) at_once: usize,
    /// Images trained on a second, all trials together.
    pub(crate) images_per_second: f64,
    /// Memory of the device in use at that time, by all programs, in MiB.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) memory_mib: Option<u64>,
}

/// What follows from a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Measure with so many.
    Try(usize),
    /// Stay with so many.
    Keep(usize),
}

/// The search for the number of one device.
#[derive(Debug)]
pub(crate) struct SlotSearch {
    at_once: usize,
    most: usize,
    /// Time that a measurement takes at least.
    least: Duration,
    /// Memory in use before the first worker.
    before: Option<GpuMemory>,
    measured: Vec<Throughput>,
    /// Steps of each slot at this number.
    warm_up: HashMap<usize, u32>,
    /// Once every slot is warm: since when, and how many steps and images.
    counted: Option<(Duration, u32, u64)>,
    /// Images a second, once it is known and memory is asked for.
    rate: Option<f64>,
}

impl SlotSearch {
    /// Begins with one trial at once, and goes up to `most`; each measurement takes `least` or longer.
    pub(crate) fn new(most: usize, least: Duration, before: Option<GpuMemory>) -> Self {
        Self {
            at_once: 1,
            most,
            least,
            before,
            measured: Vec::new(),
            warm_up: HashMap::new(),
            counted: None,
            rate: None,
        }
    }

    /// What has been measured.
    pub(crate) fn measured(&self) -> &[Throughput] {
        &self.measured
    }

    /// Takes note of a step in `slot` on so many images, `now` after the run began; true once the measurement is
    /// complete but for memory, and then not again.
    pub(crate) fn step(&mut self, slot: usize, images: u64, now: Duration) -> bool {
        if self.rate.is_some() {
            return false;
        }
        let Some((since, steps, so_far)) = &mut self.counted else {
            let warm = self.warm_up.entry(slot).or_default();
            *warm += 1;
            if self.warm_up.len() >= self.at_once && self.warm_up.values().all(|steps| *steps >= WARM_UP) {
                self.counted = Some((now, 0, 0));
            }
            return false;
        };
        *steps += 1;
        *so_far += images;
        let elapsed = now.saturating_sub(*since);
        let is_complete = *steps >= STEPS * self.at_once as u32 && elapsed >= self.least;
        if is_complete {
            self.rate = Some(*so_far as f64 / elapsed.as_secs_f64());
        }
        is_complete
    }

    /// Completes a measurement by the memory in use, and says what follows.
    pub(crate) fn complete(&mut self, memory: Option<GpuMemory>) -> Decision {
        let Some(rate) = self.rate.take() else {
            return Decision::Keep(self.at_once);
        };
        self.warm_up.clear();
        self.counted = None;
        let earlier = self.measured.last().cloned();
        self.measured.push(Throughput {
            at_once: self.at_once,
            images_per_second: rate,
            memory_mib: memory.map(|memory| memory.used),
        });
        if let Some(earlier) = &earlier
            && rate < GAIN * earlier.images_per_second
        {
            return Decision::Keep(earlier.at_once);
        }
        let double = 2 * self.at_once;
        if double > self.most || !self.has_memory_for(double, memory, earlier.as_ref()) {
            return Decision::Keep(self.at_once);
        }
        self.at_once = double;
        Decision::Try(double)
    }

    /// Whether `next` trials fit, by what the present ones take beyond those of the measurement before. Where memory is
    /// not known, trying tells.
    fn has_memory_for(&self, next: usize, memory: Option<GpuMemory>, earlier: Option<&Throughput>) -> bool {
        let Some(memory) = memory else { return true };
        let (then, trials_then) = match earlier {
            Some(earlier) => (earlier.memory_mib, earlier.at_once),
            None => (self.before.map(|before| before.used), 0),
        };
        // Without an earlier figure all that is used counts as theirs.
        let (then, trials_then) = then.map_or((0, 0), |then| (then, trials_then));
        let each = memory.used.saturating_sub(then) as f64 / (self.at_once - trials_then) as f64;
        let needed = memory.used as f64 + each * (next - self.at_once) as f64;
        needed <= MEMORY * memory.total as f64
    }
}
