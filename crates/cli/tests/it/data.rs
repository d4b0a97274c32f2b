//! The data of a study: described before anything runs and in the report, and what is wrong with it said once.

use crate::support::{Place, said};
use std::fs;
use std::path::Path;

/// A study of an instant on what `[data]` says, with two seeds.
fn study(data: &str) -> String {
    format!(
        "name = \"data\"\nseeds = \"0..2\"\n[data]\n{data}\n[model]\narchitecture = \"mlp\"\nhidden = [8]\n\
         [training]\nbatch-size = 4\n[schedule]\nstart = 1e-4\nend = 1.0\nsteps = 5\n"
    )
}

const FOLDER: &str = "source = \"image-folder\"\npath = \"set\"";

/// A folder beside the study, with three pictures of each of two classes, which no cache knows.
fn with_folder() -> Place {
    let place = Place::new(&study(FOLDER));
    let stored = stored("images");
    for (class, name) in [("cold", "plain"), ("warm", "text")] {
        fs::create_dir_all(place.path(&format!("set/{class}"))).unwrap();
        for index in 0..3 {
            fs::copy(
                stored.join(format!("{name}.png")),
                place.path(&format!("set/{class}/{index}.png")),
            )
            .unwrap();
        }
    }
    place
}

/// Files that the tests of the data crate keep.
fn stored(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/tests").join(name)
}

/// Exit status and output of a command, with the place's own cache of images.
fn on(place: &Place, arguments: &[&str]) -> (i32, String, String) {
    said(place.seedband(arguments).env("XDG_CACHE_HOME", place.path("cache")))
}

/// Both `plan` and `run` refuse the study with one error of all these parts, before there are results.
fn refused(place: &Place, arguments: &[&str], parts: &[&str]) {
    for command in ["plan", "run"] {
        let (status, out, err) = on(place, &[&[command, "study.toml"], arguments].concat());
        assert_eq!((status, out.as_str()), (96, ""), "{command}: {err}");
        assert_eq!(err.matches("error: ").count(), 1, "{err}");
        for part in parts {
            assert!(err.contains(part), "no `{part}` in: {err}");
        }
        assert!(!place.path("results").exists(), "{command}");
    }
}

#[test]
fn plan_and_report_say_what_is_trained_on() {
    let place = with_folder();
    fs::write(place.path("set/warm/3.gif"), "no picture").unwrap();
    let (status, out, err) = on(&place, &["plan", "study.toml"]);
    assert_eq!(status, 0, "{err}");
    let root = fs::canonicalize(place.path("set")).unwrap();
    for line in [
        format!(
            "data: image-folder in {}: 6 images of 2 classes, 24x16 pixels, colour",
            root.display()
        ),
        "classes: cold, warm (3 each)".into(),
        "passed over: 1 `.gif` file".into(),
    ] {
        assert!(out.lines().any(|there| there == line), "no `{line}` in {out}");
    }
    let digest = out
        .lines()
        .find_map(|line| line.strip_prefix("data SHA-256: "))
        .unwrap();
    let (status, _, err) = on(&place, &["run", "study.toml", "--devices", "cpu"]);
    assert_eq!(status, 0, "{err}");
    let line = "colour; classes: cold, warm (3 each); passed over: 1 `.gif` file\n";
    assert!(err.contains(line), "{err}");
    let page = place.read("results/data/report/index.html");
    for part in [
        "trained on 6 images of 2 classes",
        "cold, warm (3 each)",
        "1 `.gif` file",
        digest,
    ] {
        assert!(page.contains(part), "{part}");
    }
    // It is what the trainer saw.
    let provenance = place.read("results/data/provenance.jsonl");
    let provenance: serde_json::Value = serde_json::from_str(&provenance).unwrap();
    let whole = provenance["run"]["data"][0]["digest"].as_str().unwrap();
    assert!(whole.starts_with(digest.trim_end_matches('…')));
    let journals = fs::read_dir(place.path("results/data/journal")).unwrap();
    let seen = journals.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    assert!(seen.collect::<String>().contains(whole));
}

