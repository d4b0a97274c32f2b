//! Bad input gets one clear message and a documented exit status; never a panic, never a half-written result.

use crate::support::{Place, STUDY, said};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

/// Runs a study that cannot be used: exit status 96, one message that holds `parts`, and nothing on disk.
fn refused(study: &str, parts: &[&str]) {
    let place = Place::new(study);
    for command in ["run", "plan"] {
        let (status, out, err) = said(&mut place.fake(&[command, "study.toml"], ""));
        assert_eq!((status, out.as_str()), (96, ""), "{err}");
        assert_eq!(err.matches("error: ").count(), 1, "{err}");
        assert!(!err.contains("panicked"), "{err}");
        for part in parts {
            assert!(err.contains(part), "no `{part}` in: {err}");
        }
        assert!(!place.path("results").exists());
    }
}

#[test]
fn studies_that_make_no_sense() {
    refused(
        "[model]\narchitecture = \"vgg\"",
        &[
            "unknown value `vgg`",
            "study.toml:2:16",
            "known values: `resnet`, `cnn`, `mlp`",
        ],
    );
    refused(
        "[schedule]\nstart = 1.0\nend = 0.1",
        &["`schedule.end = 0.1`", "study.toml:3:1", "for example"],
    );
    refused("seeds = \"0..0\"", &["at least one seed", "study.toml:1:9"]);
    refused(
        "[[config]]\nname = \"a\"\n[[config]]\nname = \"a\"",
        &["there is a config of this name already"],
    );
    refused(
        "[optimiser]\nmomentum = 0.9",
        &["unknown key `optimiser`", "did you mean `optimizer`"],
    );
    refused(
        "[training]\nbatch-size = 0",
        &["`training.batch-size = 0`", "for example `batch-size = 128`"],
    );
    refused("seeds = \"0..2\"\nseeds = 3", &["study.toml:2"]);
    refused(
        "[data]\nsource = \"cifar10\"\npath = \"${SEEDBAND_NO_SUCH_VARIABLE}\"",
        &["`SEEDBAND_NO_SUCH_VARIABLE` is not set", "--data"],
    );
    refused(
        "[data]\nsource = \"cifar10\"\npath = \"/no/such/folder\"",
        &["cannot find the data in `/no/such/folder`"],
    );
    refused("[run]\ndevices = \"cuda:0\"", &["cuda"]);
}

#[test]
fn a_study_that_is_not_there() {
    let place = Place::new(STUDY);
    for study in ["none.toml", "results"] {
        let (status, _, err) = said(&mut place.fake(&["run", study], ""));
        assert_eq!(status, 96, "{err}");
        assert!(err.contains(study), "{err}");
    }
    for command in ["show", "aggregate", "report"] {
        let (status, _, err) = said(&mut place.fake(&[command, "study.toml"], ""));
        assert_eq!(status, 96, "{err}");
        assert!(err.contains("seedband run"), "{err}");
    }
}

#[test]
fn a_study_changed_under_existing_results() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let before = place.curves("results/tiny");
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml", "--set", "optimizer.momentum=0.5"], ""));
    assert_eq!(status, 96);
    assert!(
        err.contains("`plain`: `optimizer.momentum` was 0.9, is 0.5") && err.contains("--update"),
        "{err}"
    );
    assert_eq!(place.curves("results/tiny"), before);
    // The results folder stands for its study and is guarded like it.
    let folder = ["run", "results/tiny", "--set", "optimizer.momentum=0.5"];
    assert_eq!(said(&mut place.fake(&folder, "")).0, 96);
    assert!(!place.read("results/tiny/study.toml").contains("momentum = 0.5"));
    // Asked for, the new trials stand beside the old ones and are not mixed with them.
    place
        .fake(
            &["run", "study.toml", "--set", "optimizer.momentum=0.5", "--update"],
            "",
        )
        .assert()
        .code(0);
    assert_eq!(place.curves("results/tiny").len(), 12);
    let summary: serde_json::Value = serde_json::from_str(&place.read("results/tiny/aggregate/summary.json")).unwrap();
    assert_eq!(summary["configs"][0]["counts"]["finished"], 3);
}

#[test]
fn a_results_folder_that_cannot_be_written() {
    let place = Place::new(STUDY);
    // A file where a folder has to be fails for every user, root too.
    fs::write(place.path("results"), "").unwrap();
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml"], ""));
    assert_eq!(status, 96, "{err}");
    assert!(err.contains("error: cannot") && err.contains("results/tiny"), "{err}");
    assert_eq!(fs::read_to_string(place.path("results")).unwrap(), "");

    let locked = Place::new(STUDY);
    fs::create_dir(locked.path("results")).unwrap();
    fs::set_permissions(locked.path("results"), fs::Permissions::from_mode(0o555)).unwrap();
    let writable = fs::write(locked.path("results/probe"), "").is_ok();
    if writable {
        // Root may write anywhere: the check needs another user.
        return;
    }
    let (status, _, err) = said(&mut locked.fake(&["run", "study.toml"], ""));
    assert_eq!(status, 96, "{err}");
    assert!(err.contains("--results"), "{err}");
}

