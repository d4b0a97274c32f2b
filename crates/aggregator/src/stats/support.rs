//! Learning rates that many ranges share.

/// The range of a seed: its least and its largest learning rate, both finite and above 0, the first not above the
/// second; none for a seed that supports nothing.
pub type SeedRange = Option<(f64, f64)>;

/// Rates that differ by no more than this share are one: what is read off at one step of two schedules, or divided by
/// a number in another order, differs in its last bits.
const SAME: f64 = 1e-9;

/// Learning rates with the number of ranges that hold all of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shared {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Ranges that hold the whole interval.
    pub count: u32,
}

impl Shared {
    /// The middle on a logarithmic axis.
    pub fn middle(&self) -> f64 {
        // The mean of two logarithms of one number need not be its own.
        if self.min.total_cmp(&self.max).is_eq() {
            self.min
        } else {
            10_f64.powf(f64::midpoint(self.min.log10(), self.max.log10()))
        }
    }
}

/// Whether a range holds a learning rate, its ends included and what is equal to them but for rounding.
pub fn holds(range: &SeedRange, lr: f64) -> bool {
    range.is_some_and(|(min, max)| min * (1.0 - SAME) <= lr && lr <= max * (1.0 + SAME))
}

/// The widest stretch, in decades, of learning rates each of which as many ranges hold as hold any; of equally wide ones
/// the lower. None where no range is given.
///
/// Ranges are closed: neighbours that meet share their common end. Ends that are equal but for rounding (a relative
/// 1e-9) are the same, here and wherever support is counted.
pub fn most_shared(ranges: &[SeedRange]) -> Option<Shared> {
    most_shared_of(&Ends::new(ranges), None)
}

/// The widest interval, in decades, that lies whole in at least `needed` of the ranges; of equally wide ones the lower.
/// None where no learning rate lies in so many, or `needed` is 0.
pub fn widest_shared(ranges: &[SeedRange], needed: u32) -> Option<Shared> {
    widest_shared_of(&Ends::new(ranges), needed, None)
}

/// How often `choose`, given all ranges but one, chose what the one left out holds: how many did, and how many were left
/// out, each once. Of more than [`MOST_LEFT_OUT`] ranges these are taken evenly from all.
fn left_out(ranges: &[SeedRange], mut holds: impl FnMut(usize, &SeedRange) -> bool) -> (u32, u32) {
    let tried = ranges.len().min(MOST_LEFT_OUT);
    let held = (0..tried)
        .map(|number| number * ranges.len() / tried)
        .filter(|&place| holds(place, &ranges[place]))
        .count();
    (held as u32, tried as u32)
}

/// Leaving out each of so many ranges is exact enough: a share of a thousand is known to three percent points.
const MOST_LEFT_OUT: usize = 1000;

/// How often the middle of [`most_shared`] of the other ranges lay in the one left out: so often, of so many left out.
/// Ranges in which nothing lies count as left out too.
pub(crate) fn held_out_rates(ranges: &[SeedRange]) -> (u32, u32) {
    let ends = Ends::new(ranges);
    left_out(ranges, |place, range| {
        range.is_some() && most_shared_of(&ends, Some(place)).is_some_and(|shared| holds(range, shared.middle()))
    })
}

/// How often the interval that [`shared_range`] chose from the other ranges lay whole in the one left out.
pub(crate) fn held_out_ranges(ranges: &[SeedRange]) -> (u32, u32) {
    let ends = Ends::new(ranges);
    let others = ranges.len().saturating_sub(1) as u32;
    left_out(ranges, |place, range| {
        range.is_some()
            && shared_range_of(&ends, others, Some(place))
                .is_some_and(|shared| holds(range, shared.min) && holds(range, shared.max))
    })
}

/// The widest interval that lies whole in the ranges of at least 90 % of all seeds or, where there is none, of as many
/// as share any learning rate.
pub fn shared_range(ranges: &[SeedRange]) -> Option<Shared> {
    shared_range_of(&Ends::new(ranges), ranges.len() as u32, None)
}

