//! The validation loss over seeds, and how far it jumps from step to step.

use crate::input::{ConfigInput, StudyInput};
use crate::read::{ConfigCurves, Curves, ReadCurve, TrialCurve};
use crate::stats::{BandRows, Extent, Sample, Scale, band_frame, bands, quantiles};
use polars::prelude::PolarsResult;
use seedband_core::settings::Statistics;
use seedband_core::summary::{ConfigSummary, Jitter, SeedLosses, ValidationSummary};

/// Fewest measured steps that have a jitter.
const LEAST_STEPS: usize = 3;

/// Fills in what was measured on the validation images, where anything was.
pub(crate) fn add_validation(
    configs: &mut [ConfigSummary],
    input: &StudyInput,
    curves: &Curves,
    statistics: &Statistics,
) -> PolarsResult<()> {
    let all = input.configs.iter().zip(curves.configs());
    let measured: Vec<Measured> = all.map(|(config, curves)| Measured::new(config, curves)).collect();
    let extents: Vec<Extent> = measured.iter().map(Measured::extent).collect();
    // A grid of its own, which holds the measured steps alone: between them there is no value, which is not the same as
    // an infinite one.
    let losses = measured.iter().zip(0..).flat_map(|(measured, place)| {
        let seeds = measured.seeds.iter();
        seeds.map(move |seed| (place, &seed.validation))
    });
    let frame = band_frame(losses)?;
    let bands = bands(BandRows::of(&frame), &extents, statistics)?;
    let all = configs.iter_mut().zip(measured).zip(bands).zip(curves.configs());
    for (((config, measured), loss), curves) in all {
        if measured.seeds.is_empty() {
            continue;
        }
        let jitters = curves.read().filter_map(|(_, read)| jitter(read, &measured.steps));
        let jitters: Vec<[f64; 2]> = jitters.collect();
        config.validation = Some(ValidationSummary {
            loss,
            jitter: over_seeds(&jitters, statistics),
            steps: measured.steps,
            seeds: measured.seeds,
        });
    }
    Ok(())
}

/// What was measured of one config.
struct Measured {
    /// The planned steps after which the network is evaluated.
    steps: Vec<u32>,
    /// By seed; none where no seed was evaluated.
    seeds: Vec<SeedLosses>,
}

impl Measured {
    fn new(config: &ConfigInput, curves: &ConfigCurves) -> Self {
        let planned = curves.lrs.len() as u32;
        let due = (0..planned).filter(|step| config.recipe.validation.is_due(*step, planned));
        let steps: Vec<u32> = due.collect();
        let validated = curves.read().map(|(trial, read)| (trial, read, measured(read, &steps)));
        let validated: Vec<(&TrialCurve, &ReadCurve, Vec<f64>)> = validated.collect();
        if validated.iter().all(|(.., losses)| losses.is_empty()) {
            let seeds = Vec::new();
            return Self { steps, seeds };
        }
        let losses = validated.into_iter().map(|(trial, read, validation)| SeedLosses {
            seed: trial.seed,
            raw: read.curve.losses(),
            validation,
        });
        let mut seeds: Vec<SeedLosses> = losses.collect();
        seeds.sort_by_key(|seed| seed.seed);
        Self { steps, seeds }
    }

    fn extent(&self) -> Extent {
        Extent {
            curves: self.seeds.len(),
            points: self.steps.len(),
        }
    }
}

/// The validation losses of a curve at the first of `steps`, up to where it ended.
fn measured(read: &ReadCurve, steps: &[u32]) -> Vec<f64> {
    let at = |step: &u32| read.validation(*step as usize);
    steps
        .iter()
        .map_while(|step| at(step).map(|found| found.loss))
        .collect()
}

/// The jitters of raw and validation loss as multiples of that of the smoothed loss; see [`Jitter`].
fn jitter(read: &ReadCurve, steps: &[u32]) -> Option<[f64; 2]> {
    let (history, losses) = (read.history(), read.curve.losses());
    let finite = history.iter().enumerate().filter(|(_, loss)| loss.is_finite());
    let (turn, _) = finite.min_by(|a, b| a.1.total_cmp(b.1))?;
    let validation = measured(read, steps);
    let count = steps
        .partition_point(|step| *step as usize <= turn)
        .min(validation.len());
    if count < LEAST_STEPS {
        return None;
    }
    let steps = &steps[..count];
    let at = |losses: &[f64]| -> Vec<f64> {
        steps
            .iter()
            .filter_map(|step| losses.get(*step as usize))
            .copied()
            .collect()
    };
    let [smoothed, raw, validation] = [&at(history)[..], &at(&losses), &validation[..count]].map(median_jump);
    (smoothed > 0.0 && smoothed.is_finite()).then_some([raw / smoothed, validation / smoothed])
}

