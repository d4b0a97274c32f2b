//! Learning rate and momentum of each step.

use super::shape::{cycle_ends, half_cosine, nearest_step, one_cycle, triangle};
use super::{Anneal, Policy, PolicyKind};

impl Policy {
    /// Whether the rate comes down to a floor that can be chosen.
    pub fn uses_floor(&self) -> bool {
        match self.kind {
            PolicyKind::Constant | PolicyKind::Step | PolicyKind::OneCycle => false,
            PolicyKind::Cosine
            | PolicyKind::Triangular
            | PolicyKind::Triangular2
            | PolicyKind::ExpRange
            | PolicyKind::WarmRestarts => true,
        }
    }

    /// The floor where none is chosen: 0 for `cosine` and `warm-restarts` (PyTorch's `eta_min`), a quarter of the peak
    /// for triangular cycles, the lower of the two in "1/3 or 1/4 of max lr" (Smith 2015, section 3.3).
    fn default_floor(&self, peak: f64) -> f64 {
        match self.kind {
            PolicyKind::Triangular | PolicyKind::Triangular2 | PolicyKind::ExpRange => peak / 4.0,
            _ => 0.0,
        }
    }

    /// The learning rate in the optimizer during each step, `steps` values. The policy is one that [`Policy::validate`]
    /// accepts.
    ///
    /// `peak`, finite and above 0, is the highest of them; `floor`, from 0 to `peak`, is where the rate turns or would
    /// end, and has no effect where [`Policy::uses_floor`] says so. `None` is the kind's default: 0 for `cosine` and
    /// `warm-restarts`, `peak / 4` for triangular cycles. In a training of few steps the peak may lie between two steps
    /// or in none: the first step of a triangular cycle has the floor.
    pub fn rates(&self, peak: f64, floor: Option<f64>, steps: u32) -> Vec<f64> {
        let policy = self.explicit();
        let floor = floor.unwrap_or_else(|| self.default_floor(peak));
        let warmup = nearest_step(policy.warmup.unwrap_or_default(), steps).min(steps.saturating_sub(1));
        let rates = policy.after_warmup(peak, floor, warmup, steps - warmup);
        let first = rates.first().copied().unwrap_or(peak);
        let start = policy.warmup_start.unwrap_or(1.0);
        (0..warmup)
            .map(|step| first * (start + (1.0 - start) * f64::from(step) / f64::from(warmup)))
            .chain(rates)
            .collect()
    }

    /// The rates of the `steps` steps that follow `warmup` others, of a policy with its defaults written out.
    fn after_warmup(&self, peak: f64, floor: f64, warmup: u32, steps: u32) -> Vec<f64> {
        let cycles = self.cycles.unwrap_or(1);
        let gamma = self.gamma.unwrap_or(1.0);
        // What is left of the way from floor to peak in a step, given its number and its cycle's.
        let cyclic = |left: &dyn Fn(u32, f64) -> f64| {
            let rate = |step| {
                let (cycle, height) = triangle(step, steps, cycles);
                between(floor, peak, height * left(step, cycle))
            };
            (0..steps).map(rate).collect()
        };
        match self.kind {
            PolicyKind::Constant => vec![peak; steps as usize],
            PolicyKind::Step => self.decayed(peak, warmup, steps),
            PolicyKind::Cosine => restarting(peak, floor, &[steps], steps),
            PolicyKind::Triangular => cyclic(&|_, _| 1.0),
            PolicyKind::Triangular2 => cyclic(&|_, cycle| (-cycle).exp2()),
            PolicyKind::ExpRange => cyclic(&|step, _| gamma.powf(f64::from(step))),
            PolicyKind::OneCycle => {
                let start = peak / self.start_divisor.unwrap_or(1.0);
                let end = start / self.end_divisor.unwrap_or(1.0);
                self.one_cycle([start, peak, end], steps)
            }
            PolicyKind::WarmRestarts => {
                let ends = cycle_ends(steps, cycles, self.growth.unwrap_or(1.0));
                restarting(peak, floor, &ends, steps)
            }
        }
    }

    /// The peak, times gamma for each milestone passed.
    fn decayed(&self, peak: f64, warmup: u32, steps: u32) -> Vec<f64> {
        let gamma = self.gamma.unwrap_or(1.0);
        let shares = self.milestones.iter().flatten();
        let milestones: Vec<u32> = shares
            .map(|share| nearest_step(*share, warmup + steps).saturating_sub(warmup).max(1))
            .collect();
        let rate = |step| {
            let passed = milestones.iter().filter(|milestone| **milestone <= step);
            passed.fold(peak, |rate, _| rate * gamma)
        };
        (0..steps).map(rate).collect()
    }

    /// The momentum in the optimizer during each step, `steps` values from the low to the high end of `momentum`, where
    /// this is given: high where `one-cycle` starts and ends, low at its top. `None`: the optimizer's own stays.
    pub fn momenta(&self, steps: u32) -> Option<Vec<f64>> {
        let [low, high] = self.momentum?;
        Some(self.explicit().one_cycle([high, low, high], steps))
    }

    /// A value for each step that goes from the first of three to the second and on to the third.
    fn one_cycle(&self, values: [f64; 3], steps: u32) -> Vec<f64> {
        let anneal = self.anneal.unwrap_or(Anneal::Cosine);
        one_cycle(values, self.rise.unwrap_or_default(), anneal, steps)
    }
}

/// Half a cosine from peak to floor in each of the cycles that end at `ends`.
fn restarting(peak: f64, floor: f64, ends: &[u32], steps: u32) -> Vec<f64> {
    let rate = |step: u32| {
        let cycle = ends.partition_point(|end| *end <= step);
        let begin = cycle.checked_sub(1).and_then(|before| ends.get(before));
        let begin = f64::from(begin.copied().unwrap_or_default());
        let end = f64::from(ends.get(cycle).copied().unwrap_or(steps));
        between(floor, peak, half_cosine(f64::from(step) - begin, end - begin))
    };
    (0..steps).map(rate).collect()
}

/// The rate at a height of 0, the floor, to 1, the peak. Rounding takes none above the peak, which matters where this
/// is the largest float.
fn between(floor: f64, peak: f64, height: f64) -> f64 {
    (floor + (peak - floor) * height).min(peak)
}
