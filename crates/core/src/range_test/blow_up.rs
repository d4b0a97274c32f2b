//! Where the raw losses of a training leave what they had reached.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Losses whose median is a level.
const LEVEL: usize = 5;
/// Losses whose median has to lie above the threshold: two of three, so that one odd batch is none.
const LASTING: usize = 3;
/// Standard deviations of the noise that a rise has to exceed, once many differences are known.
const NOISES: f64 = 4.0;
/// More of them, divided by the number of differences that the noise is known from.
const NOISES_OF_FEW: f64 = 60.0;
/// Share of the descent so far that a rise has to undo.
const UNDONE: f64 = 0.25;
/// Share of the least level that a rise has to exceed: where losses repeat, their noise is 0.
const LEAST: f64 = 0.01;
/// Differences of neighbours from which the noise is known.
const DIFFERENCES: usize = 10;
/// Losses whose median, below the least level before a rise, undoes it.
const UNDOING: usize = 9;
/// Multiple of the threshold's height above the least level from which on nothing undoes a rise.
const FINAL: f64 = 10.0;
/// Multiple of the first loss that counts before the noise is known.
const EARLY: f64 = 4.0;
/// What makes the median absolute deviation of normal noise its standard deviation: 1 / Φ⁻¹(3/4).
const CONSISTENT: f64 = 1.482_602_218_505_602;

/// The first step, from 0, whose loss is not finite or has risen for good.
///
/// A loss has **risen** where it lies above a threshold and so do two of it and the next two; the last loss of a curve by
/// itself, only where it has risen ten times as high or the noise is not known. The threshold lies
/// above the least level so far, a level being the median of five losses in a row, by the largest of three: 4 + 60 / k
/// standard deviations of the noise; a quarter of the descent, from the level of the first five losses to the least; and
/// a hundredth of the least level. The noise is 1.4826 / √2 times the median of the k absolute differences of
/// neighbouring losses so far (the median absolute deviation made consistent for normal noise: Rousseeuw and Croux,
/// J. Am. Stat. Assoc. 88, 1993); differences of neighbours leave the descent out. Before there are ten of them the
/// threshold is four times the size of the first loss.
///
/// It has risen **for good** unless training goes on to lower losses than ever before: a later median of nine losses in a
/// row lies below the least level before the rise (before there is one, below the first loss). A rise ten times as high,
/// by a median of three losses, is never taken back: a network that an update has destroyed may well end at a lower loss
/// than it began with.
///
/// Nothing changes when all losses are multiplied by a number above 0, and but for the first steps and the hundredth,
/// nothing does when a number is added to them. The constants are those by which the learning rates found agree with
/// those at which short trainings fail, as far as flat losses with normal, lognormal or heavy-tailed noise (t with 3
/// degrees of freedom) are taken for a divergence in less than 1 of 20 curves of 100 steps (`results/divergence`).
pub(super) fn first_blown_up(losses: &[f64]) -> Option<usize> {
    let first = *losses.first()?;
    if !first.is_finite() {
        return Some(0);
    }
    let mut differences = RunningMedian::default();
    let (mut start, mut least) = (None, f64::INFINITY);
    // A rise that may still be undone, and the step from which on the next may begin.
    let (mut rise, mut calm) = (None::<Rise>, 0);
    for (step, pair) in (1..).zip(losses.windows(2)) {
        let [before, loss] = *pair else { continue };
        if !loss.is_finite() {
            return Some(rise.map_or(step, |rise| rise.step));
        }
        let level = step.checked_sub(LEVEL).map(|from| median(&losses[from..step]));
        start = start.or(level);
        least = level.unwrap_or(least).min(least);
        if let Some(lower) = rise.as_ref().and_then(|rise| rise.undone_at(losses, step)) {
            (rise, calm) = (None, lower);
        }
        if rise.is_none() && step >= calm {
            let (base, height) = match (start, differences.median()) {
                (Some(start), Some(difference)) if differences.len() >= DIFFERENCES => {
                    let noise = difference * CONSISTENT / std::f64::consts::SQRT_2;
                    let noises = NOISES + NOISES_OF_FEW / differences.len() as f64;
                    let rises = [noises * noise, UNDONE * (start - least), LEAST * least.abs()];
                    (least, rises.into_iter().fold(0.0, f64::max))
                }
                _ => (first, EARLY * first.abs() - first),
            };
            let begun = Rise { step, base, height };
            if loss > base + height && begun.is_seen(losses, differences.len() < DIFFERENCES) {
                rise = Some(begun);
            }
        }
        if let Some(rise) = rise.as_ref().filter(|rise| rise.is_final_at(losses, step)) {
            return Some(rise.step);
        }
        differences.push((loss - before).abs());
    }
    rise.map(|rise| rise.step)
}

