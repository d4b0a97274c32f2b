//! Quantiles of a sample: Hyndman-Fan type 7, equal to NumPy's to the last bit, over extended reals.

use seedband_core::settings::{LrSpace, Statistics};
use seedband_core::summary::Quantiles;

/// The space in which a quantile between two values is interpolated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The values as they are.
    Raw,
    /// Their log10; the result is carried back. A quantile that falls on a single value is that value exactly. Values
    /// are 0 or more.
    Log10,
}

impl From<LrSpace> for Scale {
    fn from(space: LrSpace) -> Self {
        match space {
            LrSpace::Log10 => Self::Log10,
            LrSpace::Raw => Self::Raw,
        }
    }
}

/// Values in ascending order, NaN last.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// A sample of these values, in any order.
    pub fn new(values: Vec<f64>) -> Self {
        // Integers are sorted in a quarter of the time.
        let mut keys: Vec<i64> = values.into_iter().map(key).collect();
        keys.sort_unstable();
        Self(keys.into_iter().map(value).collect())
    }

    /// The values in ascending order, NaN last.
    pub fn sorted(&self) -> &[f64] {
        &self.0
    }

    /// The quantile `q`, from 0 to 1, of all values. NaN for an empty sample and for one that holds a NaN.
    ///
    /// Type 7 of Hyndman and Fan, *Sample Quantiles in Statistical Packages* (1996): with `h = (n - 1) q` and `x`
    /// counted from 0 the value lies between `x[floor(h)]` and `x[floor(h) + 1]`, at the fraction `h - floor(h)`. For
    /// finite values whose differences are finite the bits are those of `numpy.quantile(method="linear")` of NumPy
    /// 2.4.6, but for the sign of zero. Where NumPy subtracts infinity from infinity (NaN) the order decides instead:
    /// equal neighbours are that value, and any fraction above 0 of the way to infinity is infinity.
    pub fn quantile(&self, q: f64, scale: Scale) -> f64 {
        let Some((&last, below)) = self.0.split_last() else {
            return f64::NAN;
        };
        if last.is_nan() {
            return f64::NAN;
        }
        let virtual_index = below.len() as f64 * q.clamp(0.0, 1.0);
        let at = virtual_index.floor();
        match (below.get(at as usize), self.0.get(at as usize + 1)) {
            (Some(&lower), Some(&upper)) => between(lower, upper, virtual_index - at, scale),
            _ => last,
        }
    }

    /// The median: the middle value, or the mean of the two middle ones. NaN as for [`Sample::quantile`].
    ///
    /// `numpy.median` of NumPy 2.4.6 to the last bit in raw space, which may differ from the quantile 0.5 there. If
    /// either of two middle values is infinite, so is the median.
    pub fn median(&self, scale: Scale) -> f64 {
        let middle = self.0.len() / 2;
        match self.0.last() {
            None => f64::NAN,
            Some(last) if last.is_nan() => f64::NAN,
            Some(_) if self.0.len() % 2 == 1 => self.0[middle],
            Some(_) => match (self.0[middle - 1], self.0[middle]) {
                (lower, upper) if scale == Scale::Raw && lower.is_finite() && upper.is_finite() => {
                    f64::midpoint(lower, upper)
                }
                (lower, upper) => between(lower, upper, 0.5, scale),
            },
        }
    }
}

/// An integer that is ordered as the value is by [`f64::total_cmp`], but that every NaN comes last.
fn key(value: f64) -> i64 {
    // The total order places a NaN with its sign bit set before everything else.
    let bits = if value.is_nan() { f64::NAN } else { value }.to_bits();
    turned(bits as i64)
}

/// The value of a key.
fn value(key: i64) -> f64 {
    f64::from_bits(turned(key) as u64)
}

/// Turns all bits but the sign of a negative number, of which the larger is the smaller value.
fn turned(bits: i64) -> i64 {
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// The value at `fraction`, from 0 to below 1, of the way from `lower` to `upper`.
///
/// Any fraction above 0 of the way to infinity is infinity, any of the way from minus infinity to a finite value minus
/// infinity.
fn between(lower: f64, upper: f64, fraction: f64, scale: Scale) -> f64 {
    // Equality of floats is meant: between equal neighbours nothing is to be rounded.
    #[expect(clippy::float_cmp, reason = "equal neighbours are exact")]
    if fraction == 0.0 || lower == upper {
        return lower;
    }
    match scale {
        _ if upper.is_infinite() => upper,
        _ if lower.is_infinite() => lower,
        Scale::Raw => lerp(lower, upper, fraction),
        Scale::Log10 if lower <= 0.0 => lower,
        Scale::Log10 => 10_f64.powf(lerp(lower.log10(), upper.log10(), fraction)),
    }
}

/// `_lerp` of NumPy 2.4.6 (`numpy/lib/_function_base_impl.py`): from the nearer end, so that both ends are met exactly.
fn lerp(lower: f64, upper: f64, fraction: f64) -> f64 {
    let distance = upper - lower;
    // Fused multiplication and addition would round once where NumPy rounds twice.
    if fraction >= 0.5 {
        upper - distance * (1.0 - fraction)
    } else {
        lower + distance * fraction
    }
}

/// Quantiles of some values in raw space; none of none.
pub(crate) fn quantiles(values: impl Iterator<Item = f64>, statistics: &Statistics) -> Option<Quantiles> {
    let values: Vec<f64> = values.collect();
    let [low, high] = statistics.quantiles;
    (!values.is_empty()).then(|| {
        let sample = Sample::new(values);
        Quantiles {
            median: sample.median(Scale::Raw),
            lower: sample.quantile(low, Scale::Raw),
            upper: sample.quantile(high, Scale::Raw),
        }
    })
}

#[cfg(test)]
mod tests;
