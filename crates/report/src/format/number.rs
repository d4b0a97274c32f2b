//! Single numbers.

use std::fmt::Display;

/// A learning rate to two significant digits, for prose and figures: `5.5e-4`, `0.42`, `2.1`.
pub fn lr(value: f64) -> String {
    significant(value, 2)
}

/// A learning rate to three significant digits, for tables: `5.46e-4`, `0.422`, `2.05`.
pub fn lr_exact(value: f64) -> String {
    significant(value, 3)
}

/// A learning rate to so many significant digits.
pub fn lr_digits(value: f64, digits: usize) -> String {
    significant(value, digits)
}

/// A loss or a difference of losses to three significant digits: `1.53`, `0.0412`.
pub fn loss(value: f64) -> String {
    significant(value, 3)
}

/// A probability: two digits, and below one in ten thousand no more than that.
pub fn probability(value: f64) -> String {
    if value < 1e-4 {
        "0.0001 or less".to_owned()
    } else if value < 0.01 {
        format!("{value:.4}")
    } else {
        format!("{value:.2}")
    }
}

/// A share of right answers to two decimals, for where there is little room: `0.51`.
pub fn accuracy(value: f64) -> String {
    share(value, 2)
}

/// A share of right answers to three decimals: `0.512`.
pub fn accuracy_exact(value: f64) -> String {
    share(value, 3)
}

fn share(value: f64, decimals: usize) -> String {
    if value.is_finite() {
        format!("{value:.decimals$}")
    } else {
        non_finite(value)
    }
}

/// A distance in decades to one decimal: `1.4`.
pub fn decades(value: f64) -> String {
    if value.is_finite() {
        format!("{value:.1}")
    } else {
        non_finite(value)
    }
}

/// A distance in decades with a direction, to two decimals: `+1.40`, `-0.05`, `0.00`.
pub fn signed_decades(value: f64) -> String {
    if !value.is_finite() {
        return non_finite(value);
    }
    // What rounds to nothing has no direction.
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 {
        "0.00".to_owned()
    } else {
        format!("{rounded:+.2}")
    }
}

/// A share in percent, with one decimal where it is not whole: `90 %`, `95.9 %`.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return non_finite(share);
    }
    format!("{} %", percent_number(share))
}

/// Two quantiles in percent: `10–90 %`.
pub fn percent_range([low, high]: [f64; 2]) -> String {
    format!("{}–{} %", percent_number(low), percent_number(high))
}

/// Two learning rates to two significant digits: `2.0e-4 – 1.0e-3`.
pub fn lr_range(low: f64, high: f64) -> String {
    format!("{} – {}", lr(low), lr(high))
}

/// Two learning rates to two significant digits, to three where two do not tell them apart.
pub fn distinct(low: f64, high: f64) -> (String, String) {
    let short = (lr(low), lr(high));
    if short.0 == short.1 {
        (lr_exact(low), lr_exact(high))
    } else {
        short
    }
}

/// The ends of an interval of learning rates to two significant digits, rounded inward so that what is said of all of it
/// stays true; to three or more where two leave nothing of it.
pub fn interval_within(low: f64, high: f64) -> (String, String) {
    let rounded = (2..=MOST_DIGITS).find_map(|digits| {
        let (inner_low, inner_high) = (toward(low, digits, 1.0), toward(high, digits, -1.0));
        (inner_low < inner_high).then(|| (significant(inner_low, digits), significant(inner_high, digits)))
    });
    rounded.unwrap_or_else(|| (significant(low, 3), significant(high, 3)))
}

/// Significant digits that tell apart what is no rounding.
const MOST_DIGITS: usize = 8;

/// A number of so many digits, rounded up for a direction of 1 and down for one of -1. What differs from such a number by
/// rounding alone is it.
fn toward(value: f64, digits: usize, direction: f64) -> f64 {
    const ROUNDING: f64 = 1e-9;
    let rounded = |value: f64| format!("{value:.*e}", digits - 1).parse().unwrap_or(value);
    let nearest: f64 = rounded(value);
    if (nearest - value) * direction >= -ROUNDING * value.abs() {
        return nearest;
    }
    // Half a unit of the last digit farther out lies nearer to the next number.
    rounded(value + direction * 0.5 * 10_f64.powf(value.abs().log10().floor() + 1.0 - digits as f64))
}

/// A time to its largest two units: `4.2 s`, `3 min 20 s`, `2 h 5 min`.
pub fn seconds(value: f64) -> String {
    if !value.is_finite() || value < 0.0 {
        return non_finite(f64::NAN);
    }
    if value < 59.95 {
        return format!("{value:.1} s");
    }
    minutes(value.round() as u64)
}

/// The same without tenths of a second, for times that are expected or change while they are shown: `under 1 s`, `8 s`,
/// `3 min 20 s`. What is below 0 is shown as 0.
pub fn whole_seconds(value: f64) -> String {
    match value.max(0.0).round() as u64 {
        0 if value > 0.0 => "under 1 s".to_owned(),
        whole @ 0..60 => format!("{whole} s"),
        whole => minutes(whole),
    }
}

/// At least a minute to its largest two units.
fn minutes(seconds: u64) -> String {
    if seconds < 3600 {
        format!("{} min {} s", seconds / 60, seconds % 60)
    } else {
        format!("{} h {} min", seconds / 3600, seconds % 3600 / 60)
    }
}