/// The median distance of neighbours; one beside a loss that is not finite counts as infinite.
fn median_jump(losses: &[f64]) -> f64 {
    let jump = |pair: &[f64]| (pair[1] - pair[0]).abs();
    let jumps = losses.windows(2).map(jump);
    Sample::new(
        jumps
            .map(|jump| if jump.is_finite() { jump } else { f64::INFINITY })
            .collect(),
    )
    .median(Scale::Raw)
}

fn over_seeds(jitters: &[[f64; 2]], statistics: &Statistics) -> Option<Jitter> {
    let multiple = |index: usize| quantiles(jitters.iter().map(|jitter| jitter[index]), statistics);
    Some(Jitter {
        n: jitters.len() as u32,
        raw: multiple(0)?,
        validation: multiple(1)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::files::curve::{Curve, End, Evaluation, Step};
    use seedband_core::range_test::Analysis;
    use seedband_core::range_test::{Smoothing, SmoothingKind};
    use seedband_core::summary::Quantiles;
    use std::sync::Arc;

    /// A curve that is not smoothed.
    fn read(losses: &[f64], validation: &[Option<f64>]) -> ReadCurve {
        let steps = losses.iter().zip(validation).zip(0..);
        let steps = steps.map(|((&loss, validation), step)| Step {
            validation: validation.map(|loss| Evaluation {
                loss,
                accuracy: Some(0.5),
            }),
            ..Step::new(step, 0.5, loss)
        });
        let curve = Curve {
            steps: steps.collect(),
            end: End::Completed,
        };
        let analysis = Analysis {
            smoothing: Smoothing {
                kind: SmoothingKind::None,
                ..Smoothing::default()
            },
            ..Analysis::default()
        };
        let lrs: Vec<f64> = (0..losses.len()).map(|step| 10_f64.powi(step as i32)).collect();
        ReadCurve::new(curve.into(), &lrs, &analysis)
    }

    /// The least loss, 1, is at step 4, and the steps after it do not count. Jumps of the training loss up to there are
    /// 2, 3, 1, 4: median 2.5. Jumps of the validation loss are 4, 6, 8, 10: median 7.
    #[test]
    fn jumps_by_hand() {
        let losses = [5.0, 3.0, 6.0, 5.0, 1.0, 30.0];
        let validation = [10.0, 14.0, 8.0, 16.0, 6.0, 900.0].map(Some);
        let mut read = read(&losses, &validation);
        assert_eq!(jitter(&read, &[0, 1, 2, 3, 4, 5]), Some([1.0, 7.0 / 2.5]));
        read.reading.smoothed = vec![5.0, 4.5, 4.0, 3.5, 3.0, 9.0];
        assert_eq!(jitter(&read, &[0, 1, 2, 3, 4, 5]), Some([5.0, 14.0]));
        // At every second step: smoothed 5, 4, 3; raw 5, 6, 1; validation 10, 8, 6.
        assert_eq!(jitter(&read, &[0, 2, 4]), Some([3.0, 2.0]));
        assert_eq!(jitter(&read, &[1, 4, 5]), None, "two steps are too few");
        Arc::make_mut(&mut read.curve).steps[2].validation = Some(Evaluation {
            loss: f64::NAN,
            accuracy: Some(0.5),
        });
        // 4, infinite, infinite, 10.
        assert_eq!(jitter(&read, &[0, 1, 2, 3, 4]), Some([5.0, f64::INFINITY]));
        read.reading.smoothed = vec![3.0; 6];
        assert_eq!(jitter(&read, &[0, 1, 2, 3, 4, 5]), None, "nothing moves");
    }

    #[test]
    fn a_curve_is_measured_until_it_ends() {
        let read = read(&[1.0; 5], &[None, Some(2.0), None, Some(3.0), None]);
        assert_eq!(measured(&read, &[1, 3, 4]), [2.0, 3.0]);
        assert_eq!(measured(&read, &[1, 3, 4, 9]), [2.0, 3.0]);
        assert_eq!(measured(&read, &[0, 1]), [0.0; 0]);
    }

    #[test]
    fn multiples_over_seeds() {
        let statistics = Statistics {
            quantiles: [0.25, 0.75],
            ..Statistics::default()
        };
        let found = over_seeds(&[[1.0, 9.0], [3.0, f64::INFINITY], [2.0, 7.0]], &statistics);
        let (raw, validation) = (
            Quantiles {
                median: 2.0,
                lower: 1.5,
                upper: 2.5,
            },
            Quantiles {
                median: 9.0,
                lower: 8.0,
                upper: f64::INFINITY,
            },
        );
        assert_eq!(found, Some(Jitter { n: 3, raw, validation }));
        assert_eq!(over_seeds(&[], &statistics), None);
    }
}