#[test]
fn a_full_disk_leaves_no_half_written_file() {
    // Every write to a regular file beyond 64 KiB fails from here on, as on a full disk: curves fit, the log of this
    // trial does not matter, and tables of the aggregate do not fit.
    let place = Place::new(
        "name = \"tiny\"\nseeds = \"0..3\"\n[schedule]\nsteps = 4000\n[stop]\nkind = \"never\"\n[run]\nretries = 0",
    );
    let program = seedband_testkit::program("seedband");
    let script = format!("ulimit -f 64; exec {} run study.toml", program.display());
    let mut command = assert_cmd::Command::new("bash");
    command.current_dir(place.path("")).args(["-c", &script]);
    command
        .env("SEEDBAND_WORKER", seedband_testkit::program("fake-worker"))
        .env_remove("SEEDBAND_RESULTS");
    let (status, out, err) = said(&mut command);
    assert_eq!((status, out.as_str()), (100, ""), "{err}");
    assert!(err.contains("(storage): cannot write"), "{err}");
    assert!(!err.contains("panicked"), "{err}");
    assert!(
        place.curves("results/tiny").is_empty(),
        "a curve is there whole or not at all"
    );
    // With room again, the same command finishes the study.
    place.fake(&["run", "study.toml"], "").assert().code(0);
    assert_eq!(place.curves("results/tiny").len(), 3);
}

#[test]
fn damaged_results_are_named() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    fs::write(place.path("results/tiny/aggregate/summary.json"), "{").unwrap();
    let (status, _, err) = said(&mut place.fake(&["show", "study.toml"], ""));
    assert_eq!(status, 96);
    assert!(err.contains("summary.json` is not valid"), "{err}");
    // A curve cut short is trained again.
    let curve = place.path("results/tiny").join(&place.curves("results/tiny")[0].0);
    let whole = fs::read_to_string(&curve).unwrap();
    fs::write(&curve, &whole[..whole.len() / 2]).unwrap();
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml"], ""));
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("1 trial to run, 5 finished before"), "{err}");
    assert_eq!(fs::read_to_string(&curve).unwrap(), whole);
}

/// A refusal of `run` that needs no training is one of `plan` too, in the same words.
#[test]
fn plan_refuses_what_run_refuses() {
    let program = "name = \"tiny\"\nseeds = [0]\nschedule.steps = 5\n";
    let data = |lines: &str| format!("{program}[data]\nsource = \"image-folder\"\n{lines}");
    for (study, arguments, part) in [
        (
            STUDY.to_owned(),
            vec!["--set", "optimizer.momentum=0.5"],
            "was 0.9, is 0.5",
        ),
        (STUDY.to_owned(), vec!["--devices", "cuda:7"], "cuda"),
        (STUDY.to_owned(), vec!["--worker", "/no/such/worker"], "/no/such/worker"),
        (
            STUDY.to_owned(),
            vec!["--results", "study.toml"],
            "cannot create the folder",
        ),
        (
            STUDY.to_owned(),
            vec!["--results", "~nobody/x"],
            "`~` is your own home folder",
        ),
        (data("path = \"none\""), vec![], "cannot find the data"),
        (data("path = \"~/no/such/data\""), vec![], "/no/such/data"),
        (data("path = \"study.toml\""), vec![], "is not a folder"),
        (
            data("path = \"${SEEDBAND_NONE}\""),
            vec![],
            "`SEEDBAND_NONE` is not set",
        ),
        (
            format!("{program}trainer.command = [\"no-such-program\"]"),
            vec![],
            "`no-such-program`",
        ),
        (format!("{program}trainer.command = [\"./none.py\"]"), vec![], "none.py"),
        (
            format!("{program}[trainer]\ncommand = [\"true\"]\nworking-dir = \"none\""),
            vec![],
            "no such folder",
        ),
        (
            format!("{program}[trainer]\ncommand = [\"true\"]\ninputs = [\"*.none\"]"),
            vec![],
            "names no file",
        ),
        (
            format!("{program}init.from = \"none.safetensors\""),
            vec![],
            "none.safetensors",
        ),
    ] {
        let place = Place::new(STUDY);
        place.fake(&["run", "study.toml"], "").assert().code(0);
        // Nothing is left to run of a finished study, so another seed is asked for.
        fs::write(
            place.path("study.toml"),
            study.replace("0..3", "0..4").replace("[0]", "[9]"),
        )
        .unwrap();
        let before = place.tree("results");
        let call = |command: &'static str| {
            let all: Vec<&str> = [command, "study.toml"].into_iter().chain(arguments.clone()).collect();
            said(&mut place.fake(&all, ""))
        };
        let (plan, run) = (call("plan"), call("run"));
        assert_eq!((plan.0, plan.1.as_str()), (96, ""), "{part}: {}", plan.2);
        assert!(plan.2.contains(part), "no `{part}` in: {}", plan.2);
        assert_eq!(plan, run, "{part}");
        assert_eq!(place.tree("results"), before, "{part}");
    }
}

#[test]
fn names_that_are_no_text_are_names_all_the_same() {
    let place = Place::new(STUDY);
    let folder = place.path("x").with_file_name(OsStr::from_bytes(b"study-\xff"));
    fs::create_dir(&folder).unwrap();
    let study = folder.join("study.toml");
    fs::rename(place.path("study.toml"), &study).unwrap();
    let run = |command: &str| said(place.fake(&[command], "").arg(&study).args(["--results", "out"]));
    let (status, _, err) = run("run");
    assert_eq!(status, 0, "{err}");
    assert_eq!(place.curves("out").len(), 6);
    assert!(
        place
            .read("out/tiny/provenance.jsonl")
            .contains("study-\u{fffd}/study.toml")
    );
}
