//! Studies that are odd, empty or broken.

use super::{assert_xml, provenance};
use crate::page::context::Page;
use crate::page::html;
use crate::section::Contents;
use crate::{draw, example, terminal, write};
use seedband_core::summary::{ConfigSummary, LrGridSummary, SharedRange, Summary};
use std::collections::HashMap;
use std::path::Path;

type Studies = Vec<(&'static str, Summary)>;

#[test]
fn odd_studies_make_a_page_and_figures() {
    for (name, summary) in odd_studies() {
        let contents = Contents::of(&summary);
        let mut svgs = HashMap::new();
        for figure in contents.figures() {
            let svg = draw::svg(&figure.scene, &figure.name).unwrap();
            assert_xml(&svg);
            svgs.insert(figure.name.clone(), svg);
        }
        // Bitmaps take long, so of many configs only some are drawn.
        for figure in contents.figures().take(4) {
            let bytes = draw::png(&figure.scene, &figure.name).unwrap();
            let image = image::load_from_memory(&bytes).unwrap();
            assert_eq!(image.height(), (figure.scene.height * 2.0).round() as u32, "{name}");
        }
        assert_eq!(svgs.contains_key("compare"), summary.configs.len() > 1, "{name}");
        assert!(
            terminal(&summary).lines().all(|line| line.chars().count() <= 100),
            "{name}"
        );
        let page = html::render(&Page::new(&summary, &contents, None, vec![]), &svgs).unwrap();
        assert!(page.contains("</html>") && !page.contains("NaN "), "{name}");
    }
}

/// The terminal has no figures; its sections are the same.
#[test]
fn sections_without_figures_are_as_many_as_with() {
    for (name, summary) in odd_studies() {
        let [whole, words] = [Contents::of(&summary), Contents::in_words(&summary)];
        assert_eq!(words.figures().count(), 0, "{name}");
        assert_eq!(whole.sections().count(), words.sections().count(), "{name}");
    }
}

/// Draws made-up studies for people to look at:
/// `SEEDBAND_REPORT_EXAMPLE=<folder> cargo test -p seedband-report -- --ignored example`.
#[test]
#[ignore = "writes files for people to look at, into the folder named by SEEDBAND_REPORT_EXAMPLE"]
fn write_the_example() {
    let folder = std::env::var_os("SEEDBAND_REPORT_EXAMPLE").expect("SEEDBAND_REPORT_EXAMPLE names a folder");
    let folder = Path::new(&folder);
    write(&example::reference(), Some(&provenance()), &folder.join("reference")).unwrap();
    for (name, summary) in odd_studies() {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join(format!("{name}.txt")), terminal(&summary)).unwrap();
        if summary.configs.len() <= 40 {
            write(&summary, None, &folder.join(name)).unwrap();
        }
    }
    std::fs::write(folder.join("reference.txt"), terminal(&example::reference())).unwrap();
}

fn odd_studies() -> Studies {
    [curves(), topics(), many()].concat()
}

/// A config of the given smoothed curves over 30 learning rates.
fn of(name: &str, curves: Vec<Vec<f64>>) -> ConfigSummary {
    let lrs = example::lrs(30);
    let seeds = curves.into_iter().zip(0..);
    let seeds = seeds.map(|(curve, seed)| example::answer(seed, &lrs, curve)).collect();
    example::from_seeds(name, lrs, seeds)
}

/// Curves that are missing, short, flat, steep, or no numbers.
fn curves() -> Studies {
    let one = |config: ConfigSummary| example::summary(vec![config]);
    let mut partial = example::config("partial", 7, 0.3, 5.0);
    (partial.counts.wanted, partial.counts.failed, partial.counts.missing) = (20, 3, 10);
    let falling: Vec<f64> = (0..30).map(|step| 10f64.powf(4.0 - f64::from(step) / 4.0)).collect();
    let at_once = vec![vec![2.3, 9.0], vec![2.4], vec![2.2, 50.0]];
    vec![
        ("no config", example::summary(vec![])),
        ("no seed", one(of("nothing yet", vec![]))),
        ("one seed", one(example::config("alone", 1, 0.3, 5.0))),
        ("all diverge at once", one(of("at once", at_once))),
        ("empty curves", one(of("empty", vec![vec![], vec![]]))),
        ("constant", one(of("constant", vec![vec![2.3; 30]; 5]))),
        ("constant zero", one(of("zero", vec![vec![0.0; 30]; 5]))),
        ("many decades of loss", one(of("falling", vec![falling; 5]))),
        ("uneven and strange", example::summary(strange())),
        ("partial", one(partial)),
    ]
}

