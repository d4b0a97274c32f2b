//! Sources of variation on disk, from curves to the table, with every number worked out by hand.

use crate::support::{config, curve, input, recipe, tabled, write_curve};
use seedband_core::files::curve::End;
use seedband_core::files::fsio;
use seedband_core::settings::StreamSeed;
use seedband_core::trial::Trial;

/// Two configs of two seeds each that share the trial of seed 0. Their least losses lie two decades apart and one:
/// median absolute deviations of half of that, and a ratio of a half. The steepest descent, the min LR, is one step before each
/// of them. Two seeds have no interval.
#[test]
fn sources_of_variation_have_a_table_of_their_own() {
    let root = tempfile::tempdir().unwrap();
    let mut all = config("all", recipe(), 2);
    all.labels = vec![("streams.order".into(), "vary".into())];
    let mut fixed = recipe();
    fixed.streams.order = StreamSeed::Fixed(0);
    let mut weights = config("weights", fixed.clone(), 2);
    weights.labels = vec![("streams.order".into(), "0".into())];
    let input = input(root.path(), vec![all, weights]);
    for (recipe, seed, least) in [(recipe(), 0, 1), (recipe(), 1, 3), (fixed, 1, 2)] {
        let loss = |step: u32| {
            if step == least {
                1.0
            } else {
                2.0 + f64::from(step) / 100.0
            }
        };
        let losses: Vec<f64> = (0..6).map(loss).collect();
        write_curve(&input, &Trial::new("a", seed, &recipe), &curve(&losses, End::Completed));
    }
    tabled(&input);
    let csv = fsio::read(&input.dir.aggregate().join("variation.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "group,config,weights_vary,order_varies,augmentation_varies,end,n,spread,spread_is_bound,interval_lower,interval_upper,ratio,\
         ratio_lower,ratio_upper,p"
    );
    let expected = [
        ("0,all,true,true,false,min_lr,2", 1.0, None),
        ("0,all,true,true,false,max_lr,2", 1.0, None),
        ("0,weights,true,false,false,min_lr,2", 0.5, Some(0.5)),
        ("0,weights,true,false,false,max_lr,2", 0.5, Some(0.5)),
    ];
    assert_eq!(lines.len(), 1 + expected.len());
    for (line, (start, spread, ratio)) in lines[1..].iter().zip(expected) {
        let cells: Vec<&str> = line
            .strip_prefix(start)
            .unwrap_or_else(|| panic!("{line}"))
            .split(',')
            .skip(1)
            .collect();
        // Learning rates are powers of ten up to rounding.
        assert!((cells[0].parse::<f64>().unwrap() - spread).abs() < 1e-12, "{line}");
        assert_eq!(cells[2..4], ["", ""], "{line}");
        let found: Option<f64> = cells[4].parse().ok();
        assert_eq!(found.is_some(), ratio.is_some(), "{line}");
        assert!((found.unwrap_or(0.0) - ratio.unwrap_or(0.0)).abs() < 1e-12, "{line}");
        assert_eq!(cells[7].is_empty(), ratio.is_none(), "{line}");
    }
}
