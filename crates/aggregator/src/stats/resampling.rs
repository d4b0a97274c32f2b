//! Intervals by drawing seeds again.

use super::quantile::{Sample, Scale};
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::summary::Interval;

/// So many samples are drawn: one less than a round number, so that shares of the sorted ones fall on a value.
const SAMPLES: usize = 1999;
/// With fewer values percentiles of these samples cover too seldom: simulated at 6 normal values 85 % in place of 95 %.
pub(crate) const FEWEST: usize = 10;

/// The percentile bootstrap (Efron, *Bootstrap Methods: Another Look at the Jackknife*, Ann. Stat. 7, 1979): the same
/// samples for the same values each time.
pub(crate) struct Resampling {
    stream: Stream,
    confidence: f64,
}

impl Resampling {
    pub(crate) fn new(confidence: f64) -> Self {
        Self {
            stream: Stream::new(Purpose::Resampling, 0),
            confidence,
        }
    }

    /// The interval of `statistic` of a sample; none with fewer than [`FEWEST`] values.
    pub(crate) fn interval(&mut self, values: &[f64], statistic: fn(&[f64]) -> f64) -> Option<Interval> {
        if values.len() < FEWEST {
            return None;
        }
        let found = (0..SAMPLES).map(|_| statistic(&self.drawn(values))).collect();
        self.percentiles(found)
    }

    /// The interval of the ratio of `statistic` of two samples, drawn each for itself; none with fewer than [`FEWEST`]
    /// values in either, or where it is 0 over 0 in more than one of twenty draws.
    pub(crate) fn ratio(&mut self, [over, under]: [&[f64]; 2], statistic: fn(&[f64]) -> f64) -> Option<Interval> {
        if over.len().min(under.len()) < FEWEST {
            return None;
        }
        let ratio = |_| statistic(&self.drawn(over)) / statistic(&self.drawn(under));
        let found: Vec<f64> = (0..SAMPLES).map(ratio).filter(|ratio| !ratio.is_nan()).collect();
        if 20 * found.len() < 19 * SAMPLES {
            return None;
        }
        self.percentiles(found)
    }

    /// As many values as there are, each drawn from all of them.
    fn drawn(&mut self, values: &[f64]) -> Vec<f64> {
        let n = values.len() as u32;
        (0..n).map(|_| values[self.stream.below(n) as usize]).collect()
    }

    /// The middle share of the found values.
    fn percentiles(&self, found: Vec<f64>) -> Option<Interval> {
        let sorted = Sample::new(found);
        let sorted = sorted.sorted();
        let tail = ((sorted.len() + 1) as f64 * (1.0 - self.confidence) / 2.0) as usize;
        let lower = tail.max(1) - 1;
        Some(Interval {
            lower: *sorted.get(lower)?,
            upper: *sorted.get(sorted.len().checked_sub(1 + lower)?)?,
            confidence: self.confidence,
        })
    }
}

/// The median of the distances from the median: half of the values lie closer to it. Nearly half of them may lie anywhere
/// without moving it far (Rousseeuw and Croux, *Alternatives to the Median Absolute Deviation*, J. Am. Stat. Assoc. 88,
/// 1993). Not multiplied by 1.4826, with which it would estimate the standard deviation of a normal distribution.
pub(crate) fn median_absolute_deviation(values: &[f64]) -> f64 {
    let median = Sample::new(values.to_vec()).median(Scale::Raw);
    let distances = values.iter().map(|value| (value - median).abs());
    Sample::new(distances.collect()).median(Scale::Raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 1999 sorted values the 50th and the 1950th: 2.5 % lie beyond either.
    #[test]
    fn percentiles_by_hand() {
        let resampling = Resampling::new(0.95);
        let interval = resampling.percentiles((1..=1999).map(f64::from).collect()).unwrap();
        assert_eq!([interval.lower, interval.upper].map(|limit| limit as u32), [50, 1950]);
    }

    #[test]
    fn the_same_values_have_the_same_interval() {
        let values: Vec<f64> = (0..20).map(|place| f64::from(place * place)).collect();
        let of = |values: &[f64]| Resampling::new(0.95).interval(values, median_absolute_deviation);
        assert_eq!(of(&values), of(&values));
        let interval = of(&values).unwrap();
        let range = median_absolute_deviation(&values);
        assert!(interval.lower < range && range < interval.upper, "{interval:?}");
        assert_eq!(of(&values[..FEWEST - 1]), None);
        let endless = Resampling::new(0.95).ratio([&values, &[1.0; 20]], median_absolute_deviation);
        assert!(endless.unwrap().lower.is_infinite());
        assert_eq!(
            Resampling::new(0.95).ratio([&[1.0; 20], &[1.0; 20]], median_absolute_deviation),
            None
        );
    }

    /// Half of a standard normal lies within 0.6745. Of 600 samples at 95 % fewer than 554 would be 3 standard
    /// errors too few.
    #[test]
    fn intervals_cover_as_often_as_they_say() {
        let mut stream = Stream::new(Purpose::SyntheticData, 3);
        for n in [10, 20, 40] {
            let mut covered = 0;
            for _ in 0..600 {
                let values: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
                let interval = Resampling::new(0.95)
                    .interval(&values, median_absolute_deviation)
                    .unwrap();
                covered += u32::from(interval.lower <= 0.674_489_75 && 0.674_489_75 <= interval.upper);
            }
            assert!(covered >= 554, "{n} values: {covered} of 600");
        }
    }
}
