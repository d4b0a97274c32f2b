//! The main job with the real worker: small studies on the built-in images.

use crate::support::{Place, said};
use seedband_core::files::curve::Curve;
use std::fs;

const STUDY: &str = "name = \"real\"
seeds = \"0..4\"
[model]
architecture = \"mlp\"
hidden = [16]
[data]
images-per-class = 20
[training]
batch-size = 32
[schedule]
start = 1e-4
end = 100.0
steps = 30
";

#[test]
fn the_same_study_twice_gives_bitwise_equal_curves() {
    let place = Place::new(STUDY);
    for (results, slots) in [("one", "1"), ("two", "2")] {
        let (status, _, err) = said(&mut place.seedband(&[
            "run",
            "study.toml",
            "--devices",
            "cpu",
            "--results",
            results,
            "-j",
            slots,
        ]));
        assert_eq!(status, 0, "{err}");
    }
    let curves = place.curves("one");
    assert_eq!(curves.len(), 4);
    assert_eq!(curves, place.curves("two"));
    assert_ne!(curves[0].1, curves[1].1, "seeds differ");
}

#[test]
fn a_trial_alone_is_the_same_as_among_others_in_any_order() {
    let place = Place::new(STUDY);
    place
        .seedband(&[
            "run",
            "study.toml",
            "--devices",
            "cpu",
            "--seeds",
            "3,",
            "--results",
            "alone",
        ])
        .assert()
        .code(0);
    place
        .seedband(&[
            "run",
            "study.toml",
            "--devices",
            "cpu",
            "--seeds",
            "2,3,0",
            "--results",
            "among",
            "-j",
            "1",
        ])
        .assert()
        .code(0);
    let alone = place.curves("alone");
    assert_eq!(alone.len(), 1);
    assert!(place.curves("among").contains(&alone[0]));
}

/// With the real worker: the columns, the figure, the same training losses, and nothing new for a study without.
#[test]
fn a_validation_is_in_the_tables_and_the_report() {
    let place = Place::new(STUDY);
    let run = |results: &str, every: &str| {
        let set = format!("validation.every={every}");
        let arguments = [
            "run",
            "study.toml",
            "--devices",
            "cpu",
            "--results",
            results,
            "--set",
            &set,
        ];
        let (status, _, err) = said(&mut place.seedband(&arguments));
        assert_eq!(status, 0, "{err}");
    };
    run("off", "0");
    run("on", "3");
    let (off, on) = (place.curves("off"), place.curves("on"));
    let losses = |curves: &[(String, String)]| -> Vec<Vec<f64>> {
        let of = |(_, text): &(String, String)| Curve::parse(text).unwrap().losses();
        curves.iter().map(of).collect()
    };
    assert_eq!(losses(&off), losses(&on));
    assert!(off.iter().all(|(_, text)| !text.contains("validation")));
    assert!(on.iter().all(|(_, text)| text.contains("\"validation-loss\":")));
    let figure = |results: &str| {
        place
            .path(results)
            .join("real/report/figures/losses-base.png")
            .is_file()
    };
    assert!(figure("on") && !figure("off"));
    // The step after which there was a validation, and the one before.
    let csv = place.read("on/real/aggregate/curves.csv");
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let column = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let cell = |row: usize, name: &str| csv.lines().nth(row).unwrap().split(',').nth(column(name)).unwrap();
    assert!(cell(2, "validation_loss").is_empty() && cell(2, "validation_accuracy").is_empty());
    let accuracy: f64 = cell(3, "validation_accuracy").parse().unwrap();
    assert!((0.0..=1.0).contains(&accuracy) && cell(3, "validation_loss").parse::<f64>().is_ok());
    assert_eq!(
        place
            .read("on/real/aggregate/bands.csv")
            .lines()
            .filter(|line| line.contains(",validation,"))
            .count(),
        10
    );
}

#[test]
fn doctor_finds_the_worker() {
    let place = Place::new(STUDY);
    let (status, out, err) = said(&mut place.seedband(&["doctor"]));
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("libtorch 2.11"), "{out}");
}

