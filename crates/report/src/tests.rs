//! Whole reports: that the files are there, can be read, hold the numbers, and that odd studies make no trouble.

use crate::draw::paint;
use crate::example;
use crate::page::terminal;
use crate::section::figures::Figures;
use crate::{format, write};
use seedband_core::files::provenance::Provenance;
use seedband_core::summary::{Calibration, ConfigSummary, Summary};
use std::collections::BTreeMap;
use std::path::Path;

fn provenance() -> Provenance {
    serde_json::from_str(
        r#"{"version":1,"runs":[
            {"started":"2026-11-22T09:00:00Z","seconds":12.5,"seedband":"0.1.0","host":"gpu1","cpu":"a processor, 16 cores",
             "workers":["seedband-worker 0.1.0, libtorch 2.11, cuda:0"],"finished":2,"failed":1,"command":["seedband","run","study.toml"]},
            {"started":"2026-11-23T18:31:07Z","seconds":200.4,"seedband":"0.1.0","commit":"0a5106e0b","dirty":false,"host":"gpu1",
             "cpu":"a processor, 16 cores","workers":["seedband-worker 0.1.0, libtorch 2.11, cuda:0"],"finished":38,"failed":0,
             "command":["seedband","run","study.toml"]}]}"#,
    )
    .unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(path).unwrap(),
            );
        }
    }
    files
}

/// Checks that tags are balanced, attributes quoted, and no character stands unescaped. Enough for what plotters and we write.
fn assert_xml(text: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "a stray `>` before {}", &rest[start..]);
        for entity in rest[..start].split('&').skip(1) {
            assert!(
                ["amp;", "lt;", "gt;", "quot;", "apos;"]
                    .iter()
                    .any(|name| entity.starts_with(name)),
                "&{entity}"
            );
        }
        let end = start + rest[start..].find('>').expect("a tag that ends");
        let tag = &rest[start + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().expect("a name"));
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(rest.trim(), "");
}

#[test]
fn a_report_has_all_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let summary = example::reference();
    let written = write(&summary, Some(&provenance()), &folder.path().join("report")).unwrap();
    // Comparison, ranges, and for each of two configs bands, groups and overlap, each twice.
    assert_eq!(written.figures.len(), 16);
    for path in written.figures.iter().chain([&written.index, &written.markdown]) {
        assert!(std::fs::metadata(path).unwrap().len() > 500, "{}", path.display());
    }
    let all = files(&folder.path().join("report"));
    assert_eq!(all.len(), 18, "no file but those named is left behind");
    for (name, bytes) in all {
        let ending = name.rsplit('.').next().unwrap();
        if ending == "svg" {
            assert_xml(std::str::from_utf8(&bytes).unwrap());
        }
        if ending == "png" {
            let image = image::load_from_memory(&bytes).unwrap().into_rgb8();
            assert_eq!(image.width(), 1800, "{name}");
            assert!(image.pixels().any(|pixel| pixel.0 != [255; 3]), "{name} is not empty");
        }
    }
}

#[test]
fn the_page_says_where_seeds_diverge() {
    let folder = tempfile::tempdir().unwrap();
    let mut summary = example::reference();
    summary.configs[1].risk = None;
    write(&summary, None, folder.path()).unwrap();
    let page = std::fs::read_to_string(folder.path().join("index.html")).unwrap();
    let markdown = std::fs::read_to_string(folder.path().join("summary.md")).unwrap();
    for text in [page, markdown, terminal(&summary).replace("\n  ", " ")] {
        let sentence = "The largest learning rate at which at most 10 % of the seeds had diverged is ";
        assert_eq!(text.matches(sentence).count(), 1, "{text}");
    }
}

