//! The curves that policies are made of, free of learning rates.

use super::Anneal;
use std::f64::consts::PI;

/// The step nearest to a share of the steps, halves up.
pub(super) fn nearest_step(share: f64, steps: u32) -> u32 {
    // 0.29 of 50 is 14.499999999999998 in binary: a product that should be a half must not be rounded down.
    let exact = share * f64::from(steps) * (1.0 + 4.0 * f64::EPSILON);
    ((exact + 0.5).floor() as u32).min(steps)
}

/// From 1 at step 0 to 0 at step `steps` along half a cosine.
pub(super) fn half_cosine(step: f64, steps: f64) -> f64 {
    f64::midpoint(1.0, (PI * step / steps).cos())
}

/// Where a step lies in `cycles` cycles of straight lines: the number of its cycle from 0, and its height from 0 at the
/// cycle's ends to 1 in its middle.
pub(super) fn triangle(step: u32, steps: u32, cycles: u32) -> (f64, f64) {
    let position = f64::from(step) * f64::from(cycles) / f64::from(steps);
    let cycle = position.floor();
    let within = position - cycle;
    (cycle, 2.0 * within.min(1.0 - within))
}

/// The steps at which cycles end, in ascending order, the last at `steps`; equal ones where a cycle has no step.
///
/// Cycle `k` of `n` ends after `(growth^k - 1) / (growth^n - 1)` of the steps, rounded to the nearest.
pub(super) fn cycle_ends(steps: u32, cycles: u32, growth: f64) -> Vec<u32> {
    let (rate, n) = (growth.ln(), f64::from(cycles));
    (1..=cycles)
        .map(|cycle| {
            let k = f64::from(cycle);
            let share = if rate == 0.0 {
                k / n
            } else {
                // Written with negative exponents, for growth^n may be more than a float holds.
                (rate * (k - n)).exp() * (-rate * k).exp_m1() / (-rate * n).exp_m1()
            };
            nearest_step(share, steps)
        })
        .collect()
}

/// A value for each step that goes from `start` to `top` at step `rise * steps - 1` and on to `end` at the last step,
/// as `OneCycleLR` of PyTorch 2.11.0 with two phases.
///
/// A rise of less than one step has no first phase: step 0 is then already on the way down, and the only step of a
/// training has `end`. A rise of exactly one step starts at the top, where PyTorch divides by zero.
pub(super) fn one_cycle([start, top, end]: [f64; 3], rise: f64, anneal: Anneal, steps: u32) -> Vec<f64> {
    let summit = rise * f64::from(steps) - 1.0;
    let last = f64::from(steps) - 1.0;
    (0..steps)
        .map(|step| {
            let step = f64::from(step);
            if step > summit {
                annealed(top, end, (step - summit) / (last - summit), anneal)
            } else if summit > 0.0 {
                annealed(start, top, step / summit, anneal)
            } else {
                top
            }
        })
        .collect()
}

/// The value between two others at a position from 0 to 1; rounding takes none above both.
fn annealed(from: f64, to: f64, position: f64, anneal: Anneal) -> f64 {
    let value = match anneal {
        Anneal::Cosine => to + (from - to) / 2.0 * ((PI * position).cos() + 1.0),
        Anneal::Linear => (to - from) * position + from,
    };
    value.min(from.max(to))
}
