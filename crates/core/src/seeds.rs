//! Random streams from a seed.
//!
//! A trial draws from three streams that do not touch each other: initial weights, batch order, augmentation. Each
//! derives from the seed and the stream's name alone, so the same seed means the same streams in every config, and
//! configs can be compared seed by seed.
//!
//! The generator is ChaCha with 8 rounds (Bernstein 2008, crate `rand_chacha` 0.10), keyed with SHA-256 of
//! `seedband/1/<stream>/<seed>`. The maps from its 32-bit words to floats and indices are written out here, because a
//! library may change them between versions and a seed has to give the same numbers for good.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use std::f64::consts::TAU;

/// Which of a trial's random choices a stream feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights of every layer, in the model's parameter order.
    Weights,
    /// Initial weights of a training that does not start from those of its range test, in the same order.
    OtherWeights,
    /// The order in which training images are drawn, epoch after epoch.
    Order,
    /// Crops, shifts and flips.
    Augmentation,
    /// Pixels and labels of the built-in synthetic images; keyed with the data set's own seed, never with a trial's.
    SyntheticData,
    /// Pixels of the built-in synthetic validation images; keyed as the training images are.
    SyntheticValidation,
    /// Which validation images are looked at; keyed with 0, so that all trials look at the same.
    ValidationSample,
    /// Which seeds are drawn again for an interval by resampling; keyed with 0, so that the same values have the same
    /// interval.
    Resampling,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::OtherWeights => "other-weights",
            Self::Order => "order",
            Self::Augmentation => "augmentation",
            Self::SyntheticData => "synthetic-data",
            Self::SyntheticValidation => "synthetic-validation",
            Self::ValidationSample => "validation-sample",
            Self::Resampling => "resampling",
        }
    }
}

/// A stream of random numbers that depends on nothing but its purpose and seed.
#[derive(Debug, Clone)]
pub struct Stream {
    words: ChaCha8Rng,
    spare_normal: Option<f64>,
}

impl Stream {
    /// The stream of `purpose` for `seed`.
    pub fn new(purpose: Purpose, seed: u64) -> Self {
        let key = Sha256::digest(format!("seedband/1/{}/{seed}", purpose.name()));
        Self {
            words: ChaCha8Rng::from_seed(key.into()),
            spare_normal: None,
        }
    }

    /// 32 random bits.
    pub fn bits(&mut self) -> u32 {
        self.words.next_u32()
    }

    /// Uniform in [0, 1), a multiple of 2^-24, so exact in float32.
    pub fn unit_f32(&mut self) -> f32 {
        (self.bits() >> 8) as f32 / (1_u32 << 24) as f32
    }

    /// Uniform in [0, 1), a multiple of 2^-53.
    pub fn unit_f64(&mut self) -> f64 {
        (self.words.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal by the Box-Muller transform (Box and Muller 1958); values come in pairs, the second is kept for
    /// the next call.
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        // 1 - u lies in (0, 1], so the logarithm is finite.
        let radius = (-2.0 * (1.0 - self.unit_f64()).ln()).sqrt();
        let (sin, cos) = (TAU * self.unit_f64()).sin_cos();
        self.spare_normal = Some(radius * sin);
        radius * cos
    }

    /// Uniform in 0..`bound` without bias (Lemire 2019, "Fast random integer generation in an interval"); 0 for a bound
    /// of 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        if bound == 0 {
            return 0;
        }
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let product = u64::from(self.bits()) * u64::from(bound);
            if product as u32 >= threshold {
                return (product >> 32) as u32;
            }
        }
    }

    /// A uniform permutation of 0..`n` (Fisher-Yates from the end).
    pub fn permutation(&mut self, n: u32) -> Vec<u32> {
        let mut order: Vec<u32> = (0..n).collect();
        for last in (1..n).rev() {
            let other = self.below(last + 1);
            order.swap(last as usize, other as usize);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_purpose_and_seed_only() {
        let draw = |purpose, seed| Stream::new(purpose, seed).bits();
        assert_eq!(draw(Purpose::Weights, 7), draw(Purpose::Weights, 7));
        assert_ne!(draw(Purpose::Weights, 7), draw(Purpose::Weights, 8));
        assert_ne!(draw(Purpose::Weights, 7), draw(Purpose::Order, 7));
    }

    /// The first words of a stream must never change: every published result rests on them. The expected values were
    /// computed apart from this crate, by a ChaCha8 written in Python over the same SHA-256 key.
    #[test]
    fn first_words_are_fixed() {
        let mut stream = Stream::new(Purpose::Weights, 0);
        let words: Vec<u32> = (0..4).map(|_| stream.bits()).collect();
        assert_eq!(words, [982_197_469, 13_093_252, 3_524_723_266, 2_293_455_179]);
    }

    #[test]
    fn permutation_holds_every_index_once() {
        let mut order = Stream::new(Purpose::Order, 3).permutation(1000);
        assert_ne!(order, (0..1000).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..1000).collect::<Vec<_>>());
        assert!(Stream::new(Purpose::Order, 3).permutation(0).is_empty());
    }

    #[test]
    fn moments_are_those_of_the_named_distributions() {
        let mut stream = Stream::new(Purpose::Augmentation, 11);
        let n = 200_000;
        let uniform: f64 = (0..n).map(|_| f64::from(stream.unit_f32())).sum::<f64>() / f64::from(n);
        // The standard error of the mean is 0.29 / sqrt(200000) = 0.00065; six of them.
        assert!((uniform - 0.5).abs() < 0.004, "{uniform}");
        let normal: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let mean = normal.iter().sum::<f64>() / f64::from(n);
        let variance = normal.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n);
        assert!(mean.abs() < 0.014, "{mean}");
        assert!((variance - 1.0).abs() < 0.02, "{variance}");
        let counts = (0..60_000).fold([0_u32; 6], |mut counts, _| {
            counts[stream.below(6) as usize] += 1;
            counts
        });
        // Each count is binomial with mean 10000 and standard deviation 91.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 550), "{counts:?}");
    }
}
