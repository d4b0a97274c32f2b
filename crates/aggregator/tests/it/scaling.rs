//! A sweep over batch size on disk, from curves to the table, with every number worked out by hand.

use crate::support::{config, curve, input, recipe, tabled, write_curve};
use seedband_aggregator::{ConfigInput, StudyInput};
use seedband_core::files::curve::End;
use seedband_core::files::fsio;
use seedband_core::range_test::{Range, Rule, RuleKind};
use seedband_core::trial::Trial;
use std::path::Path;

const SIZES: [u32; 3] = [10, 100, 1000];

/// No curve has a min LR.
fn of_size(size: u32) -> ConfigInput {
    let mut recipe = recipe();
    // A decade from step to step, with room at both ends, so that no answer is a bound.
    (recipe.schedule.end, recipe.schedule.steps) = (1000.0, 8);
    recipe.trainer.built_in_mut().unwrap().batches.batch_size = size;
    let least = Rule {
        skip_start: Some(0),
        skip_end: Some(0),
        divide_by: Some(1.0),
        ..Rule::new(RuleKind::LeastLoss)
    };
    let mut config = config(&format!("size-{size}"), recipe, 2);
    config.labels = vec![("training.batch-size".into(), size.to_string())];
    config.analysis.range = Range {
        min: Rule {
            // Of eight points one is left.
            skip_start: Some(7),
            ..Rule::new(RuleKind::Steepest)
        },
        max: least,
    };
    config
}

/// The step of the least loss of seed 0 rises by one with every size, a decade of learning rates for a decade of sizes;
/// that of seed 1 stays.
fn study(root: &Path, sizes: &[u32]) -> StudyInput {
    let input = input(root, sizes.iter().map(|size| of_size(*size)).collect());
    for (place, config) in (1..).zip(&input.configs) {
        for (seed, least) in [(0, place + 1), (1, 2)] {
            let trial = Trial::new(&config.name, seed, &config.recipe);
            let loss = |step| if step == least { 1.0 } else { 2.0 };
            let losses: Vec<f64> = (0..8).map(loss).collect();
            write_curve(&input, &trial, &curve(&losses, End::Completed));
        }
    }
    input
}

#[test]
fn a_sweep_has_a_row_for_each_end() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path(), &SIZES);
    let summary = tabled(&input);
    assert_eq!(summary.scalings.len(), 1);
    let csv = fsio::read(&input.dir.aggregate().join("scaling.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "sweep,config,least_batch_size,largest_batch_size,sizes,steps_differ,end,n,reversed,bounds,exponent,lower,upper,\
         interval_lower,interval_upper,interval_confidence,is_straight"
    );
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1], "0,size-10,10,1000,3,false,min_lr,0,0,0,,,,,,,");
    let cells: Vec<&str> = lines[2].split(',').collect();
    assert_eq!(cells[..8].join(","), "0,size-10,10,1000,3,false,max_lr,2");
    // Exponents 1 and 0: the median lies between, the quantiles a tenth of the way from either.
    for (cell, expected) in cells[10..13].iter().zip([0.5, 0.1, 0.9]) {
        assert!(
            (cell.parse::<f64>().unwrap() - expected).abs() < 1e-13,
            "{cell} {expected}"
        );
    }
    assert_eq!(cells[13..], ["", "", "", ""], "two seeds have no interval");
    let read = |name: &str| fsio::read(&input.dir.aggregate().join(name)).unwrap();
    let (local, seeds) = (read("local_slopes.csv"), read("seed_slopes.csv"));
    assert_eq!((local.lines().count(), seeds.lines().count()), (1 + 2, 1 + 2 * 2));
    assert!(
        local.lines().nth(1).unwrap().starts_with("0,max_lr,10,100,2,"),
        "{local}"
    );
    assert!(
        seeds.lines().nth(3).unwrap().starts_with("0,max_lr,1,10,100,"),
        "{seeds}"
    );
}

#[test]
fn two_sizes_are_no_sweep() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path(), &SIZES[..2]);
    let summary = tabled(&input);
    assert!(summary.scalings.is_empty());
    let csv = fsio::read(&input.dir.aggregate().join("scaling.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1);
}
