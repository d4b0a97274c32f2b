//! Eight seeds on disk: who counts, and what there is without a curve.

use crate::support::{config, curve, input, recipe, summarized, write_curve};
use seedband_aggregator::StudyInput;
use seedband_core::files::curve::End;
use seedband_core::files::fsio;
use seedband_core::range_test::Schedule;
use seedband_core::recipe::Recipe;
use seedband_core::summary::Counts;
use seedband_core::trial::Trial;
use std::path::Path;

/// Eight seeds: 0 runs to its end; 1 too, but the stop rule fires at step 4; 2 meets a NaN; 3 was halted by a stricter
/// rule than the present one; 4 has not run; 5 failed; 6 has a curve that is cut off; 7 has one that is complete but
/// too short. A second config has no curve.
pub(crate) fn study(root: &Path) -> StudyInput {
    let other = Recipe {
        schedule: Schedule {
            end: 1.0,
            ..recipe().schedule
        },
        ..recipe()
    };
    let mut input = input(root, vec![config("a", recipe(), 8), config("b", other, 2)]);
    input.statistics.quantiles = [0.25, 0.75];
    let curve = |seed, losses: &[f64], end| {
        let trial = Trial::new("a", seed, &recipe());
        write_curve(&input, &trial, &curve(losses, end));
        input.dir.trial(&trial).curve()
    };
    curve(0, &[3.0, 2.5, 1.0, 1.5, 3.0, 3.5], End::Completed);
    curve(1, &[3.0, 2.5, 2.0, 0.5, 3.0, 9.0], End::Completed);
    curve(2, &[3.0, 2.5, 1.0, f64::NAN], End::NonFinite);
    curve(3, &[3.0, 2.5, 1.0, 1.5], End::StoppedEarly);
    let cut = curve(6, &[3.0, 2.0, 1.0, 1.0, 1.0, 1.0], End::Completed);
    let text = fsio::read(&cut).unwrap();
    std::fs::write(&cut, &text[..text.len() / 2]).unwrap();
    curve(7, &[3.0, 2.0, 1.0], End::Completed);
    input.failed = [2, 5].map(|seed| Trial::new("a", seed, &recipe()).id).into();
    input
}

#[test]
fn seeds_are_counted_by_outcome() {
    let root = tempfile::tempdir().unwrap();
    let summary = summarized(&study(root.path()));
    let counts = summary.configs[0].counts;
    // Seed 2 failed once and has a curve now: finished.
    assert_eq!(
        counts,
        Counts {
            wanted: 8,
            finished: 4,
            diverged: 2,
            failed: 1,
            missing: 3,
            repeats: 0,
        }
    );
    assert_eq!(
        (&*summary.study, &*summary.title, summary.quantiles),
        ("study", "A study", [0.25, 0.75])
    );
    assert_eq!(
        summary.configs[0].labels,
        [("schedule.end".to_owned(), "10".to_owned())]
    );
    assert_eq!(summary.configs[0].rules.max_lr, "least loss");
}

#[test]
fn without_a_curve_there_are_counts_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let summary = summarized(&study(root.path()));
    let config = &summary.configs[1];
    assert_eq!(
        config.counts,
        Counts {
            wanted: 2,
            missing: 2,
            ..Counts::default()
        }
    );
    assert_eq!(
        (config.smoothed.n, config.smoothed.median.len(), config.raw.ended.len()),
        (0, 0, 0)
    );
    assert_eq!(
        (
            config.min_lr.n,
            config.min_lr.estimate,
            config.answer.as_ref()
        ),
        (0, None, None)
    );
    assert_eq!((config.lrs.len(), config.seeds.len(), config.decades.len()), (6, 0, 0));
}