/// Lists of uneven lengths, values that are no numbers, a single learning rate.
fn strange() -> Vec<ConfigSummary> {
    let mut uneven = of("uneven lists", vec![vec![2.0; 30]; 4]);
    uneven.smoothed.lower.truncate(3);
    uneven.smoothed.ended.clear();
    uneven.lrs.truncate(20);
    let values = vec![2.0, f64::NAN, f64::NEG_INFINITY, 1e300, -1e300, f64::INFINITY];
    let mut strange = of("strange values", vec![values; 4]);
    strange.lrs[0] = 0.0;
    strange.lrs[1] = f64::NAN;
    if let Some(answer) = strange.answer.as_mut() {
        answer.suggestion.lr = Some(f64::NAN);
        answer.suggestion.range = Some(SharedRange {
            min_lr: f64::NAN,
            max_lr: f64::INFINITY,
            range_support: 0,
            range_held_out: None,
        });
    }
    let mut one_rate = of("one learning rate", vec![vec![2.0]; 3]);
    one_rate.lrs.truncate(1);
    vec![uneven, strange, one_rate]
}

/// What single topics have to bear.
fn topics() -> Studies {
    let with = example::summary;
    let of_seeds =
        |config: fn(&str, u32) -> ConfigSummary| with(vec![config("one", 20), config("alone", 1), config("none", 0)]);
    let trainings = vec![
        example::trained("one", 20),
        example::paired("pairs"),
        broken_trainings(),
    ];
    vec![
        ("validation", of_seeds(example::validated)),
        ("sweep", example::sweep()),
        ("rules", of_seeds(example::ruled)),
        ("trainings", with(trainings)),
        ("one with trainings", with(vec![example::paired("pairs")])),
        ("a grid", with(vec![example::with_lr_grid("grid")])),
        ("broken grids", with(broken_grids())),
        (
            "everything",
            with(vec![example::everything("all"), example::everything("again")]),
        ),
    ]
}

fn many() -> Studies {
    let four = (0..4).map(|index| example::config(&format!("config {index}"), 20, 0.2, 5.0 + f64::from(index)));
    let forty = (0..40).map(|index| example::config(&format!("batch-size={index}"), 5, 0.2, 5.0));
    let long = example::config("one of many with a long, long, long name", 2, 0.2, 5.0);
    vec![
        ("four", example::summary(four.collect())),
        ("forty", example::summary(forty.collect())),
        ("two hundred", example::summary(vec![long; 200])),
    ]
}

/// Trainings all of whose values are infinite, not numbers, or missing.
pub(crate) fn broken_trainings() -> ConfigSummary {
    let mut config = example::trained("broken", 3);
    let mut infinite = example::training("infinite", "own max LR", [3, 3], 0.0);
    infinite.loss.median.fill(f64::INFINITY);
    infinite.loss.lower.fill(f64::INFINITY);
    infinite.accuracy.median.fill(0.0);
    let mut missing = example::training("missing", "own max LR", [3, 0], f64::NAN);
    missing.loss.median.clear();
    missing.accuracy.upper.truncate(1);
    let mut one_step = example::training("one step", "own max LR", [1, 0], 0.1);
    one_step.at.truncate(1);
    one_step.validated.truncate(1);
    config.trainings = vec![infinite, missing, one_step];
    config
}

/// Grids where all blew up, where nothing is finite, where lists are short, and without choices.
fn broken_grids() -> Vec<ConfigSummary> {
    let grids: [fn(&mut LrGridSummary); 4] = [
        |grid| {
            grid.best_loss.median.fill(f64::INFINITY);
            grid.best_loss.lower.fill(f64::INFINITY);
            for seed in &mut grid.seeds {
                seed.best_loss.fill(f64::INFINITY);
            }
            grid.best_lr = None;
        },
        |grid| grid.best_loss.median.fill(f64::NAN),
        |grid| {
            grid.lrs.clear();
            grid.best_loss.upper.clear();
        },
        |grid| grid.regrets.clear(),
    ];
    let broken = grids.into_iter().zip(0..).map(|(spoil, index)| {
        let mut config = example::with_lr_grid(&format!("grid {index}"));
        spoil(&mut config.lr_grids[0]);
        config
    });
    broken.collect()
}