#[test]
fn a_sweep_over_batch_size_has_a_figure_and_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let mut summary = example::sweep();
    summary.scalings.push(summary.scalings[0].clone());
    write(&summary, None, folder.path()).unwrap();
    for name in ["scaling.svg", "scaling-2.svg"] {
        assert_xml(&std::fs::read_to_string(folder.path().join("figures").join(name)).unwrap());
    }
    let page = std::fs::read_to_string(folder.path().join("index.html")).unwrap();
    let markdown = std::fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(page.contains("id=\"scaling-2-figure\"") && page.contains("Goyal"));
    assert!(markdown.contains("](figures/scaling-2.png)"));
    for text in [page, markdown, terminal(&summary).replace("\n  ", " ")] {
        // In the page it is the description of the figure too.
        assert!(
            text.matches("to the power 0.60 (0.40 to 0.90 at 95.9 % confidence, 20 seeds)")
                .count()
                >= 2,
            "{text}"
        );
    }
    summary.scalings.clear();
    assert!(!terminal(&summary).contains("to the power"));
}

#[test]
fn two_writes_give_equal_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let summary = example::summary(vec![example::config("one", 6, 0.3, 5.0)]);
    for name in ["a", "b"] {
        write(&summary, Some(&provenance()), &folder.path().join(name)).unwrap();
    }
    assert_eq!(files(&folder.path().join("a")), files(&folder.path().join("b")));
}

#[test]
fn every_seed_is_a_line_of_the_figure() {
    let summary = example::summary(vec![example::config("one", 20, 0.3, 5.0)]);
    let figure = &Figures::of(&summary).bands[0];
    let svg = paint::svg(&figure.scene, &figure.name).unwrap();
    assert_xml(&svg);
    let lines = |color: &str| {
        svg.lines()
            .filter(|line| line.starts_with("<polyline") && line.contains(color))
            .count()
    };
    assert_eq!(lines("stroke=\"#B8D8E9\""), 20, "one line a seed");
    assert_eq!(lines("stroke=\"#0072B2\""), 2, "the median, here and in the key");
    assert_eq!(
        svg.matches("<polygon opacity=\"0.17\"").count(),
        2,
        "the band, here and in the key"
    );
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\""));
    assert!(svg.contains("role=\"img\"") && svg.contains("<title>Loss by learning rate over 20 seeds of one</title>"));
}

#[test]
fn the_page_holds_every_number() {
    let folder = tempfile::tempdir().unwrap();
    let summary = example::reference();
    let page = std::fs::read_to_string(write(&summary, Some(&provenance()), folder.path()).unwrap().index).unwrap();
    for config in &summary.configs {
        assert!(page.contains(&config.name));
        for spread in [&config.min_lr, &config.max_lr] {
            let estimate = spread.estimate.unwrap();
            let interval = estimate.interval.unwrap();
            for lr in [
                estimate.median,
                estimate.lower,
                estimate.upper,
                interval.lower,
                interval.upper,
            ] {
                assert!(page.contains(&format::lr_exact(lr)), "{lr}");
            }
            assert!(page.contains(&format::decades(estimate.decades)));
        }
        for seed in &config.seeds {
            assert!(
                page.contains(&format::lr_exact(seed.max_lr.lr().unwrap())),
                "seed {}",
                seed.seed
            );
        }
    }
    for text in [
        "95.9 %",
        "10–90 %",
        "log10 of the learning rate",
        "2026-11-23 18:31:07 UTC",
        "Earlier run, 2026-11-22 09:00:00 UTC",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(page.matches("<svg ").count(), 8);
    assert_eq!(page.matches("<figcaption>").count(), 8);
}

/// Wherever numbers of a config with seeds to come stand, it is said how many of how many seeds are behind them.
#[test]
fn what_is_partial_says_so_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = example::trained("one", 20);
    config.trainings[0].counts.missing += 2;
    config.validation = example::validated("one", 20).validation;
    config.named_rules = example::ruled("one", 20).named_rules;
    (config.counts.wanted, config.counts.missing, config.counts.failed) = (30, 9, 1);
    let summary = example::summary(vec![config, example::config("whole", 20, 0.3, 5.0)]);
    let written = write(&summary, None, folder.path()).unwrap();
    let page = std::fs::read_to_string(written.index).unwrap();
    let markdown = std::fs::read_to_string(folder.path().join("summary.md")).unwrap();
    let figures: Vec<&str> = page.split("<figure id=\"").skip(1).collect();
    let (mut own, mut both) = (0, 0);
    for figure in figures {
        let (name, rest) = figure.split_once("-figure\"").unwrap();
        let caption = rest.split_once("<figcaption>").unwrap().1;
        let caption = caption.split_once("</figcaption>").unwrap().0;
        let expected = match name {
            "compare" | "ranges" => "Partial: 40 of 50 range tests.",
            "trainings-one" => "Partial: 25 of 27 trainings.",
            _ if name.ends_with("-one") => "Partial: 20 of 30 seeds.",
            _ => {
                assert!(!caption.contains("Partial"), "{name}: {caption}");
                continue;
            }
        };
        (own, both) = (own + 1, both + usize::from(markdown.contains(&format!("{expected}\n"))));
        assert!(caption.contains(expected), "{name}: {caption}");
    }
    assert_eq!((own, both), (8, 8));
    for text in [
        "partial: 40 of 50 range tests",
        "<td class=\"count\">partial: 20 of 30</td>",
        "Partial, 20 of 30 seeds. ",
        "Partial: 20 of 30 seeds have a curve, 1 failed, 9 not yet run. The seeds that are there first need not be typical",
        "Partial: 25 of 27 trainings have a curve",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("class=\"statement good\">Partial"));
    assert!(markdown.contains("| one | partial: 20 of 30 |") && markdown.contains("| whole | 20 |"));
    let terminal = terminal(&summary);
    assert!(
        terminal.contains("partial: 20 of 30") && terminal.contains("one: Partial, 20 of 30 seeds. "),
        "{terminal}"
    );
    let json = serde_json::to_value(&summary).unwrap();
    assert_eq!(json["configs"][0]["counts"]["partial"], "20 of 30 seeds");
    assert_eq!(json["configs"][1]["counts"].get("partial"), None);
    assert_eq!(serde_json::from_value::<Summary>(json).unwrap(), summary);
}