/// A rise of the losses that may still turn out to be none.
struct Rise {
    /// Where it begins.
    step: usize,
    /// The least level before it.
    base: f64,
    /// How far above that the threshold lay.
    height: f64,
}

impl Rise {
    /// Whether two of the first three losses tell it. The last loss of a curve may be an odd batch: alone it does so where
    /// it is that high, or `early`, where the threshold is four times the first loss.
    fn is_seen(&self, losses: &[f64], early: bool) -> bool {
        let rest = &losses[self.step + 1..losses.len().min(self.step + LASTING)];
        let another = rest.iter().any(|loss| loss.is_nan() || *loss > self.base + self.height);
        another || rest.is_empty() && (early || self.is_final_at(losses, self.step))
    }

    /// The first of the losses from `step` on that is lower than ever before the rise, where most of them are.
    fn undone_at(&self, losses: &[f64], step: usize) -> Option<usize> {
        let window = losses.get(step..step + UNDOING)?;
        let lower = window.iter().position(|&loss| loss < self.base)?;
        (median(window) < self.base).then_some(step + lower)
    }

    /// Whether the losses at `step` are so high that nothing undoes it.
    fn is_final_at(&self, losses: &[f64], step: usize) -> bool {
        lasting(losses, step) > self.base + FINAL * self.height
    }
}

/// The median of the loss at `step` and the next two, as far as there are any.
fn lasting(losses: &[f64], step: usize) -> f64 {
    median(&losses[step..losses.len().min(step + LASTING)])
}

/// The median of a few losses, the mean of the middle two where they are even; what is not a number counts as infinite.
fn median(losses: &[f64]) -> f64 {
    let number = |loss: &f64| if loss.is_nan() { f64::INFINITY } else { *loss };
    let mut sorted: Vec<f64> = losses.iter().map(number).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.get(middle), sorted.len() % 2) {
        (Some(&upper), 0) => f64::midpoint(sorted[middle - 1], upper),
        (Some(&middle), _) => middle,
        (None, _) => f64::INFINITY,
    }
}

/// The median of numbers that come one by one: the lower half and the upper half, each as a heap.
#[derive(Default)]
struct RunningMedian {
    lower: BinaryHeap<Ordered>,
    upper: BinaryHeap<Reverse<Ordered>>,
}

impl RunningMedian {
    fn len(&self) -> usize {
        self.lower.len() + self.upper.len()
    }

    fn push(&mut self, number: f64) {
        self.lower.push(Ordered(number));
        self.upper.extend(self.lower.pop().map(Reverse));
        if self.upper.len() > self.lower.len() {
            self.lower.extend(self.upper.pop().map(|Reverse(number)| number));
        }
    }

    fn median(&self) -> Option<f64> {
        let lower = self.lower.peek()?.0;
        match self.upper.peek() {
            Some(Reverse(upper)) if self.upper.len() == self.lower.len() => Some(f64::midpoint(lower, upper.0)),
            _ => Some(lower),
        }
    }
}

