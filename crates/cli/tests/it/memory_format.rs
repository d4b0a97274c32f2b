//! The memory format of a study: chosen once, and kept by every later run.

use crate::support::{Place, said};
use std::fs;

const STUDY: &str = r#"
name = "tiny"
seeds = "0..2"

[model]
architecture = "resnet"
depth = 8
width = 4

[data]
images-per-class = 4

[training]
batch-size = 16

[schedule]
steps = 4
"#;

fn stored(place: &Place) -> Option<String> {
    let study = place.read("results/tiny/study.toml");
    let value = study.lines().find_map(|line| line.strip_prefix("memory-format = "))?;
    Some(value.trim_matches('"').to_owned())
}

/// A study whose seeds are trained in a format that is named.
fn trained_in(format: &str, seeds: &str) -> Place {
    let place = Place::new(STUDY);
    let setting = format!("run.memory-format={format}");
    let options = ["run", "study.toml", "--set", &setting, "--seeds", seeds];
    place.seedband(&options).assert().code(0);
    assert_eq!(stored(&place).as_deref(), Some(format));
    place
}

#[test]
fn what_a_study_begins_with_it_goes_on_with() {
    let whole = ["contiguous", "channels-last"].map(|format| trained_in(format, "0..2").curves("results/tiny"));
    assert_ne!(whole[0], whole[1], "the last digits tell the formats apart");
    for (format, whole) in ["contiguous", "channels-last"].into_iter().zip(&whole) {
        // One of the two is not what this machine would choose.
        let place = trained_in(format, "0..1");
        let (code, out, err) = said(&mut place.seedband(&["plan", "study.toml"]));
        assert_eq!(code, 0, "{err}");
        assert!(out.contains(&format!("memory format: {format}\n")), "{out}");
        place.seedband(&["run", "study.toml"]).assert().code(0);
        assert_eq!(&place.curves("results/tiny"), whole, "{format}");
        assert_eq!(stored(&place).as_deref(), Some(format));
    }
}

#[test]
fn another_than_that_of_the_results_is_refused() {
    let place = trained_in("contiguous", "0..1");
    let other = ["study.toml", "--set", "run.memory-format=channels-last"];
    for command in ["plan", "run"] {
        let (code, _, err) = said(&mut place.seedband(&[&[command], &other[..]].concat()));
        assert_eq!(code, 96, "{command}: {err}");
        assert!(
            err.contains("are trained in the memory format `contiguous`, and `run.memory-format` is `channels-last`")
                && err.contains("leave `run.memory-format` out"),
            "{command}: {err}"
        );
    }
    let before = place.curves("results/tiny");
    place
        .seedband(&[&["run"], &other[..], &["--update"]].concat())
        .assert()
        .code(0);
    let after = place.curves("results/tiny");
    assert_eq!((after.len(), &after[0]), (2, &before[0]), "what has finished stays");
    assert_eq!(stored(&place).as_deref(), Some("channels-last"));
}

#[test]
fn results_of_before_there_was_a_choice_are_contiguous() {
    let place = trained_in("contiguous", "0..1");
    let study = place.read("results/tiny/study.toml");
    let without = study.replace("memory-format = \"contiguous\"\n", "");
    assert_ne!(study, without);
    fs::write(place.path("results/tiny/study.toml"), without).unwrap();
    place.seedband(&["run", "study.toml"]).assert().code(0);
    assert_eq!(
        place.curves("results/tiny"),
        trained_in("contiguous", "0..2").curves("results/tiny")
    );
    assert_eq!(stored(&place).as_deref(), Some("contiguous"));
}