#[test]
fn rules_have_a_figure_and_tables() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("aggregate")).unwrap();
    std::fs::write(folder.path().join("aggregate/rules.csv"), "rule\n").unwrap();
    let ruled = example::ruled("one", 20);
    let summary = example::summary(vec![ruled, example::config("plain", 20, 0.3, 5.0)]);
    let written = write(&summary, None, &folder.path().join("report")).unwrap();
    let figures = folder.path().join("report/figures");
    assert!(figures.join("rules-one.svg").is_file() && figures.join("rules-one.png").is_file());
    assert!(!figures.join("rules-plain.svg").exists());
    let page = std::fs::read_to_string(written.index).unwrap();
    assert_eq!(page.matches("Other rules on the same curves").count(), 1);
    for text in [
        "20 of 20, 2 cut short",
        "0 of 20",
        "-3.80",
        "3.98e-5",
        "medians of 3 rules lie 3.0 decades apart",
        "href=\"../aggregate/rules.csv\"",
        "before the stop of 1 of 4 rules fired, on up to 2 of 20 seeds",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let figure = Figures::of(&summary).rules[0].take().unwrap();
    let svg = paint::svg(&figure.scene, &figure.name).unwrap();
    assert_xml(&svg);
    assert_eq!(
        svg.matches("<circle").count(),
        3 * 20 + 3 * 2,
        "a mark a seed, and two discs a median"
    );
    assert!(svg.contains("0 of 20 seeds"));
    // Without rules nothing speaks of them, not even of the table.
    let plain = example::summary(vec![example::config("plain", 20, 0.3, 5.0)]);
    let page = std::fs::read_to_string(write(&plain, None, &folder.path().join("plain")).unwrap().index).unwrap();
    assert!(!page.contains("rules.csv") && !page.contains("Other rules"));
}

