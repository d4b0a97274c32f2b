//! How suggested learning rates grow with the batch size, in words.

use crate::format;
use seedband_core::summary::{Exponent, LocalSlope, Scaling, ScalingSummary, Summary};

/// What the page explains where there is a sweep.
pub(crate) const DEFINITION: (&str, &str) = (
    "power of the batch size",
    "of each seed with a value measured at every size (no reversed range, none cut off by the schedule), the slope of log \
     learning rate on log batch size by least squares; then the median over the seeds with its interval. Where the slope \
     between two neighbouring sizes is told apart from that of the seed's line (sign test, corrected by Holm's method), one \
     power does not fit, and the slopes between neighbouring sizes are given instead. The fit and both rules go through the middle of the sizes. The \
     linear rule is that of Krizhevsky (2014) and Goyal et al. (2017), the square-root rule that of Krizhevsky (2014) \
     and Hoffer et al. (2017)",
);

/// The min LR and the max LR of a sweep as powers of the batch size, beside the two rules.
pub(crate) fn finding(summary: &Summary, scaling: &ScalingSummary) -> String {
    let shared: Vec<String> = scaling
        .shared
        .iter()
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    let among = match (summary.scalings.len(), shared.join(", ")) {
        (0 | 1, _) => String::new(),
        (_, shared) if shared.is_empty() => String::new(),
        (_, shared) => format!("With {shared}: "),
    };
    let sizes: Vec<String> = scaling.batch_sizes.iter().map(ToString::to_string).collect();
    let steps = if scaling.steps_differ {
        "; the number of steps differs with it, which may move a suggestion too"
    } else {
        ""
    };
    let rates = match (&scaling.max_lr.exponent, &scaling.min_lr.exponent) {
        (None, None) => {
            let sizes = sizes.join(", ");
            let left_out = left_out(&scaling.max_lr, ", ");
            let left_out = if left_out.is_empty() {
                left_out
            } else {
                format!(": {left_out}")
            };
            return format!(
                "{among}No seed is left with a min LR or a max LR at every batch size ({sizes}){left_out}."
            );
        }
        (Some(_), None) => format!(
            "{}; no seed has a min LR at every size",
            rate("max LR", &scaling.max_lr)
        ),
        (None, Some(_)) => format!(
            "{}; no seed has a max LR at every size",
            rate("min LR", &scaling.min_lr)
        ),
        (Some(_), Some(_)) => {
            let [max, min] = [rate("max LR", &scaling.max_lr), rate("min LR", &scaling.min_lr)];
            format!("{max}, the {min}")
        }
    };
    format!(
        "{among}From batch size {} the {rates}; the linear rule says 1, the square-root rule 0.5{steps}.",
        sizes.join(" to ")
    )
}

/// `max LR grows as batch size to the power 0.60 (0.40 to 0.90 at 95.9 %, 20 seeds)`; where one power does not fit, from
/// size to size.
fn rate(name: &str, scaling: &Scaling) -> String {
    let seeds = seeds(scaling);
    if scaling.is_straight == Some(false) {
        let slopes: Vec<String> = scaling.local.iter().map(local).collect();
        return format!(
            "{name} follows no single power of the batch size: {} ({seeds})",
            slopes.join(", ")
        );
    }
    let Some(exponent) = &scaling.exponent else {
        return format!("{name} has no value");
    };
    let interval = match exponent.interval {
        Some(interval) => format!(
            "{} to {} at {} confidence, {seeds}",
            power(interval.lower),
            power(interval.upper),
            format::percent(interval.confidence)
        ),
        None => format!("{seeds}, too few for an interval"),
    };
    let holds_zero = exponent.interval.is_none_or(|interval| interval.holds(0.0));
    let goes = match (holds_zero, exponent.median < 0.0) {
        (true, _) => "goes",
        (false, true) => "falls",
        (false, false) => "grows",
    };
    format!(
        "{name} {goes} as batch size to the power {} ({interval})",
        power(exponent.median)
    )
}

/// `6.70 (5.90 to 7.20) from 32 to 128`.
fn local(slope: &LocalSlope) -> String {
    let interval = slope.interval.map_or_else(String::new, |interval| {
        format!(" ({} to {})", power(interval.lower), power(interval.upper))
    });
    format!(
        "power {}{interval} from {} to {}",
        power(slope.median),
        slope.from,
        slope.to
    )
}

/// How many seeds there are, and how many are left out for what reason.
fn seeds(scaling: &Scaling) -> String {
    let seeds = format::count(scaling.n, "seed");
    match left_out(scaling, ", without ") {
        reasons if reasons.is_empty() => seeds,
        reasons => format!("{seeds}, without {reasons}"),
    }
}