/// A count with its noun: `1 seed`, `20 seeds`.
pub fn count<N: Copy + Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    let plural = if number == N::from(1) { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A power of ten with a raised exponent: `10⁻⁷`.
pub fn power_of_ten(exponent: i32) -> String {
    let raised = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        // The other raised digits stand in order of their values.
        digit => char::from_u32(0x2070 + (digit as u32 - '0' as u32)).unwrap_or(digit),
    };
    format!("10{}", exponent.to_string().chars().map(raised).collect::<String>())
}

fn percent_number(share: f64) -> String {
    let percent = (share * 1000.0).round() / 10.0;
    if percent.fract() == 0.0 {
        format!("{percent:.0}")
    } else {
        format!("{percent:.1}")
    }
}

/// Decimal notation from 0.01 up to 1000, as people write such rates; scientific outside.
fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return non_finite(value);
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    // Rounding can carry into the next power of ten, so the exponent is read off the rounded text.
    let scientific = format!("{value:.*e}", digits - 1);
    let exponent: i32 = scientific
        .rsplit('e')
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if (-2..3).contains(&exponent) {
        let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
        let rounded: f64 = scientific.parse().unwrap_or(value);
        return format!("{rounded:.decimals$}");
    }
    scientific
}

fn non_finite(value: f64) -> String {
    match value {
        f64::INFINITY => "∞",
        f64::NEG_INFINITY => "-∞",
        _ => "–",
    }
    .to_owned()
}

/// The text with its first letter as a capital.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.collect::<String>() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_have_a_direction() {
        for (value, shown) in [
            (1.4, "+1.40"),
            (-0.046, "-0.05"),
            (-0.001, "0.00"),
            (0.0, "0.00"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(signed_decades(value), shown);
        }
    }

    #[test]
    fn significant_digits() {
        for (value, two, three) in [
            (5.464e-4, "5.5e-4", "5.46e-4"),
            (0.4219, "0.42", "0.422"),
            (2.05, "2.0", "2.05"),
            (2.051, "2.1", "2.05"),
            (0.1, "0.10", "0.100"),
            (0.01, "0.010", "0.0100"),
            (0.009_99, "0.010", "9.99e-3"),
            (0.009_94, "9.9e-3", "9.94e-3"),
            (1e-7, "1.0e-7", "1.00e-7"),
            (12.34, "12", "12.3"),
            (99.96, "100", "100"),
            (123.4, "120", "123"),
            (1234.0, "1.2e3", "1.23e3"),
            (-3.0, "-3.0", "-3.00"),
            (0.0, "0", "0"),
            (f64::INFINITY, "∞", "∞"),
            (f64::NEG_INFINITY, "-∞", "-∞"),
            (f64::NAN, "–", "–"),
        ] {
            assert_eq!((lr(value).as_str(), lr_exact(value).as_str()), (two, three), "{value}");
        }
    }

    #[test]
    fn intervals_are_rounded_inward() {
        for (low, high, shown) in [
            (0.0188, 0.0967, ("0.019", "0.096")),
            (0.0182, 0.0961, ("0.019", "0.096")),
            (0.02, 0.1, ("0.020", "0.10")),
            (0.02_f64.next_down(), 0.1_f64.next_up(), ("0.020", "0.10")),
            (0.0999, 9.99, ("0.10", "9.9")),
            (0.0121, 0.0129, ("0.0121", "0.0129")),
            (1.2e-5, 1.29e-4, ("1.2e-5", "1.2e-4")),
            (0.05, 0.05, ("0.0500", "0.0500")),
            (f64::NAN, 1.0, ("–", "1.00")),
        ] {
            let (min, max) = interval_within(low, high);
            assert_eq!((min.as_str(), max.as_str()), shown, "{low} {high}");
        }
        assert_eq!(distinct(0.0121, 0.0124), ("0.0121".into(), "0.0124".into()));
    }

    #[test]
    fn shares() {
        assert_eq!((loss(1.5349), loss(f64::INFINITY)), ("1.53".into(), "∞".into()));
        assert_eq!(percent(0.9), "90 %");
        assert_eq!(percent(0.958_61), "95.9 %");
        assert_eq!(percent(f64::NAN), "–");
        assert_eq!(
            (accuracy(0.5124), accuracy_exact(0.5124)),
            ("0.51".into(), "0.512".into())
        );
        assert_eq!(accuracy_exact(f64::NAN), "–");
        assert_eq!(percent_range([0.1, 0.9]), "10–90 %");
        assert_eq!(percent_range([0.025, 0.975]), "2.5–97.5 %");
    }

    #[test]
    fn times_and_counts() {
        for (value, text) in [
            (4.21, "4.2 s"),
            (59.96, "1 min 0 s"),
            (200.4, "3 min 20 s"),
            (7500.0, "2 h 5 min"),
            (-1.0, "–"),
        ] {
            assert_eq!(seconds(value), text);
        }
        let whole: Vec<String> = [-3.0, 0.0, 0.2, 8.4, 61.0, 7500.0].map(whole_seconds).to_vec();
        assert_eq!(whole, ["0 s", "0 s", "under 1 s", "8 s", "1 min 1 s", "2 h 5 min"]);
        assert_eq!(count(1, "seed"), "1 seed");
        assert_eq!(count(0, "seed"), "0 seeds");
        assert_eq!(decades(1.36), "1.4");
    }

    #[test]
    fn raised_exponents() {
        assert_eq!(power_of_ten(-7), "10⁻⁷");
        assert_eq!(power_of_ten(12), "10¹²");
        assert_eq!(power_of_ten(3), "10³");
        assert_eq!(power_of_ten(0), "10⁰");
        assert_eq!(power_of_ten(-40), "10⁻⁴⁰");
    }
}