#[test]
fn arrays_and_idx_files_are_trained_on() {
    for (data, shape) in [
        (
            "source = \"arrays\"\npath = \"arrays/features.npz\"",
            "5 examples of 3 classes, 6 features",
        ),
        (
            "source = \"arrays\"\npath = \"arrays/float32.npz\"",
            "5 images of 3 classes, 4x2 pixels, colour",
        ),
        (
            "source = \"arrays\"\npath = \"arrays/folder\"",
            "5 examples of 3 classes, 6 features",
        ),
        (
            "source = \"idx\"\npath = \"idx\"",
            "5 images of 3 classes, 4x2 pixels, grey",
        ),
    ] {
        let place = Place::new(&study(data));
        for name in ["arrays", "idx"] {
            std::os::unix::fs::symlink(stored(name).canonicalize().unwrap(), place.path(name)).unwrap();
        }
        let (status, out, err) = on(&place, &["plan", "study.toml"]);
        assert_eq!(status, 0, "{err}");
        assert!(out.contains(shape), "{out}");
        let (status, _, err) = on(&place, &["run", "study.toml", "--devices", "cpu"]);
        assert_eq!(status, 0, "{err}");
        assert_eq!(place.curves("results/data").len(), 2, "{data}");
    }
}

#[test]
fn validation_data_is_looked_at_where_there_is_a_validation() {
    let place = Place::new(&study("source = \"idx\"\npath = \"idx\""));
    std::os::unix::fs::symlink(stored("idx").canonicalize().unwrap(), place.path("idx")).unwrap();
    let validated = ["--set", "validation.every=1", "--devices", "cpu"];
    let (status, out, err) = on(&place, &[&["plan", "study.toml"], &validated[..]].concat());
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("validation: 2 examples\n"), "{out}");
    assert_eq!(on(&place, &[&["run", "study.toml"], &validated[..]].concat()).0, 0);
    refused(&with_folder(), &validated, &["so there are no validation images"]);
}

#[test]
fn files_that_cannot_be_used_are_one_error_before_anything_runs() {
    let place = with_folder();
    for name in ["cold/1", "warm/0", "warm/2"] {
        fs::write(place.path(&format!("set/{name}.png")), "x").unwrap();
    }
    refused(
        &place,
        &[],
        &["3 files cannot be used: ", "cold/1.png`", "warm/0.png`", "warm/2.png`"],
    );
    let place = with_folder();
    let photograph = fs::read(stored("images/plain.jpg")).unwrap();
    fs::write(place.path("set/cold/9.jpg"), &photograph[..photograph.len() - 20]).unwrap();
    refused(&place, &[], &["cold/9.jpg` ends in the middle of its pixels"]);
}

#[test]
fn a_missing_or_truncated_data_file_is_one_message() {
    let place = Place::new(&study("source = \"cifar10\"\npath = \"data\""));
    refused(&place, &[], &["cannot find the data in"]);
    fs::create_dir(place.path("data")).unwrap();
    refused(&place, &[], &["cannot read", "data_batch_1.bin"]);
    fs::write(place.path("data/data_batch_1.bin"), vec![0; 3073 * 2 - 1]).unwrap();
    refused(&place, &[], &["data_batch_1.bin` holds 6145 bytes"]);
}

#[test]
fn settings_that_do_not_go_with_the_data_are_one_error() {
    let place = with_folder();
    for (setting, part) in [
        (
            "training.batch-size=7",
            "a batch of `7` images is larger than the training set of 6",
        ),
        ("augment.crop-padding=16", "a reflected padding of `16` pixels"),
        (
            "optimizer.group=[{ parameters = [\"head.*\"], lr-multiplier = 10.0 }]",
            "`head.*` in `optimizer.group` fits no parameter",
        ),
        (
            "pixels={ mean = [0.5], std = [0.5] }",
            "have 1 numbers, and the data has 3 channels",
        ),
    ] {
        refused(
            &place,
            &["--set", setting],
            &[part, "no trial of `base` can be trained"],
        );
    }
    let features = Place::new(
        &study("source = \"arrays\"\npath = \"arrays/features.npz\"")
            .replace("architecture = \"mlp\"\nhidden = [8]", "architecture = \"cnn\""),
    );
    std::os::unix::fs::symlink(stored("arrays").canonicalize().unwrap(), features.path("arrays")).unwrap();
    refused(
        &features,
        &[],
        &["the network needs images, and this data is rows of features", "mlp"],
    );
}
