//! The range that holds for most seeds.

use seedband_core::summary::Consensus;

/// Tenths of the seeds that have to agree. An integer, so that nine of ten seeds are enough whatever 0.9 is in binary.
const TENTHS: usize = 9;

/// The widest interval, in decades, of learning rates that each lie in at least 90 % of `ranges` (min LR, max LR),
/// rounded up to whole seeds.
///
/// Ranges are closed: neighbours that meet share their common end. One whose min LR is above its max LR contains
/// nothing but counts among the seeds. Of equally wide intervals the lower one is taken. Learning rates are finite and
/// above 0.
pub fn consensus(ranges: &[(f64, f64)]) -> Consensus {
    let needed = (ranges.len() * TENTHS).div_ceil(10);
    let mut ends: Vec<(f64, Side)> = Vec::with_capacity(2 * ranges.len());
    for &(min, max) in ranges.iter().filter(|(min, max)| min <= max) {
        ends.extend([(min, Side::Start), (max, Side::Stop)]);
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));

    let (mut open, mut most) = (0, 0);
    let mut begun = None;
    let mut widest: Option<(f64, f64)> = None;
    for (lr, side) in ends {
        match side {
            Side::Start => {
                open += 1;
                most = most.max(open);
                if open == needed {
                    begun = Some(lr);
                }
            }
            Side::Stop => {
                if open == needed
                    && let Some(from) = begun.take()
                    && widest.is_none_or(|(least, most)| lr / from > most / least)
                {
                    widest = Some((from, lr));
                }
                open -= 1;
            }
        }
    }
    Consensus {
        share: TENTHS as f64 / 10.0,
        n: ranges.len() as u32,
        min_lr: widest.map(|(from, _)| from),
        max_lr: widest.map(|(_, to)| to),
        most: most as u32,
    }
}

/// An end of a range. At equal learning rates starts come first: closed ranges that touch share a point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Start,
    Stop,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(ranges: &[(f64, f64)]) -> (Option<f64>, Option<f64>, u32) {
        let found = consensus(ranges);
        assert_eq!((found.share, found.n), (0.9, ranges.len() as u32));
        (found.min_lr, found.max_lr, found.most)
    }

    #[test]
    fn few_seeds_have_to_agree_all() {
        assert_eq!(ends(&[]), (None, None, 0));
        assert_eq!(ends(&[(0.01, 0.1)]), (Some(0.01), Some(0.1), 1));
        assert_eq!(ends(&[(0.01, 0.1), (0.05, 0.5)]), (Some(0.05), Some(0.1), 2));
        assert_eq!(ends(&[(0.01, 0.1), (0.2, 0.5)]), (None, None, 1));
        // Nine seeds: 8.1 are asked for, so all nine.
        let mut nine = vec![(0.01, 0.1); 8];
        nine.push((0.2, 0.5));
        assert_eq!(ends(&nine), (None, None, 8));
    }

    #[test]
    fn one_of_ten_may_differ() {
        let mut ten = vec![(0.01, 0.1); 9];
        ten.push((0.2, 0.5));
        assert_eq!(ends(&ten), (Some(0.01), Some(0.1), 9));
        ten[0] = (0.02, 0.05);
        assert_eq!(ends(&ten), (Some(0.02), Some(0.05), 9));
        ten[1] = (0.06, 0.1);
        assert_eq!(ends(&ten), (None, None, 8));
    }

    #[test]
    fn touching_ranges_share_a_point() {
        assert_eq!(ends(&[(0.01, 0.1), (0.1, 1.0)]), (Some(0.1), Some(0.1), 2));
        assert_eq!(ends(&[(0.1, 0.1)]), (Some(0.1), Some(0.1), 1));
    }

    #[test]
    fn a_reversed_range_contains_nothing_but_counts() {
        assert_eq!(ends(&[(0.1, 0.01)]), (None, None, 0));
        let mut ten = vec![(0.01, 0.1); 9];
        ten.push((0.1, 0.01));
        assert_eq!(ends(&ten), (Some(0.01), Some(0.1), 9));
        ten[0] = (0.1, 0.01);
        assert_eq!(ends(&ten), (None, None, 8));
    }

    /// Eight seeds allow everything, the ninth and tenth one stretch each: three hundredfold is wider in decades than
    /// eight to ten.
    #[test]
    fn of_several_the_widest_in_decades() {
        let mut ten = vec![(1e-4, 10.0); 8];
        ten.extend([(1e-3, 0.3), (8.0, 10.0)]);
        assert_eq!(ends(&ten), (Some(1e-3), Some(0.3), 9));
        ten[8] = (9.9e-1, 1.0);
        assert_eq!(ends(&ten), (Some(8.0), Some(10.0), 9));
    }

    /// The count drops from ten to nine and rises again inside: still one interval.
    #[test]
    fn a_count_above_the_need_does_not_split() {
        let mut ten = vec![(0.01, 1.0); 9];
        ten.push((0.05, 0.2));
        assert_eq!(ends(&ten), (Some(0.01), Some(1.0), 10));
    }
}