#[test]
fn trainings_have_a_figure_and_a_table() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("aggregate")).unwrap();
    for table in ["trainings.csv", "training_curves.csv", "regrets.csv"] {
        std::fs::write(folder.path().join("aggregate").join(table), "\n").unwrap();
    }
    let summary = example::summary(vec![
        example::trained("one", 20),
        example::config("plain", 20, 0.3, 5.0),
    ]);
    let written = write(&summary, None, &folder.path().join("report")).unwrap();
    let figures = folder.path().join("report/figures");
    assert!(figures.join("trainings-one.svg").is_file() && figures.join("trainings-one.png").is_file());
    assert!(!figures.join("trainings-plain.svg").exists());
    for (path, lead) in [(written.index, "figures/"), (written.markdown, "](figures/")] {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(&format!("{lead}trainings-one.png")));
        for said in [
            "After training: own (own max LR) 0 of 20 diverged",
            "0.041 (0.020 – 0.080)",
            "2 (40 %)",
            "1.60 (1.55 – ∞)",
            "20 seeds: no range holds for enough seeds",
        ] {
            assert!(text.contains(said), "{said}");
        }
    }
    let page = std::fs::read_to_string(folder.path().join("report/index.html")).unwrap();
    assert_eq!(page.matches("Training after the range test").count(), 1);
    assert!(page.contains("/trainings.csv\"") && page.contains("/training_curves.csv\""));
    assert!(!page.contains("regrets.csv"), "no grid, no regret");
    // A study without trainings does not speak of them.
    let plain = example::summary(vec![example::config("plain", 20, 0.3, 5.0)]);
    let page = std::fs::read_to_string(write(&plain, None, &folder.path().join("plain")).unwrap().index).unwrap();
    assert!(!page.contains("trainings.csv") && !page.contains("Training after"));
}

#[test]
fn a_training_is_a_line_in_both_plots() {
    let svg = |config: ConfigSummary| {
        let figure = Figures::of(&example::summary(vec![config])).trainings[0]
            .take()
            .unwrap();
        let svg = paint::svg(&figure.scene, &figure.name).unwrap();
        assert_xml(&svg);
        svg
    };
    let trained = svg(example::trained("one", 20));
    let solid = trained
        .lines()
        .filter(|line| line.starts_with("<polyline") && line.contains("stroke=\"#0072B2\""));
    assert_eq!(solid.count(), 3, "loss, accuracy and the key");
    assert_eq!(
        trained.matches("<circle").count(),
        2 * 2 * 4,
        "two trainings of four validations"
    );
    assert!(trained.contains("fixed: learning rate 0.1 (5 seeds, 2 diverged)"));
    assert!(!trained.contains("consensus: "), "no curve, no line");
    let paired = svg(example::paired("one"));
    assert!(paired.contains("swap, lower range: ") && paired.contains("keep, higher range: "));
    let mut many = example::trained("one", 20);
    many.trainings = vec![example::training("t", "own max LR", [3, 0], 0.5); 8];
    assert!(svg(many).contains("first 6 of 8: "));
    let marks = svg(broken_trainings()).matches("<circle").count();
    assert_eq!(marks, 2 * (4 + 1), "what is no number has no mark");
    let mut none = example::trained("one", 20);
    none.trainings.drain(..2);
    assert!(Figures::of(&example::summary(vec![none])).trainings[0].is_none());
}

