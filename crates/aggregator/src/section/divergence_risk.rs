//! The share of seeds that have diverged by each learning rate: survival over learning rates in place of time.

use crate::stats::{Ends, Followed, Survival, clopper_pearson};
use seedband_core::settings::Statistics;
use seedband_core::summary::{DivergenceRisk, LargestLr, RiskStep};

/// Rounding that a product with the accepted share may have when it ought to be whole.
const ROUNDING: f64 = 1e-9;

/// Estimates the share that has diverged at each planned learning rate; `lrs` are the rates that each step was trained
/// with, never descending.
///
/// The estimate is the product-limit estimate of Kaplan and Meier (J. Am. Stat. Assoc. 53, 1958): of those still
/// followed at a rate, the share that does not diverge there, multiplied over the rates. A seed whose curve ends
/// without a divergence is followed at the rate of its last step and at no larger one. As long as no curve has ended
/// so, the estimate is the plain share of the seeds, and its interval the exact one of Clopper and Pearson. After that
/// it is Greenwood's variance on the scale of log(-log), as in Kalbfleisch and Prentice (The Statistical Analysis of
/// Failure Time Data, 2nd ed., 1.4) and Klein and Moeschberger (Survival Analysis, 2nd ed., 4.3); R's `survival` calls
/// it `log-log`. That scale says nothing about a share of 0 or 1: at 0 the exact interval of the seeds still followed
/// stands in, and at 1 the lower limit found before, which can only be too low. Intervals are pointwise, at
/// `statistics.confidence`.
pub fn divergence_risk(followed: &[Followed], lrs: &[f64], statistics: &Statistics) -> DivergenceRisk {
    let ends = Ends::new(followed, lrs.len());
    let mut survival = Survival::new(followed.len() as u32, statistics.confidence);
    let mut summary = DivergenceRisk {
        n: followed.len() as u32,
        censored: followed.iter().filter(|seed| seed.is_censored(lrs.len())).count() as u32,
        steps: Vec::new(),
        until: None,
        accepted: statistics.risk,
        largest: largest(followed, lrs, statistics),
    };
    let (mut start, mut left) = (0, 0);
    let mut current: Option<RiskStep> = None;
    // Steps of one learning rate are one point of the axis.
    for steps in lrs.chunk_by(|a, b| a.total_cmp(b).is_eq()) {
        let span = start..start + steps.len();
        start = span.end;
        if survival.at_risk() == 0 {
            break;
        }
        let lr = steps[0];
        let diverged = ends.diverged_at(&span);
        if current.is_none() || diverged > 0 || left > 0 {
            let step = survival.step(lr, diverged, current);
            summary.steps.push(step);
            current = Some(step);
        }
        summary.until = Some(lr);
        left = ends.left_at(&span);
        survival.leave(left);
    }
    if summary.steps.last().is_some_and(|last| last.share >= 1.0) {
        summary.until = lrs.last().copied();
    }
    summary
}

