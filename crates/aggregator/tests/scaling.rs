//! A sweep over batch size on disk, from curves to the table, with every number worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use seedband_aggregator::{ConfigInput, StudyInput, TrainingCurves, load, summarize, write_tables};
use seedband_core::files::curve::{Curve, End, Step};
use seedband_core::files::fsio;
use seedband_core::files::layout::StudyDir;
use seedband_core::range_test::Analysis;
use seedband_core::range_test::{Range, Rule, RuleKind, Schedule, Smoothing, SmoothingKind, Spacing};
use seedband_core::recipe::Recipe;
use seedband_core::settings::Statistics;
use seedband_core::trial::Trial;
use std::collections::HashSet;
use std::path::Path;

const SIZES: [u32; 3] = [10, 100, 1000];

/// Learning rates 1e-4, 1e-3, … 10, up to rounding.
fn config(size: u32) -> ConfigInput {
    let mut recipe = Recipe {
        schedule: Schedule {
            start: 1e-4,
            end: 10.0,
            steps: 6,
            spacing: Spacing::Inclusive,
            ..Schedule::default()
        },
        ..Recipe::default()
    };
    recipe.trainer.batches.batch_size = size;
    let least = Rule {
        skip_start: Some(0),
        skip_end: Some(0),
        divide_by: Some(1.0),
        ..Rule::new(RuleKind::LeastLoss)
    };
    let analysis = Analysis {
        smoothing: Smoothing {
            kind: SmoothingKind::None,
            ..Smoothing::default()
        },
        range: Range {
            min: Rule {
                // Of six points one is left, so that no curve has this end.
                skip_start: Some(5),
                ..Rule::new(RuleKind::Steepest)
            },
            max: least,
        },
        ..Analysis::default()
    };
    ConfigInput {
        name: format!("size-{size}"),
        labels: vec![("training.batch-size".into(), size.to_string())],
        recipe,
        analysis,
        trainings: Vec::new(),
        seeds: vec![0, 1],
    }
}

/// The step of the least loss of seed 0 rises by one with every size, a decade of learning rates for a decade of sizes; that of seed 1 stays.
fn study(root: &Path, sizes: &[u32]) -> StudyInput {
    let input = StudyInput {
        dir: StudyDir::new(root),
        name: "study".into(),
        title: "A study".into(),
        description: String::new(),
        statistics: Statistics::default(),
        configs: sizes.iter().map(|size| config(*size)).collect(),
        failed: HashSet::new(),
    };
    for (place, config) in (1..).zip(&input.configs) {
        for (seed, least) in [(0, place), (1, 2)] {
            let trial = Trial::new(&config.name, seed, &config.recipe);
            let folder = input.dir.trial(&trial);
            fsio::create_dir_all(folder.root()).unwrap();
            let step = |step| Step {
                step,
                lr: 0.5,
                loss: if step == least { 1.0 } else { 2.0 },
                validation: None,
            };
            Curve {
                steps: (0..6).map(step).collect(),
                end: End::Completed,
            }
            .write(&folder.curve())
            .unwrap();
        }
    }
    input
}

#[test]
fn a_sweep_has_a_row_for_each_end() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path(), &SIZES);
    let curves = load(&input).unwrap();
    let summary = summarize(&input, &curves);
    assert_eq!(summary.scalings.len(), 1);
    write_tables(&curves, &TrainingCurves::default(), &summary, &input.dir.aggregate()).unwrap();
    let csv = fsio::read(&input.dir.aggregate().join("scaling.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "sweep,config,least_batch_size,largest_batch_size,sizes,steps_differ,end,n,exponent,lower,upper,interval_lower,interval_upper,\
         interval_confidence"
    );
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1], "0,size-10,10,1000,3,false,min_lr,0,,,,,,");
    let cells: Vec<&str> = lines[2].split(',').collect();
    assert_eq!(cells[..8].join(","), "0,size-10,10,1000,3,false,max_lr,2");
    // Exponents 1 and 0: the median lies between, the quantiles a tenth of the way from either.
    for (cell, expected) in cells[8..11].iter().zip([0.5, 0.1, 0.9]) {
        assert!(
            (cell.parse::<f64>().unwrap() - expected).abs() < 1e-13,
            "{cell} {expected}"
        );
    }
    assert_eq!(cells[11..], ["", "", ""], "two seeds have no interval");
}

#[test]
fn two_sizes_are_no_sweep() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path(), &SIZES[..2]);
    let curves = load(&input).unwrap();
    let summary = summarize(&input, &curves);
    assert!(summary.scalings.is_empty());
    write_tables(&curves, &TrainingCurves::default(), &summary, &input.dir.aggregate()).unwrap();
    let csv = fsio::read(&input.dir.aggregate().join("scaling.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1);
}