#[test]
fn a_grid_of_rates_has_a_figure_and_a_table_of_regret() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("aggregate")).unwrap();
    std::fs::write(folder.path().join("aggregate/regrets.csv"), "\n").unwrap();
    let mut one = example::calibrated("one");
    one.calibrations.push(one.calibrations[0].clone());
    let mut empty = example::calibrated("empty");
    empty.calibrations[0].seeds.clear();
    empty.calibrations[0].best_lr = None;
    // Its name is that of the second grid of the first config.
    let summary = example::summary(vec![one, empty, example::calibrated("one-2")]);
    let written = write(&summary, None, &folder.path().join("report")).unwrap();
    let figures = folder.path().join("report/figures");
    for name in [
        "calibration-one",
        "calibration-one-2",
        "calibration-one-2-2",
        "trainings-one",
    ] {
        assert!(figures.join(format!("{name}.svg")).is_file(), "{name}");
        assert!(figures.join(format!("{name}.png")).is_file(), "{name}");
    }
    assert!(!figures.join("calibration-empty.svg").exists());
    for path in [&written.index, &written.markdown] {
        let text = std::fs::read_to_string(path).unwrap();
        for said in [
            "figures/calibration-one-2.png",
            "The least median regret is that of own max LR, 0.0200 (0 – 0.300) nats over 3 seeds",
            "0.400 (0.100 – ∞)",
            "50.0 (0.100 – 90.0)",
        ] {
            assert!(text.contains(said), "{said}");
        }
        assert!(
            !text.contains("grid,lr="),
            "trainings of a grid stand in its calibration alone"
        );
    }
    let page = std::fs::read_to_string(written.index).unwrap();
    assert_eq!(page.matches("What suggestions cost").count(), 4);
    assert!(page.contains("<p>No seed has a loss at every learning rate of the grid.</p>"));
    assert!(page.contains("href=\"../aggregate/regrets.csv\""));
    let row = std::fs::read_to_string(written.markdown).unwrap();
    assert!(
        row.contains("| far | 50.0 (0.100 – 90.0) | 0 (0 – 0) | 1 of 3 | 0 | 2 | 0 |"),
        "{row}"
    );
}

#[test]
fn choices_outside_the_grid_do_not_look_good() {
    let summary = example::summary(vec![example::calibrated("one")]);
    let figure = Figures::of(&summary).calibrations[0][0].take().unwrap();
    let svg = paint::svg(&figure.scene, &figure.name).unwrap();
    assert_xml(&svg);
    for note in [
        "1 of 3 seeds, 2 above",
        "0 of 3 seeds, 3 none",
        "2 of 3 seeds, 1 below",
        "unknown",
    ] {
        assert!(svg.contains(note), "{note}");
    }
    let discs = |color: &str| {
        let circles = svg.lines().filter(|line| line.starts_with("<circle"));
        circles.filter(|line| line.contains(color)).count()
    };
    assert_eq!(
        discs("#D55E00"),
        2,
        "own max LR and steep; what lies outside is an arrowhead"
    );
    assert_eq!(discs("#A0A9B4"), 0, "a median outside is no disc at the edge");
    let heads = svg
        .lines()
        .filter(|line| line.starts_with("<polygon") && line.contains("#A0A9B4"));
    assert_eq!(heads.count(), 1, "an arrowhead");
    assert_eq!(
        discs("#CC79A7"),
        2,
        "the median at two rates; at the third it is infinite"
    );
}

#[test]
fn a_validation_has_a_figure_behind_the_bands() {
    let folder = tempfile::tempdir().unwrap();
    let summary = example::summary(vec![
        example::validated("one", 20),
        example::config("plain", 20, 0.3, 5.0),
    ]);
    let written = write(&summary, None, folder.path()).unwrap();
    let figures = folder.path().join("figures");
    assert!(figures.join("losses-one.svg").is_file() && figures.join("losses-one.png").is_file());
    assert!(!figures.join("losses-plain.svg").exists());
    for (path, lead) in [(written.index, "figures/"), (written.markdown, "](figures/")] {
        let text = std::fs::read_to_string(path).unwrap();
        let place = |figure: &str| text.find(&format!("{lead}{figure}.png")).unwrap();
        assert!(place("bands-one") < place("losses-one") && place("losses-one") < place("bands-plain"));
        assert!(text.contains("the training loss jumps 14 (9.1 – 21) times"));
    }
    let figure = Figures::of(&summary).losses[0].take().unwrap();
    let svg = paint::svg(&figure.scene, &figure.name).unwrap();
    assert_xml(&svg);
    let lines = |color: &str| {
        svg.lines()
            .filter(|line| line.starts_with("<polyline") && line.contains(color))
            .count()
    };
    assert!(
        lines("#B8D8E9") >= 40,
        "a raw and a smoothed line a seed, more where one leaves the plot and returns"
    );
    assert!(svg.contains("validation loss") && svg.contains("jumps 14 (9.1 – 21) times as far as the smoothed loss"));
}

