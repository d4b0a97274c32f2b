//! Quantiles against NumPy: `golden/quantiles.json` holds real range tests of 20 seeds with what the libraries made of
//! each and NumPy 2.4.6's medians and quantiles per step (see `golden/README.md`); `golden/numpy.json` holds random
//! samples and NumPy 2.4.6's answers.
//!
//! `SEEDBAND_GOLDEN` may name another folder with files of the same format.

use seedband_aggregator::{
    ConfigCurves, ConfigInput, Curves, Outcome, ReadCurve, Sample, Scale, StudyInput, TrialCurve, summarize,
};
use seedband_core::files::curve::{Curve, End, Step};
use seedband_core::files::layout::StudyDir;
use seedband_core::range_test::Analysis;
use seedband_core::range_test::{Range, Rule, RuleKind, Stop, WhenShort};
use seedband_core::recipe::Recipe;
use seedband_core::settings::{EarlyEnd, LrSpace, Statistics};
use seedband_core::summary::{Band, ConfigSummary, Spread};
use serde_json::Value;
use std::collections::HashSet;
use std::path::PathBuf;

fn golden(file: &str) -> Value {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let folder = std::env::var_os("SEEDBAND_GOLDEN").map_or(here.clone(), PathBuf::from);
    // Another folder need not hold every file.
    let path = Some(folder.join(file))
        .filter(|path| path.exists())
        .unwrap_or(here.join(file));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some("NaN") => f64::NAN,
        Some("Infinity") => f64::INFINITY,
        Some("-Infinity") => f64::NEG_INFINITY,
        _ => value.as_f64().unwrap(),
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn random_samples_to_the_last_bit() {
    let table = golden("numpy.json");
    let q = numbers(&table["q"]);
    let samples = table["samples"].as_array().unwrap();
    assert_eq!(samples.len(), 68);
    for sample in samples {
        let ours = Sample::new(numbers(&sample["values"]));
        let quantiles: Vec<f64> = q.iter().map(|&q| ours.quantile(q, Scale::Raw)).collect();
        assert_eq!(bits(&quantiles), bits(&numbers(&sample["quantiles"])), "{ours:?}");
        assert_eq!(
            ours.median(Scale::Raw).to_bits(),
            number(&sample["median"]).to_bits(),
            "{ours:?}"
        );
    }
}

/// The Keras half of the reference study.
fn dataiku() -> Analysis {
    let rule = |kind| Rule {
        skip_start: Some(5),
        skip_end: Some(1),
        when_short: Some(WhenShort::AllPoints),
        ..Rule::new(kind)
    };
    Analysis {
        stop: Stop {
            factor: Some(10.0 - 20.0 * 0.98 / 3.0),
            nan_fires: Some(false),
            ..Stop::default()
        },
        range: Range {
            min: rule(RuleKind::LastDescent),
            max: Rule {
                snap: Some(true),
                ..rule(RuleKind::LeastLoss)
            },
        },
        ..Analysis::default()
    }
}

/// What we make of a group's stored losses, over its stored learning rates, with the reference study's statistics.
fn ours(group: &Value, analysis: &Analysis) -> ConfigSummary {
    let lrs = numbers(&group["lrs"]);
    let trials = group["runs"].as_array().unwrap().iter().map(|run| {
        let losses = numbers(&run["losses"]);
        let steps = losses.iter().zip(0..).map(|(&loss, step)| Step::new(step, 0.0, loss));
        let curve = Curve {
            steps: steps.collect(),
            end: End::Completed,
        };
        let seed = run["seed"].as_u64().unwrap();
        let outcome = Outcome::Finished(ReadCurve::new(curve.into(), &lrs, analysis).into());
        TrialCurve {
            seed,
            id: String::new().into(),
            outcome,
        }
    });
    let curves = Curves::new(vec![ConfigCurves {
        name: "golden".into(),
        trials: trials.collect(),
        lrs: lrs.clone(),
    }]);
    let config = ConfigInput {
        name: "golden".into(),
        labels: Vec::new(),
        recipe: Recipe::default(),
        analysis: analysis.clone(),
        trainings: Vec::new(),
        seeds: Vec::new(),
        repeats: 0,
    };
    let input = StudyInput {
        dir: StudyDir::new("unused"),
        name: "golden".into(),
        title: String::new(),
        description: String::new(),
        statistics: Statistics {
            early_end: EarlyEnd::PadLast,
            lr_space: LrSpace::Raw,
            ..Statistics::default()
        },
        configs: vec![config],
        failed: HashSet::new(),
    };
    summarize(&input, &curves.unwrap()).unwrap().configs.remove(0)
}

fn assert_band(band: &Band, expected: &Value, tolerance: Option<f64>) {
    for (ours, key) in [(&band.median, "median"), (&band.lower, "q10"), (&band.upper, "q90")] {
        let expected = numbers(&expected[key]);
        assert_eq!(ours.len(), expected.len());
        for (step, (ours, expected)) in ours.iter().zip(expected).enumerate() {
            let equal = match tolerance {
                None => ours.to_bits() == expected.to_bits(),
                Some(tolerance) => (ours / expected - 1.0).abs() <= tolerance || (ours.is_nan() && expected.is_nan()),
            };
            assert!(equal, "{key} of step {step}: {ours:e}, not {expected:e}");
        }
    }
}

fn assert_spread(spread: &Spread, expected: &Value) {
    let estimate = spread.estimate.unwrap();
    let expected = ["median", "q10", "q90"].map(|key| number(&expected[key]));
    assert_eq!(
        bits(&[estimate.median, estimate.lower, estimate.upper]),
        bits(&expected)
    );
}

#[test]
fn raw_bands_to_the_last_bit() {
    for group in golden("quantiles.json")["groups"].as_array().unwrap() {
        assert_band(
            &ours(group, &Analysis::default()).raw,
            &group["aggregate"]["raw"]["loss"],
            None,
        );
    }
}

#[test]
fn smoothed_bands_and_ranges_of_both_halves() {
    for group in golden("quantiles.json")["groups"].as_array().unwrap() {
        for (analysis, kind, runs) in [
            (dataiku(), "dataiku", "dataiku"),
            (Analysis::default(), "fastai_v1_notebook", "fastai_v1"),
        ] {
            let ours = ours(group, &analysis);
            let expected = &group["aggregate"][kind];
            // The smoothing's division takes a power from the system's maths library: equal bits are certain only with
            // the one that the references were computed with.
            let tolerance = if cfg!(all(target_os = "linux", target_env = "gnu")) {
                None
            } else {
                Some(1e-12)
            };
            assert_band(&ours.smoothed, &expected["loss"], tolerance);
            assert_spread(&ours.min_lr, &expected["low"]);
            assert_spread(&ours.max_lr, &expected["high"]);
            for (seed, run) in ours.seeds.iter().zip(group["runs"].as_array().unwrap()) {
                assert_eq!(
                    seed.stop_step.map(u64::from),
                    run[runs]["stop_step"].as_u64(),
                    "{kind} {}",
                    seed.seed
                );
            }
        }
    }
}

/// The stored suggestions of single runs, so that nothing but the quantile is ours.
#[test]
fn quantiles_of_stored_suggestions_to_the_last_bit() {
    for group in golden("quantiles.json")["groups"].as_array().unwrap() {
        for (kind, runs) in [("dataiku", "dataiku"), ("fastai_v1_notebook", "fastai_v1")] {
            for end in ["low", "high"] {
                let lrs = group["runs"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|run| number(&run[runs][end]));
                let sample = Sample::new(lrs.collect());
                let raw = Scale::Raw;
                let ours = [sample.median(raw), sample.quantile(0.1, raw), sample.quantile(0.9, raw)];
                let expected = &group["aggregate"][kind][end];
                assert_eq!(
                    bits(&ours),
                    bits(&["median", "q10", "q90"].map(|key| number(&expected[key]))),
                    "{kind} {end}"
                );
            }
        }
    }
}