/// A float in its total order.
#[derive(PartialEq)]
struct Ordered(f64);

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 61 losses around 2 that alternate by 0.2: the noise is 1.4826 / √2 · 0.2 = 0.2097, and the least level 1.9. With
    /// k differences the threshold is 1.9 + (4 + 60 / k) 0.2097: 2.9483 at step 61, which follows 60 of them.
    fn alternating() -> Vec<f64> {
        (0..61).map(|step| if step % 2 == 0 { 2.1 } else { 1.9 }).collect()
    }

    fn followed_by(rest: &[f64]) -> Option<usize> {
        let mut losses = alternating();
        losses.extend(rest);
        first_blown_up(&losses)
    }

    #[test]
    fn a_rise_by_five_noises_counts_if_it_lasts() {
        assert_eq!(followed_by(&[]), None);
        assert_eq!(followed_by(&[2.948, 2.9]), None);
        assert_eq!(followed_by(&[2.949, 2.949, 2.0, 2.0]), Some(61));
        assert_eq!(followed_by(&[2.0, 5.0]), None, "the last alone");
        assert_eq!(followed_by(&[2.0, 5.0, 2.0]), None, "one of the last two");
        assert_eq!(followed_by(&[2.0, 5.0, 5.0]), Some(62), "the last two");
        assert_eq!(followed_by(&[2.0, 50.0]), Some(62), "so high that one is enough");
        assert_eq!(followed_by(&[50.0, 2.0, 2.0, 50.0, 2.0, 2.0]), None, "odd batches");
        assert_eq!(followed_by(&[2.0, 3.0, 2.0, 3.0, 4.0]), Some(62), "two of three");
        assert_eq!(followed_by(&[2.0, f64::INFINITY]), Some(62));
        assert_eq!(
            followed_by(&[3.0, f64::NAN]),
            Some(61),
            "the loss before a NaN had risen already"
        );
    }

    #[test]
    fn a_quarter_of_the_descent_has_to_be_undone() {
        // Without noise to speak of: from 3 to 1 in 200 steps, then up again. The threshold is 1 + 2/4.
        let mut losses: Vec<f64> = (0..=200).map(|step| 3.0 - 0.01 * f64::from(step)).collect();
        losses.extend((1..100).map(|step| 1.0 + 0.01 * f64::from(step)));
        let found = first_blown_up(&losses).unwrap();
        // The level of the first five is 2.98, the least 1.01 up to the turn: 1.01 + 1.97 / 4 = 1.5025.
        assert_eq!(found, 200 + 51, "{}", losses[found]);
    }

    /// Of 61 losses around 2 the least level is 1.9, and the threshold 1.9 + 5 · 0.2097: nothing undoes a rise above
    /// 1.9 + 50 · 0.2097 = 12.38.
    #[test]
    fn what_goes_on_to_lower_losses_has_not_risen_for_good() {
        let after = |high: f64, low: f64, many: usize| {
            let mut rest = vec![high; 6];
            rest.extend(vec![low; many]);
            followed_by(&rest)
        };
        assert_eq!(after(5.0, 1.89, 5), None, "five of nine");
        assert_eq!(after(5.0, 1.89, 4), Some(61));
        assert_eq!(after(5.0, 1.9, 30), Some(61), "as low as before is no progress");
        assert_eq!(after(12.3, 1.0, 30), None);
        assert_eq!(after(12.5, 1.0, 30), Some(61), "destroyed");
        // A second rise is another.
        let mut rest = vec![5.0; 6];
        rest.extend([1.5; 20]);
        rest.extend([5.0; 6]);
        assert_eq!(followed_by(&rest), Some(61 + 26));
        rest.push(f64::NAN);
        assert_eq!(followed_by(&rest), Some(61 + 26));
        // Before the noise is known: 4 · 2.3 = 9.2, and nothing undoes a rise above 2.3 + 10 · 6.9 = 71.3.
        assert_eq!(
            first_blown_up(&[[2.3, 20.0, 19.0].as_slice(), &[2.2; 40]].concat()),
            None
        );
        assert_eq!(
            first_blown_up(&[[2.3, 80.0, 90.0].as_slice(), &[2.2; 40]].concat()),
            Some(1)
        );
    }

    #[test]
    fn before_the_noise_is_known_the_first_loss_is_the_measure() {
        assert_eq!(first_blown_up(&[2.3, 9.1, 9.3, 20.0]), Some(2));
        assert_eq!(first_blown_up(&[2.3, 1e5, 1e7]), Some(1));
        assert_eq!(first_blown_up(&[f64::NAN]), Some(0));
        assert_eq!(first_blown_up(&[2.3, f64::NAN]), Some(1));
        assert_eq!(first_blown_up(&[2.3]), None);
        assert_eq!(first_blown_up(&[]), None);
        assert_eq!(first_blown_up(&[2.0; 40]), None, "no noise at all");
    }

    #[test]
    fn the_scale_of_the_loss_is_free() {
        let mut losses = alternating();
        losses.extend([2.95, 3.1, 4.0]);
        for scale in [1e-6, 1.0, 1e9] {
            let scaled: Vec<f64> = losses.iter().map(|loss| loss * scale).collect();
            assert_eq!(first_blown_up(&scaled), Some(61));
        }
        let shifted: Vec<f64> = losses.iter().map(|loss| loss - 10.0).collect();
        assert_eq!(first_blown_up(&shifted), Some(61), "below 0 too");
    }

    #[test]
    fn a_running_median_is_the_median() {
        let mut running = RunningMedian::default();
        assert_eq!(running.median(), None);
        let mut all = Vec::new();
        for number in [5.0, 1.0, 4.0, 4.0, -2.0, 9.0, 0.5] {
            running.push(number);
            all.push(number);
            assert_eq!(running.median(), Some(median(&all)), "{all:?}");
        }
    }
}