#[test]
fn the_page_asks_the_network_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("aggregate")).unwrap();
    std::fs::write(folder.path().join("aggregate/bands.csv"), "step\n").unwrap();
    let summary = example::reference();
    let page = std::fs::read_to_string(write(&summary, None, &folder.path().join("report")).unwrap().index).unwrap();
    assert!(page.contains("default-src 'none'"));
    for forbidden in [
        "<script",
        "<link",
        "<iframe",
        "@import",
        "src=\"",
        "href=\"http",
        "url(http",
        "url(\"http",
        "url('http",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for link in page
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
    {
        let target = folder.path().join("report").join(link);
        let anchor = link
            .strip_prefix('#')
            .is_some_and(|id| page.contains(&format!("id=\"{id}\"")));
        assert!(anchor || target.is_file(), "`{link}` leads nowhere");
    }
    assert!(page.contains("href=\"../aggregate/bands.csv\""));
    assert!(!page.contains("curves.csv"), "a table that is not there has no link");
}

#[test]
fn names_cannot_break_out() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "<script>alert('\"&')</script>";
    let mut config = example::config(evil, 3, 0.3, 5.0);
    config.labels = vec![(evil.into(), evil.into())];
    config.rules.min_lr = evil.into();
    config.named_rules = example::ruled("rules", 3).named_rules;
    config.named_rules[0].name = evil.into();
    let mut summary = example::summary(vec![config, example::config("plain", 3, 0.3, 5.0)]);
    (summary.title, summary.description, summary.study) = (evil.into(), evil.into(), evil.into());
    let mut provenance = provenance();
    provenance.runs[0].command = vec![evil.into()];
    provenance.runs[0].workers = vec![evil.into()];
    let written = write(&summary, Some(&provenance), folder.path()).unwrap();
    let page = std::fs::read_to_string(written.index).unwrap();
    assert!(!page.contains("<script") && !page.contains("</script"));
    assert!(page.contains("&lt;script") || page.contains("&#60;script"));
    assert!(!std::fs::read_to_string(written.markdown).unwrap().contains("<script"));
    for figure in Figures::of(&summary).all() {
        assert_xml(&paint::svg(&figure.scene, &figure.name).unwrap());
    }
}

/// Trainings all of whose values are infinite, not numbers, or missing.
fn broken_trainings() -> ConfigSummary {
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
    let grids: [fn(&mut Calibration); 4] = [
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
        let mut config = example::calibrated(&format!("grid {index}"));
        spoil(&mut config.calibrations[0]);
        config
    });
    broken.collect()
}