/// From the weights of one seed: the same curve as that seed's own, a changed file refused, a moved one not noticed.
#[test]
fn a_study_starts_from_a_file_of_weights() {
    let place = Place::new(STUDY);
    let run = |arguments: &[&str]| said(&mut place.seedband(&[arguments, &["--devices", "cpu"]].concat()));
    assert_eq!(run(&["run", "study.toml", "--seeds", "1"]).0, 0);
    let (status, out, err) = said(&mut place.seedband(&["weights", "study.toml", "--seeds", "0,1"]));
    assert_eq!(status, 0, "{err}");
    let files: Vec<&str> = out.lines().collect();
    fs::copy(place.path(files[0]), place.path("w.safetensors")).unwrap();
    let tuned = STUDY.replace("\"real\"", "\"tuned\"") + "[init]\nfrom = \"w.safetensors\"\n[run]\nsave-init = true\n";
    fs::write(place.path("tuned.toml"), tuned).unwrap();
    let (status, _, err) = run(&["run", "tuned.toml", "--seeds", "0,1"]);
    assert_eq!(status, 0, "{err}");
    let curves = |results: &str| -> Vec<String> {
        let curves = place.curves(results).into_iter();
        curves.map(|(_, curve)| curve).collect()
    };
    let (drawn, from_file) = (curves("results/real"), curves("results/tuned"));
    assert_eq!(drawn[0], from_file[0], "the same weights, the same order");
    assert_ne!(from_file[0], from_file[1], "the order follows the seed");
    let kept = place.path("results/tuned").join(
        place.curves("results/tuned")[1]
            .0
            .replace("curve.jsonl", "init.safetensors"),
    );
    assert_eq!(fs::read(kept).unwrap(), fs::read(place.path("w.safetensors")).unwrap());

    // A file that has moved is the same file.
    fs::rename(place.path("w.safetensors"), place.path("moved.safetensors")).unwrap();
    let moved = [
        "run",
        "tuned.toml",
        "--seeds",
        "0,1",
        "--set",
        "init.from=moved.safetensors",
    ];
    let (status, _, err) = run(&moved);
    assert!(status == 0 && err.contains("nothing to run: all 2 trials"), "{err}");
    // Other content is another training.
    fs::copy(place.path(files[1]), place.path("moved.safetensors")).unwrap();
    let (status, _, err) = run(&moved);
    assert_eq!(status, 96, "{err}");
    assert!(err.contains("`init.sha256` was ") && err.contains("--update"), "{err}");
    // The results say which file was meant.
    let (status, _, err) = run(&["run", "results/tuned"]);
    assert_eq!(status, 96, "{err}");
    assert!(
        err.contains("`init.from`: the content of `") && err.contains("restore the file"),
        "{err}"
    );
    assert_eq!(said(&mut place.seedband(&["report", "results/tuned"])).0, 0);
    assert_eq!(place.curves("results/tuned").len(), 2);
}

#[test]
fn weights_that_do_not_fit_are_a_bad_study_said_once() {
    let place = Place::new(STUDY);
    let (_, out, _) = said(&mut place.seedband(&["weights", "study.toml", "--seeds", "1"]));
    let from = format!("init.from={}", out.trim());
    let other = [
        "run",
        "study.toml",
        "--devices",
        "cpu",
        "--results",
        "other",
        "--set",
        &from,
        "--set",
        "model.hidden=[17]",
    ];
    let (status, _, err) = said(&mut place.seedband(&other));
    assert_eq!(status, 100, "{err}");
    assert_eq!(err.matches("error: ").count(), 1, "{err}");
    assert!(
        err.contains("4 trials failed (bad-study)")
            && err.contains("`fc2.weight` ([10, 16] in the file, [10, 17] in the network)"),
        "{err}"
    );
    let drawn = [&other[..], &["--update", "--set", "init.missing=draw"]].concat();
    let (status, _, err) = said(&mut place.seedband(&drawn));
    assert_eq!(status, 0, "{err}");
}