/// 90 % of so many, rounded up to whole seeds. In tenths, so that nine of ten are enough whatever 0.9 is in binary.
pub(crate) fn ninety_percent(seeds: u32) -> u32 {
    (u64::from(seeds) * 9).div_ceil(10) as u32
}

fn shared_range_of(ends: &Ends, seeds: u32, without: Option<usize>) -> Option<Shared> {
    let most = most_shared_of(ends, without)?.count;
    widest_shared_of(ends, ninety_percent(seeds).min(most), without)
}

/// The ends of ranges in ascending order. At equal learning rates starts come first: closed ranges that touch share a
/// point.
struct Ends {
    /// Learning rate, which end it is, and the place of its range.
    all: Vec<(f64, Side, usize)>,
    /// The upper end of each range; NaN for none.
    max: Vec<f64>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Start,
    Stop,
}

impl Ends {
    fn new(ranges: &[SeedRange]) -> Self {
        let mut all = Vec::with_capacity(2 * ranges.len());
        for (place, range) in ranges.iter().enumerate() {
            if let Some((min, max)) = range {
                all.extend([(*min, Side::Start, place), (*max, Side::Stop, place)]);
            }
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Each becomes the least of those that it is equal to but for rounding.
        let mut least = f64::NEG_INFINITY;
        for (lr, ..) in &mut all {
            if *lr > least * (1.0 + SAME) {
                least = *lr;
            }
            *lr = least;
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut max = vec![f64::NAN; ranges.len()];
        let stops = all.iter().filter(|(_, side, _)| *side == Side::Stop);
        stops.for_each(|(lr, _, place)| max[*place] = *lr);
        Self { all, max }
    }

    fn without(&self, without: Option<usize>) -> impl Iterator<Item = (f64, Side, usize)> {
        self.all
            .iter()
            .copied()
            .filter(move |(.., place)| Some(*place) != without)
    }
}

fn most_shared_of(ends: &Ends, without: Option<usize>) -> Option<Shared> {
    let mut open = 0;
    let mut begun = None;
    let mut best: Option<Shared> = None;
    for (lr, side, _) in ends.without(without) {
        match side {
            Side::Start => {
                open += 1;
                // Only a count that is not below the best so far can begin a stretch of the greatest support.
                begun = best.is_none_or(|best| open >= best.count).then_some(lr);
            }
            Side::Stop => {
                if let Some(min) = begun.take() {
                    let found = Shared {
                        min,
                        max: lr,
                        count: open,
                    };
                    let is_better = |best: Shared| open > best.count || is_wider((min, lr), (best.min, best.max));
                    if best.is_none_or(is_better) {
                        best = Some(found);
                    }
                }
                open -= 1;
            }
        }
    }
    best
}

fn widest_shared_of(ends: &Ends, needed: u32, without: Option<usize>) -> Option<Shared> {
    if needed == 0 {
        return None;
    }
    // Of the ranges that start at or below a rate, the upper ends of those `needed` that reach farthest: an interval
    // from that rate on lies in `needed` ranges up to the least of them.
    let mut reaching: std::collections::BinaryHeap<std::cmp::Reverse<Total>> = std::collections::BinaryHeap::new();
    let mut best: Option<(f64, f64)> = None;
    for (lr, side, place) in ends.without(without) {
        if side == Side::Stop {
            continue;
        }
        reaching.push(std::cmp::Reverse(Total(ends.max[place])));
        if reaching.len() > needed as usize {
            reaching.pop();
        }
        if reaching.len() < needed as usize {
            continue;
        }
        let Some(std::cmp::Reverse(Total(max))) = reaching.peek().copied() else {
            continue;
        };
        if max >= lr && best.is_none_or(|best| is_wider((lr, max), best)) {
            best = Some((lr, max));
        }
    }
    let (min, max) = best?;
    let holds_all = |(place, &to): (usize, &f64)| Some(place) != without && to >= max;
    let starts: Vec<usize> = ends
        .without(without)
        .take_while(|(lr, ..)| *lr <= min)
        .filter(|(_, side, _)| *side == Side::Start)
        .map(|(.., place)| place)
        .collect();
    let count = starts
        .iter()
        .filter(|&&place| holds_all((place, &ends.max[place])))
        .count() as u32;
    Some(Shared { min, max, count })
}

/// Whether the first interval is wider on a logarithmic axis, by more than rounding.
fn is_wider(one: (f64, f64), other: (f64, f64)) -> bool {
    one.1 / one.0 > other.1 / other.0 * (1.0 + SAME)
}

/// A float in the order of [`f64::total_cmp`].
#[derive(Clone, Copy, PartialEq)]
struct Total(f64);

impl Eq for Total {}

impl PartialOrd for Total {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Total {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(ranges: &[(f64, f64)]) -> Vec<SeedRange> {
        ranges.iter().copied().map(Some).collect()
    }

    #[expect(clippy::unnecessary_wraps, reason = "compared with what may be absent")]
    fn shared(min: f64, max: f64, count: u32) -> Option<Shared> {
        Some(Shared { min, max, count })
    }

    #[test]
    fn the_rate_that_most_ranges_share() {
        assert_eq!(most_shared(&[]), None);
        assert_eq!(most_shared(&[None, None]), None);
        assert_eq!(most_shared(&all(&[(0.01, 0.1)])), shared(0.01, 0.1, 1));
        let three = all(&[(0.01, 0.1), (0.05, 0.5), (0.2, 0.5)]);
        // 0.05 to 0.1 is a factor of 2, 0.2 to 0.5 one of 2.5; two ranges hold either.
        assert_eq!(most_shared(&three), shared(0.2, 0.5, 2));
        assert_eq!(most_shared(&all(&[(0.01, 0.1), (0.1, 1.0)])), shared(0.1, 0.1, 2));
        // Of equally wide stretches the lower.
        assert_eq!(most_shared(&all(&[(1.0, 2.0), (4.0, 8.0)])), shared(1.0, 2.0, 1));
    }

    /// The middle of 0.01 and 1 is 0.1; a single rate is its own middle to the last bit.
    #[test]
    fn the_middle_is_that_of_the_logarithms() {
        let middle = |min, max| Shared { min, max, count: 1 }.middle();
        assert!((middle(0.01, 1.0) - 0.1).abs() < 1e-15);
        assert_eq!(middle(0.037, 0.037).to_bits(), 0.037_f64.to_bits());
    }

    /// Equal rates that were computed in two ways decide nothing.
    #[test]
    fn the_last_bit_of_a_rate_does_not_count() {
        let (up, down) = (0.1_f64.next_up(), 0.1_f64.next_down());
        for (one, other) in [(0.1, 0.1), (up, down), (down, up)] {
            let ranges = all(&[(0.01, one), (other, 1.0), (0.001, one)]);
            assert_eq!(
                most_shared(&ranges).map(|shared| shared.count),
                Some(3),
                "{one} {other}"
            );
            assert_eq!(widest_shared(&ranges, 3).map(|shared| shared.count), Some(3));
            assert_eq!(held_out_rates(&ranges), (2, 3));
        }
        assert_eq!(
            most_shared(&all(&[(0.01, 0.1), (0.1001, 1.0)])).map(|shared| shared.count),
            Some(1)
        );
        // Of stretches that are equally wide but for rounding the lower.
        let wide = all(&[(0.1, 0.2), (0.4, 0.8_f64.next_up())]);
        assert_eq!(most_shared(&wide).map(|shared| shared.min), Some(0.1));
    }

    /// Each single rate from 0.01 to 0.1 lies in nine of ten ranges; the whole interval only in eight.
    #[test]
    fn a_range_has_to_lie_whole_in_the_ranges() {
        let mut ranges = vec![(0.01, 0.1); 8];
        ranges.extend([(0.01, 0.03), (0.03, 0.1)]);
        let ranges = all(&ranges);
        // 0.01 to 0.03 and 0.03 to 0.1 lie whole in nine; the second is wider.
        assert_eq!(shared_range(&ranges), shared(0.03, 0.1, 9));
        assert_eq!(widest_shared(&ranges, 8), shared(0.01, 0.1, 8));
        assert_eq!(widest_shared(&ranges, 10), shared(0.03, 0.03, 10));
        assert_eq!(widest_shared(&ranges, 11), None);
        assert_eq!(widest_shared(&ranges, 0), None);
    }

    /// Ninety percent of ten seeds are nine, and seeds without a range are among the ten.
    #[test]
    fn seeds_without_a_range_count_in_the_denominator() {
        let mut ranges = vec![Some((0.01, 0.1)); 9];
        ranges.push(None);
        assert_eq!(shared_range(&ranges), shared(0.01, 0.1, 9));
        ranges[0] = None;
        // No cliff: what most share is still said, with its count.
        assert_eq!(shared_range(&ranges), shared(0.01, 0.1, 8));
        assert_eq!([1, 9, 10, 11, 20, 60].map(ninety_percent), [1, 9, 9, 10, 18, 54]);
    }

    /// Left out, each of two groups of two loses its majority: the other two decide, for the other group.
    #[test]
    fn the_seed_left_out_does_not_choose() {
        let apart = all(&[(0.01, 0.02), (0.01, 0.02), (1.0, 2.0), (1.0, 2.0)]);
        assert_eq!(most_shared(&apart).map(|shared| shared.count), Some(2));
        assert_eq!(held_out_rates(&apart), (0, 4));
        let mut most = vec![Some((0.01, 0.1)); 5];
        most.push(None);
        assert_eq!(held_out_rates(&most), (5, 6));
        assert_eq!(held_out_ranges(&most), (5, 6));
        assert_eq!(held_out_rates(&[Some((1.0, 2.0))]), (0, 1));
        assert_eq!(held_out_rates(&[]), (0, 0));
    }

    #[test]
    fn of_many_seeds_a_thousand_are_left_out() {
        let many = vec![Some((0.01, 0.1)); 2500];
        assert_eq!(held_out_rates(&many), (1000, 1000));
    }

    fn range() -> impl Strategy<Value = SeedRange> {
        // On a coarse grid, so that ends often meet.
        proptest::option::weighted(0.9, (0_i32..12, 0_i32..12)).prop_map(|ends| {
            let (a, b) = ends?;
            Some((2_f64.powi(a.min(b)), 2_f64.powi(a.max(b))))
        })
    }

    proptest! {
        /// Against trying every pair of ends.
        #[test]
        fn nothing_better_is_overlooked(ranges in proptest::collection::vec(range(), 0..14), needed in 1_u32..8) {
            let ends: Vec<f64> = ranges.iter().flatten().flat_map(|(min, max)| [*min, *max]).collect();
            let count = |min: f64, max: f64| {
                ranges.iter().filter(|range| holds(range, min) && holds(range, max)).count() as u32
            };
            let pairs = || ends.iter().flat_map(|min| ends.iter().map(move |max| (*min, *max)));
            let most = ends.iter().map(|lr| count(*lr, *lr)).max();
            prop_assert_eq!(most_shared(&ranges).map(|shared| shared.count), most);
            if let Some(shared) = most_shared(&ranges) {
                prop_assert_eq!(count(shared.min, shared.max), shared.count);
            }
            let widest = pairs()
                .filter(|(min, max)| min <= max && count(*min, *max) >= needed)
                .map(|(min, max)| max / min)
                .reduce(f64::max);
            let found = widest_shared(&ranges, needed);
            prop_assert_eq!(found.map(|shared| shared.max / shared.min), widest);
            if let Some(shared) = found {
                prop_assert_eq!(count(shared.min, shared.max), shared.count);
            }
        }
    }
}