/// Studies that are odd, empty or broken.
fn odd_studies() -> Vec<(&'static str, Summary)> {
    let lrs = example::lrs(30);
    let of = |name: &str, curves: Vec<Vec<f64>>| {
        let seeds = curves
            .into_iter()
            .zip(0..)
            .map(|(curve, seed)| example::answer(seed, &lrs, curve))
            .collect();
        example::from_seeds(name, lrs.clone(), seeds)
    };
    let with = |configs: Vec<ConfigSummary>| example::summary(configs);
    let mut uneven = of("uneven lists", vec![vec![2.0; 30]; 4]);
    uneven.smoothed.lower.truncate(3);
    uneven.smoothed.ended.clear();
    uneven.lrs.truncate(20);
    let mut strange = of(
        "strange values",
        vec![vec![2.0, f64::NAN, f64::NEG_INFINITY, 1e300, -1e300, f64::INFINITY]; 4],
    );
    strange.lrs[0] = 0.0;
    strange.lrs[1] = f64::NAN;
    strange.consensus.min_lr = Some(f64::NAN);
    strange.consensus.max_lr = Some(f64::INFINITY);
    let mut one_rate = of("one learning rate", vec![vec![2.0]; 3]);
    one_rate.lrs.truncate(1);
    let mut partial = example::config("partial", 7, 0.3, 5.0);
    (partial.counts.wanted, partial.counts.failed, partial.counts.missing) = (20, 3, 10);
    let falling: Vec<f64> = (0..30).map(|step| 10f64.powf(4.0 - f64::from(step) / 4.0)).collect();
    vec![
        ("no config", with(vec![])),
        ("no seed", with(vec![of("nothing yet", vec![])])),
        ("one seed", with(vec![example::config("alone", 1, 0.3, 5.0)])),
        (
            "all diverge at once",
            with(vec![of("at once", vec![vec![2.3, 9.0], vec![2.4], vec![2.2, 50.0]])]),
        ),
        ("empty curves", with(vec![of("empty", vec![vec![], vec![]])])),
        ("constant", with(vec![of("constant", vec![vec![2.3; 30]; 5])])),
        ("constant zero", with(vec![of("zero", vec![vec![0.0; 30]; 5])])),
        ("many decades of loss", with(vec![of("falling", vec![falling; 5])])),
        ("uneven and strange", with(vec![uneven, strange, one_rate])),
        ("partial", with(vec![partial])),
        (
            "validation",
            with(vec![
                example::validated("one", 20),
                example::validated("alone", 1),
                example::validated("none", 0),
            ]),
        ),
        ("sweep", example::sweep()),
        (
            "rules",
            with(vec![
                example::ruled("one", 20),
                example::ruled("alone", 1),
                example::ruled("none", 0),
            ]),
        ),
        (
            "trainings",
            with(vec![
                example::trained("one", 20),
                example::paired("pairs"),
                broken_trainings(),
            ]),
        ),
        ("one with trainings", with(vec![example::paired("pairs")])),
        ("a grid", with(vec![example::calibrated("grid")])),
        ("broken grids", with(broken_grids())),
        (
            "four",
            with(
                (0..4)
                    .map(|index| example::config(&format!("config {index}"), 20, 0.2, 5.0 + f64::from(index)))
                    .collect(),
            ),
        ),
        (
            "forty",
            with(
                (0..40)
                    .map(|index| example::config(&format!("batch-size={index}"), 5, 0.2, 5.0))
                    .collect(),
            ),
        ),
        (
            "two hundred",
            with(vec![
                example::config(
                    "one of many with a long, long, long name",
                    2,
                    0.2,
                    5.0
                );
                200
            ]),
        ),
    ]
}

#[test]
fn odd_studies_make_a_page_and_figures() {
    for (name, summary) in odd_studies() {
        let figures = Figures::of(&summary);
        for figure in figures.all() {
            assert_xml(&paint::svg(&figure.scene, &figure.name).unwrap());
        }
        // Bitmaps take long, so of many configs only some are drawn.
        for figure in figures.all().take(4) {
            let bytes = paint::png(&figure.scene, &figure.name).unwrap();
            let image = image::load_from_memory(&bytes).unwrap();
            assert_eq!(image.height(), (figure.scene.height * 2.0).round() as u32, "{name}");
        }
        assert_eq!(figures.compare.is_some(), summary.configs.len() > 1, "{name}");
        assert!(
            terminal(&summary).lines().all(|line| line.chars().count() <= 100),
            "{name}"
        );
        let page = crate::page::context::Page::new(&summary, &figures, None, vec![]).unwrap();
        let page = crate::page::html::render(&page).unwrap();
        assert!(page.contains("</html>") && !page.contains("NaN "), "{name}");
    }
}

/// Draws the made-up study for people to look at: `SEEDBAND_REPORT_EXAMPLE=<folder> cargo test -p seedband-report -- --ignored example`.
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

/// Every figure with losses by learning rate says under which rate they are filed.
#[test]
fn figures_of_a_lagging_schedule_name_the_pairing() {
    let mut config = example::validated("one", 20);
    config.pairing = Some(seedband_core::range_test::Pairing::Used);
    let figures = Figures::of(&example::summary(vec![config]));
    for kind in ["bands-", "losses-", "groups-", "ranges"] {
        let figure = figures.all().find(|figure| figure.name.starts_with(kind)).unwrap();
        let svg = paint::svg(&figure.scene, &figure.name).unwrap();
        assert!(svg.contains("learning rate as used"), "{kind}");
    }
}
