//! `import`: curves that were recorded elsewhere are a study like any other, but for running it.

use crate::support::{Place, STUDY, said};
use std::fs;
use std::path::{Path, PathBuf};

/// A file that a library wrote; see the README beside them.
fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seedband/tests/import");
    folder.canonicalize().unwrap().join(name).display().to_string()
}

fn import(place: &Place, arguments: &[&str]) -> (i32, String, String) {
    said(&mut place.seedband(&[&["import"], arguments].concat()))
}

/// A curve of `steps` steps as CSV; `shift` tells one from another.
fn csv(steps: u32, shift: f64) -> String {
    let rows = (0..steps).map(|step| {
        let step = f64::from(step);
        format!(
            "{:e},{}\n",
            1e-4 * 10_f64.powf(step / 10.0),
            2.0 + shift + (step - 12.0).powi(2) / 100.0
        )
    });
    format!("lr,loss\n{}", rows.collect::<String>())
}

fn ends(place: &Place, results: &str) -> Vec<(String, String)> {
    let last = |text: String| text.lines().last().unwrap_or_default().to_owned();
    let curves = place.curves(results).into_iter();
    curves
        .map(|(path, text)| (path.split('-').next().unwrap_or_default().to_owned(), last(text)))
        .collect()
}

#[test]
fn dumps_of_a_library_become_a_study_that_every_command_takes_but_run() {
    let place = Place::new("");
    let files = ["fastai-seed1.json", "fastai-seed2.json"].map(fixture);
    let (status, out, err) = import(&place, &[&files[0], &files[1], "--name", "mine"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains(" base         2 "), "{out}");
    assert!(err.starts_with("imported 2 curves into `results/mine`\n"), "{err}");
    assert!(err.contains("(fastai): 42 of 44 steps, stopped early\n"), "{err}");
    let averages = "losses computed back from the averages that fastai keeps (beta 0.98) (2 curves)";
    assert!(err.contains(averages), "{err}");
    assert!(err.ends_with("next: seedband show results/mine\n"), "{err}");
    let page = place.read("results/mine/report/index.html");
    for says in [
        "2 curves recorded elsewhere and imported",
        "fastai-seed2.json (fastai): 1 curve, SHA-256 08cf9124ce38",
    ] {
        assert!(page.contains(says), "{says}");
    }
    for command in ["status", "show", "aggregate", "report", "plan", "gc"] {
        let (status, out, err) = said(&mut place.seedband(&[command, "results/mine"]));
        assert_eq!(status, 0, "{command}: {out}{err}");
        assert!(!err.contains("warning"), "{command}: {err}");
    }
    let (_, out, _) = said(&mut place.seedband(&["plan", "results/mine"]));
    assert!(out.contains("2 trials: 2 finished, 0 to run"), "{out}");
    let before = place.tree("results");
    let (status, out, err) = said(&mut place.seedband(&["run", "results/mine"]));
    assert_eq!((status, out.as_str(), err.lines().count()), (96, "", 1), "{err}");
    assert!(
        err.contains("the curves of `mine` were recorded elsewhere and cannot be run"),
        "{err}"
    );
    assert_eq!(place.tree("results"), before);
    let (status, _, err) = said(&mut place.seedband(&["weights", "results/mine"]));
    assert_eq!((status, err.lines().count()), (96, 1), "{err}");
}

/// Losses that are NaN from the first step are the same in every seed, and each of them counts.
#[test]
fn seeds_of_equal_losses_are_all_there() {
    let place = Place::new("");
    let row = |seed: u32, step: u32| format!("{seed},{:e},{}\n", 1e-4 * 1.5_f64.powf(f64::from(step)), 2 + step % 2);
    let mut rows: String = (0..3)
        .flat_map(|seed| (0..20).map(move |step| row(seed, step)))
        .collect();
    rows += "3,1e-4,nan\n4,1e-4,nan\n";
    fs::write(place.path("all.csv"), format!("seed,lr,loss\n{rows}")).unwrap();
    let (status, _, err) = import(&place, &["all.csv", "--name", "mine"]);
    assert!(
        status == 0 && err.starts_with("imported 5 curves into `results/mine`"),
        "{err}"
    );
    assert_eq!(place.curves("results").len(), 5);
    let (status, _, err) = import(&place, &["all.csv", "--name", "mine"]);
    assert!(
        status == 0 && err.starts_with("imported 0 curves into `results/mine`; 5 there before"),
        "{err}"
    );
    // Copies under other names are what they were; new files of such names are seeds of their own.
    for seed in 0..2 {
        fs::write(place.path(&format!("seed{seed}.csv")), csv(30, 0.0)).unwrap();
    }
    let (status, _, err) = import(&place, &["seed0.csv", "seed1.csv", "--name", "named"]);
    assert!(
        status == 0 && err.starts_with("imported 2 curves into `results/named`"),
        "{err}"
    );
}

#[test]
fn what_was_imported_before_stays_and_what_is_new_is_added() {
    let place = Place::new("");
    for (seed, shift) in [(0, 0.0), (1, 0.1), (2, 0.2)] {
        fs::write(place.path(&format!("seed{seed}.csv")), csv(30, shift)).unwrap();
    }
    fs::write(place.path("long.csv"), csv(40, 0.3)).unwrap();
    assert_eq!(import(&place, &["seed0.csv", "seed1.csv", "--name", "mine"]).0, 0);
    let (first, record) = (place.curves("results"), place.read("results/mine/provenance.jsonl"));
    assert_eq!(first.len(), 2);
    let (status, _, err) = import(&place, &["seed0.csv", "seed1.csv", "--name", "mine"]);
    assert!(
        status == 0 && err.starts_with("imported 0 curves into `results/mine`; 2 there before\n"),
        "{err}"
    );
    assert_eq!(
        (place.curves("results"), place.read("results/mine/provenance.jsonl")),
        (first.clone(), record)
    );
    // The same content is the same trial, whatever it is called.
    fs::copy(place.path("seed1.csv"), place.path("seed7.csv")).unwrap();
    let (_, _, err) = import(&place, &["seed7.csv", "seed2.csv", "--name", "mine"]);
    assert!(
        err.contains("  base/1 from `seed7.csv` (csv): 30 steps, completed, there before\n"),
        "{err}"
    );
    let second = place.curves("results");
    assert!(
        second.len() == 3 && first.iter().all(|curve| second.contains(curve)),
        "{second:?}"
    );
    // A longer curve shows that the others ended early; their trials stay the same.
    let (status, out, err) = import(&place, &["long.csv", "--name", "mine"]);
    assert!(
        status == 0 && err.contains("  base/3 from `long.csv` (csv): 40 steps, completed\n"),
        "{err}"
    );
    assert!(out.contains(" base         4 "), "{out}");
    let names = |curves: Vec<(String, String)>| curves.into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    let third = names(place.curves("results"));
    assert!(names(second).iter().all(|path| third.contains(path)), "{third:?}");
    let halted = |seed: u32| {
        (
            format!("mine/trials/base/{seed}"),
            "{\"end\":\"halted\",\"steps\":30}".to_owned(),
        )
    };
    let completed = (
        "mine/trials/base/3".to_owned(),
        "{\"end\":\"completed\",\"steps\":40}".to_owned(),
    );
    assert_eq!(ends(&place, "results"), [halted(0), halted(1), halted(2), completed]);
    let (status, out, err) = said(&mut place.seedband(&["status", "results/mine"]));
    assert!(
        status == 0 && out.contains("base: 4 finished") && err.is_empty(),
        "{out}{err}"
    );
}

#[test]
fn rows_say_configs_seeds_and_validations() {
    let place = Place::new("");
    let (status, out, err) = import(&place, &[&fixture("rows.csv"), "--name", "rows"]);
    assert_eq!(status, 0, "{err}");
    assert!(
        out.contains(" plain        2 ") && out.contains(" decay        2 "),
        "{out}"
    );
    assert!(place.read("results/rows/report/index.html").contains("validation loss"));
    let study = place.read("results/rows/study.toml");
    assert!(
        study.contains("every = 10") && study.contains("kind = \"exponential\""),
        "{study}"
    );
    let (status, _, err) = import(&place, &[&fixture("rows.jsonl"), "--name", "lines"]);
    assert!(
        status == 0
            && err.contains("base/2 from ")
            && err.contains("(json): 48 of 50 steps, ended by a loss that is not finite"),
        "{err}"
    );
}

#[test]
fn names_of_files_and_runs_tell_seeds() {
    let place = Place::new("");
    let (status, _, err) = import(&place, &[&fixture("wandb.csv"), "--name", "runs"]);
    assert!(
        status == 0 && err.contains("  base/3 from ") && err.contains("  base/4 from "),
        "{err}"
    );
    fs::create_dir_all(place.path("runs/a/2")).unwrap();
    fs::write(place.path("runs/a/2/m.csv"), csv(20, 0.0)).unwrap();
    fs::write(place.path("plain.csv"), csv(20, 0.5)).unwrap();
    let (status, _, err) = import(
        &place,
        &["runs/a/2/m.csv", "--name", "x", "--pattern", "{config}/{seed}/m.csv"],
    );
    assert!(status == 0 && err.contains("  a/2 from "), "{err}");
    let (status, _, err) = import(&place, &["plain.csv", "--name", "x", "--config", "b", "--seed", "9"]);
    assert!(status == 0 && err.contains("  b/9 from "), "{err}");
    let (status, out, _) = said(&mut place.seedband(&["show", "results/x"]));
    assert!(
        status == 0 && out.contains(" a            1 ") && out.contains(" b            1 "),
        "{out}"
    );
    let (status, out, _) = said(&mut place.seedband(&["plan", "results/x"]));
    assert!(status == 0 && out.contains("2 trials: 2 finished, 0 to run"), "{out}");
    // A folder stands for the event files in it.
    let runs: PathBuf = place.path("tb/seed5");
    fs::create_dir_all(&runs).unwrap();
    fs::copy(
        fixture("tensorboardx-seed1.tfevents"),
        runs.join("events.out.tfevents.17.host"),
    )
    .unwrap();
    let (status, _, err) = import(&place, &["tb", "--name", "tb"]);
    assert!(
        status == 0 && err.contains("  base/5 from `tb/seed5/events.out.tfevents.17.host` (tensorboard): 50 steps"),
        "{err}"
    );
}

#[test]
fn what_cannot_be_imported_changes_nothing_and_says_why() {
    let place = Place::new("");
    fs::write(place.path("seed0.csv"), csv(20, 0.0)).unwrap();
    fs::write(place.path("other.csv"), csv(20, 0.0).replace("e-4", "e-5")).unwrap();
    fs::write(place.path("again-seed0.csv"), csv(20, 0.7)).unwrap();
    fs::write(place.path("falls.csv"), "lr,loss\n0.1,1\n0.2,1\n0.15,1\n").unwrap();
    fs::write(place.path("names.csv"), "rate,cost\n0.1,1\n").unwrap();
    fs::write(place.path("short.csv"), "lr,loss\n0.1,1\n").unwrap();
    fs::write(place.path("bytes"), [0xff, 0xfe, 0, 1]).unwrap();
    fs::create_dir(place.path("empty")).unwrap();
    for (arguments, message) in [
        (
            &["seed0.csv", "other.csv"][..],
            "`seed0.csv` and `other.csv` were recorded at different learning rates (step ",
        ),
        (
            &["seed0.csv", "again-seed0.csv"],
            "seed 0 of `base` has two curves, in `seed0.csv` and in `again-seed0.csv`",
        ),
        (
            &["falls.csv"],
            "`falls.csv`: has the learning rate `0.15` at step 2 after `0.2`",
        ),
        (&["names.csv"], "name it with `--lr-column`: `rate`, `cost`"),
        (&["short.csv"], "`short.csv` is no range test: "),
        (&["bytes"], "`bytes`: is neither UTF-8 text nor an event file"),
        (&["empty"], "`empty`: is a folder without event files"),
        (&["gone.csv"], "cannot read `gone.csv`"),
        (
            &["seed0.csv", "--pattern", "{seed}.txt"],
            "does not end like `--pattern {seed}.txt`",
        ),
        (&["seed0.csv", "--config", "a/b"], "`config = \"a/b\"`: has to be"),
    ] {
        let (status, out, err) = import(&place, &[arguments, &["--name", "mine"]].concat());
        assert_eq!(
            (status, out.as_str(), err.lines().count()),
            (96, "", 1),
            "{arguments:?}: {err}"
        );
        assert!(err.contains(message), "{arguments:?}: {err}");
        assert!(!place.path("results/mine").exists(), "{arguments:?}");
    }
    let (status, _, err) = import(&place, &["seed0.csv", "--name", "mine", "--format", "xls"]);
    assert!(
        status == 2 && err.contains("it is none of `auto`, `csv`, `json`"),
        "{err}"
    );
    let (status, _, err) = import(&place, &["seed0.csv", "--name", "../mine"]);
    assert!(status == 96 && err.contains("`name = \"../mine\"`"), "{err}");
}

#[test]
fn a_study_that_is_run_takes_no_curves() {
    let place = Place::new(STUDY);
    assert_eq!(said(&mut place.fake(&["run", "study.toml"], "")).0, 0);
    fs::write(place.path("seed0.csv"), csv(20, 0.0)).unwrap();
    let before = place.tree("results");
    let (status, _, err) = import(&place, &["seed0.csv", "--name", "tiny"]);
    assert_eq!((status, err.lines().count()), (96, 1), "{err}");
    assert!(
        err.contains("`results/tiny` holds results of a study that is run"),
        "{err}"
    );
    assert_eq!(place.tree("results"), before);
}

/// A study of one's own may stand beside curves from elsewhere, and a run trains what is its own.
#[test]
fn imported_configs_stand_beside_those_that_are_run() {
    let place = Place::new("");
    fs::write(place.path("seed0.csv"), csv(20, 0.0)).unwrap();
    assert_eq!(
        import(&place, &["seed0.csv", "--name", "both", "--config", "theirs"]).0,
        0
    );
    let study = format!(
        "{}\n[[config]]\nname = \"ours\"\nschedule.steps = 40\n",
        place.read("results/both/study.toml")
    );
    fs::write(place.path("both.toml"), &study).unwrap();
    let (status, out, err) = said(&mut place.fake(&["run", "both.toml"], ""));
    assert_eq!(status, 0, "{err}");
    assert!(
        out.contains(" theirs       1 ") && out.contains(" ours         1 "),
        "{out}"
    );
    let (curve, _) = place
        .curves("results")
        .into_iter()
        .find(|(path, _)| path.contains("theirs"))
        .unwrap();
    fs::remove_file(place.path("results").join(curve)).unwrap();
    let (status, _, err) = said(&mut place.fake(&["run", "both.toml"], ""));
    assert!(
        status == 96 && err.contains("the curve of `theirs/0` was recorded elsewhere and is not there any more"),
        "{err}"
    );
    let with_built_in = study.replace("name = \"theirs\"\n", "name = \"theirs\"\ntraining.batch-size = 8\n");
    fs::write(place.path("both.toml"), with_built_in).unwrap();
    let (status, _, err) = said(&mut place.fake(&["plan", "both.toml"], ""));
    assert!(
        status == 96 && err.contains("the curves of `[recorded]` were trained elsewhere"),
        "{err}"
    );
}