/// See [`LargestLr`]. A seed whose curve ended without a divergence counts as if it diverged at the next rate.
fn largest(followed: &[Followed], lrs: &[f64], statistics: &Statistics) -> Option<LargestLr> {
    let n = followed.len();
    let place = (statistics.risk * (n as f64 + 1.0) + ROUNDING).floor().min(n as f64) as usize;
    let mut failures: Vec<usize> = followed.iter().map(Followed::fails_at).collect();
    failures.sort_unstable();
    let failure = lrs.get(*failures.get(place.checked_sub(1)?)?).or(lrs.last())?;
    let lr = *lrs[..lrs.partition_point(|lr| lr < failure)].last()?;
    let diverged = |seed: &&Followed| seed.diverged && lrs.get(seed.last).is_some_and(|at| *at <= lr);
    // The chance of fewer than `place` of n, at the share in question, is what remains beside the confidence.
    let (_, upper) = clopper_pearson(place as u32 - 1, n as u32, 2.0 * statistics.confidence - 1.0);
    Some(LargestLr {
        lr,
        diverged: followed.iter().filter(diverged).count() as u32,
        expected: place as f64 / (n as f64 + 1.0),
        upper,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diverged(last: usize) -> Followed {
        Followed { last, diverged: true }
    }

    fn ended(last: usize) -> Followed {
        Followed { last, diverged: false }
    }

    fn of(followed: &[Followed], lrs: &[f64]) -> DivergenceRisk {
        divergence_risk(followed, lrs, &Statistics::default())
    }

    /// Rates, seeds diverged so far, at risk, shares.
    fn table(risk: &DivergenceRisk) -> Vec<(f64, u32, u32, f64)> {
        let row = |step: &RiskStep| (step.lr, step.diverged, step.at_risk, step.share);
        risk.steps.iter().map(row).collect()
    }

    const LRS: [f64; 6] = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2];

    /// Twenty seeds: one diverges at 0.4, three at 1.6, the others hold. The second to diverge does at 1.6, so the rate
    /// named is 0.8; a new seed diverges at it or before with a mean chance of 2/21, and at most 0.2161 (scipy 1.16,
    /// `beta.ppf(0.95, 2, 19)`).
    #[test]
    fn without_early_ends_it_is_the_plain_share() {
        let mut followed = vec![diverged(2), diverged(4), diverged(4), diverged(4)];
        followed.extend([ended(5); 16]);
        let risk = of(&followed, &LRS);
        assert_eq!(table(&risk), [(0.1, 0, 20, 0.0), (0.4, 1, 20, 0.05), (1.6, 4, 19, 0.2)]);
        for step in &risk.steps {
            let exact = clopper_pearson(step.diverged, 20, 0.95);
            assert_eq!((step.lower, step.upper), exact);
        }
        let largest = risk.largest.unwrap();
        assert_eq!((largest.lr, largest.diverged), (0.8, 1));
        assert!((largest.expected - 2.0 / 21.0).abs() < 1e-15);
        assert!(
            (largest.upper - 0.216_106_164_206_847_3).abs() < 1e-12,
            "{}",
            largest.upper
        );
        assert_eq!((risk.n, risk.censored, risk.until), (20, 0, Some(3.2)));
    }

    /// Ten seeds. At 0.2 one diverges and two are cut, so seven go on; at 0.8 two of them diverge, one is cut, four go
    /// on. The others hold. 1 - S: 1/10, then 1 - 9/10 5/7 = 25/70.
    #[test]
    fn a_table_with_ties_and_early_ends() {
        let mut followed = vec![diverged(1), ended(1), ended(1), diverged(3), diverged(3), ended(3)];
        followed.extend([ended(5); 4]);
        let risk = of(&followed, &LRS);
        let rows = table(&risk);
        let marks: Vec<(f64, u32, u32)> = rows.iter().map(|row| (row.0, row.1, row.2)).collect();
        assert_eq!(
            marks,
            [(0.1, 0, 10), (0.2, 1, 10), (0.4, 1, 7), (0.8, 3, 7), (1.6, 3, 4)]
        );
        for (row, share) in rows.iter().zip([0.0, 0.1, 0.1, 25.0 / 70.0, 25.0 / 70.0]) {
            // A product and a sum away from the fraction.
            assert!((row.3 - share).abs() < 1e-15, "{row:?} {share}");
        }
        // Greenwood: 1/(10 9) + 2/(7 5).
        let (survival, variance) = (45.0 / 70.0_f64, 1.0 / 90.0 + 2.0 / 35.0_f64);
        let width = (1.959_963_984_540_054 * variance.sqrt() / survival.ln().abs()).exp();
        let (lower, upper) = (1.0 - survival.powf(1.0 / width), 1.0 - survival.powf(width));
        assert!((risk.steps[3].lower - lower).abs() < 1e-14, "{}", risk.steps[3].lower);
        assert!((risk.steps[3].upper - upper).abs() < 1e-14, "{}", risk.steps[3].upper);
        assert_eq!((risk.censored, risk.largest.map(|largest| largest.lr)), (3, Some(0.1)));
    }

    #[test]
    fn nobody_left_says_nothing_more() {
        // Both are cut at 0.4 without a divergence: no larger rate is known, whatever the share so far.
        let risk = of(&[ended(2), ended(2)], &LRS);
        assert_eq!(table(&risk), [(0.1, 0, 2, 0.0)]);
        assert_eq!((risk.until, risk.largest), (Some(0.4), None));
        // One is cut, so the interval is that of one seed from there on; it diverges, and all that is known is that.
        let risk = of(&[ended(0), diverged(3)], &LRS);
        assert_eq!(table(&risk), [(0.1, 0, 2, 0.0), (0.2, 0, 1, 0.0), (0.8, 1, 1, 1.0)]);
        assert_eq!((risk.steps[1].lower, risk.steps[1].upper), clopper_pearson(0, 1, 0.95));
        assert_eq!((risk.steps[2].lower, risk.steps[2].upper), (0.0, 1.0));
        assert_eq!((risk.until, risk.largest), (Some(3.2), None));
        let nothing = of(&[], &LRS);
        assert_eq!((nothing.n, nothing.steps.len(), nothing.largest), (0, 0, None));
    }

    /// With a lag the first two steps are filed under one rate, and both divergences under it.
    #[test]
    fn steps_of_one_rate_are_one_point() {
        let risk = of(&[diverged(0), diverged(1), ended(3)], &[0.1, 0.1, 0.2, 0.4]);
        assert_eq!(table(&risk), [(0.1, 2, 3, 2.0 / 3.0)]);
        assert_eq!(risk.largest, None, "more than a tenth at the first rate");
    }

    /// Nine seeds diverge at 0.2, 0.4, …, and of as many as there are the first is passed by a new seed once in ten
    /// times. With fewer seeds no rate keeps that share; with 19 the second one does.
    #[test]
    fn the_rate_named_lies_below_the_first_of_nine_seeds() {
        let seeds = |n: usize| -> Vec<Followed> { (0..n).map(|seed| diverged(1 + seed.min(4))).collect() };
        let named = |n: usize| {
            of(&seeds(n), &LRS)
                .largest
                .map(|largest| (largest.lr, largest.diverged))
        };
        assert_eq!((named(8), named(9), named(19)), (None, Some((0.1, 0)), Some((0.2, 1))));
        let at = |accepted| {
            let statistics = Statistics {
                risk: accepted,
                ..Statistics::default()
            };
            let largest = divergence_risk(&seeds(9), &LRS, &statistics).largest;
            largest.map(|largest| largest.lr)
        };
        // 0.3 of 10 is three, not a rounding less.
        assert_eq!((at(0.3), at(0.0), at(0.29)), (Some(0.4), None, Some(0.2)));
        // Every seed may diverge: the last of them does at 3.2.
        assert_eq!(at(1.0), Some(1.6));
    }

    /// A curve that ended early counts as if it diverged at its next rate; one that went to the end as if it did at the
    /// last, whose effect was not seen.
    #[test]
    fn what_was_not_seen_is_no_success() {
        let named = |followed: &[Followed]| of(followed, &LRS).largest.map(|largest| (largest.lr, largest.diverged));
        assert_eq!(named(&[ended(1); 9]), Some((0.2, 0)));
        assert_eq!(named(&[ended(4); 9]), Some((1.6, 0)));
        assert_eq!(named(&[diverged(0); 9]), None);
        assert_eq!(Followed::new(None, 1), None);
        assert_eq!(Followed::new(None, 6), Some(ended(4)));
        assert_eq!(Followed::new(Some(0), 1), Some(diverged(0)));
        assert!(ended(3).is_censored(6) && !ended(4).is_censored(6) && !diverged(3).is_censored(6));
    }
}