/// `2 reversed at a size, 1 cut off by the schedule`; empty where no seed is left out.
fn left_out(scaling: &Scaling, between: &str) -> String {
    let reasons = [
        (scaling.reversed, "reversed at a size"),
        (scaling.bounds, "cut off by the schedule"),
    ];
    let counted = reasons.into_iter().filter(|(count, _)| *count > 0);
    counted
        .map(|(count, why)| format!("{count} {why}"))
        .collect::<Vec<_>>()
        .join(between)
}

/// The exponent, unless one power does not fit.
pub(crate) fn one_power(scaling: &Scaling) -> Option<&Exponent> {
    scaling.exponent.as_ref().filter(|_| scaling.is_straight != Some(false))
}

/// What stands above the plot of min LR or max LR.
pub(crate) fn plot_title(name: &str, scaling: &Scaling) -> String {
    let Some(exponent) = &scaling.exponent else {
        return format!("learning rate, {name}: no seed has it at every size");
    };
    if one_power(scaling).is_none() {
        return format!("learning rate, {name}: no single power");
    }
    let interval = exponent.interval.map_or_else(String::new, |interval| {
        format!(" ({} to {})", power(interval.lower), power(interval.upper))
    });
    format!("learning rate, {name}: power {}{interval}", power(exponent.median))
}

/// An exponent to two decimals; none of them negative zero.
pub(crate) fn power(exponent: f64) -> String {
    format!("{:.2}", (exponent * 100.0).round() / 100.0 + 0.0)
}

/// The learning rate of the fit at a batch size, from that in the middle of the sizes.
pub(crate) fn at(exponent: &Exponent, power: f64, sizes: &[u32], size: f64) -> f64 {
    let middle = sizes.iter().map(|size| f64::from(*size).ln()).sum::<f64>() / sizes.len().max(1) as f64;
    exponent.middle * ((size.ln() - middle) * power).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn exponents_in_a_sentence() {
        let mut summary = example::sweep();
        let mut sweep = summary.scalings[0].clone();
        let said = |sweep: &ScalingSummary, summary: &Summary| finding(summary, sweep);
        assert_eq!(
            said(&sweep, &summary),
            "From batch size 32 to 128 to 512 the max LR grows as batch size to the power 0.60 (0.40 to 0.90 at 95.9 % \
             confidence, 20 seeds), the min LR goes as batch size to the power -0.10 (20 seeds, too few for an \
             interval); the linear rule says 1, the square-root rule 0.5."
        );
        sweep.steps_differ = true;
        sweep.min_lr.exponent = None;
        let text = said(&sweep, &summary);
        assert!(
            text.contains("20 seeds); no seed has a min LR at every size; the linear rule"),
            "{text}"
        );
        assert!(
            text.ends_with("0.5; the number of steps differs with it, which may move a suggestion too."),
            "{text}"
        );
        summary.scalings.push(sweep.clone());
        assert!(said(&sweep, &summary).starts_with("With optimizer.momentum = 0.9: From batch size 32"));
        sweep.max_lr.exponent = None;
        assert!(
            said(&sweep, &summary)
                .ends_with("No seed is left with a min LR or a max LR at every batch size (32, 128, 512).")
        );
    }

    #[test]
    fn a_bent_line_has_its_slopes_from_size_to_size() {
        let mut summary = example::sweep();
        let max_lr = &mut summary.scalings[0].max_lr;
        (max_lr.n, max_lr.reversed, max_lr.bounds, max_lr.is_straight) = (17, 2, 1, Some(false));
        let text = finding(&summary, &summary.scalings[0]);
        assert!(
            text.starts_with(
                "From batch size 32 to 128 to 512 the max LR follows no single power of the batch size: power 1.10 (1.00 to \
                 1.20) from 32 to 128, power 0.10 from 128 to 512 (17 seeds, without 2 reversed at a size, without 1 cut \
                 off by the schedule), the min LR goes"
            ),
            "{text}"
        );
        assert_eq!(
            plot_title("max LR", &summary.scalings[0].max_lr),
            "learning rate, max LR: no single power"
        );
    }

    #[test]
    fn the_fit_goes_through_the_middle() {
        let exponent = Exponent {
            median: 0.5,
            lower: 0.0,
            upper: 1.0,
            interval: None,
            middle: 0.2,
        };
        // The middle of 10 and 1000 is 100; ten times that at a half power is the root of ten.
        for (size, lr) in [(100.0, 0.2), (1000.0, 0.2 * 10_f64.sqrt()), (10.0, 0.2 / 10_f64.sqrt())] {
            assert!(
                (at(&exponent, 0.5, &[10, 1000], size) / lr - 1.0).abs() < 1e-14,
                "{size}"
            );
        }
        assert_eq!(power(-0.001), "0.00");
    }
}
