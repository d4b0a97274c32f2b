//! Training scripts of a user's as trainers: what they do well, and every way in which they go wrong.

use crate::support::{Place, said};
use assert_cmd::Command;
use seedband_testkit::process::is_alive;
use std::fs;
use std::path::Path;

/// A small regression by hand: no library but the package.
pub(crate) const TRAIN: &str = "
import random
import seedband
run = seedband.range_test(steps=30)
draw = random.Random(run.seed)
weight, target = draw.gauss(0, 1), draw.gauss(0, 1)
for x in run.batches([1.0, 2.0, 3.0]):
    error = weight * x - target * x
    run.step(loss=error ** 2)
    weight -= run.lr * 2 * error * x
";

const STUDY: &str = "seeds = \"0..3\"
stop.kind = \"never\"
run = {retries = 1, retry-delay = \"5ms\"}
trainer.command = [\"python3\", \"train.py\"]
[schedule]
start = 1e-4
end = 0.1
steps = 20
";

/// A folder with a script, and a study of it.
pub(crate) fn place(script: &str) -> Place {
    let place = Place::new(STUDY);
    fs::write(place.path("train.py"), script).unwrap();
    place
}

/// `seedband` in that folder, with the package beside the standard library.
pub(crate) fn seedband(place: &Place, arguments: &[&str]) -> Command {
    let mut command = place.seedband(arguments);
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python");
    command.env("PYTHONPATH", package).env_remove("VIRTUAL_ENV");
    command
}

/// Runs the study: status and standard error.
fn run(place: &Place) -> (i32, String) {
    let (status, _, err) = said(&mut seedband(place, &["run", "study.toml", "--devices", "cpu"]));
    (status, err)
}

/// A script that goes wrong, with what the run says of it.
fn fails(script: &str, class: &str, message: &str) {
    let place = place(script);
    let (status, err) = run(&place);
    assert_eq!(status, 100, "{err}");
    assert!(
        err.contains(&format!("failed ({class})")) && err.contains(message),
        "{err}"
    );
    assert!(place.curves("results").is_empty());
}

/// `TRAIN` with `line` in place of the last one.
fn with_last_line(line: &str) -> String {
    TRAIN.replace("    weight -= run.lr * 2 * error * x\n", line)
}

#[test]
fn a_script_is_trained_by_once_and_again_when_it_changes() {
    let place = place(TRAIN);
    let (status, err) = run(&place);
    assert_eq!(status, 0, "{err}");
    let curves = place.curves("results");
    assert_eq!(curves.len(), 3);
    assert!(place.read("results/study/report/index.html").contains("</html>"));
    let (status, err) = run(&place);
    assert!(
        status == 0 && err.contains("all 3 trials were finished before"),
        "{err}"
    );
    // Another comment is another content, and the losses are the same.
    fs::write(place.path("train.py"), format!("# changed\n{TRAIN}")).unwrap();
    let (status, err) = run(&place);
    assert!(
        status == 0 && err.contains("3 trials to run, 0 finished before"),
        "{err}"
    );
    let again = place.curves("results");
    assert_eq!(again.len(), 6, "the trials of the script as it was stay");
    let losses = |curves: &[(String, String)]| {
        let mut texts: Vec<String> = curves.iter().map(|(_, text)| text.clone()).collect();
        texts.sort();
        texts.dedup();
        texts
    };
    assert_eq!(losses(&again), losses(&curves));
}

#[test]
fn arguments_are_swept_and_each_is_a_trial_of_its_own() {
    let script = "
import argparse
import seedband
parser = argparse.ArgumentParser()
parser.add_argument('--width', type=int)
parser.add_argument('--amp', action='store_true')
width = parser.parse_args().width
run = seedband.range_test()
for _ in run.batches([1]):
    run.step(loss=width + run.seed)
";
    let place = place(script);
    let study = format!("{STUDY}[trainer.args]\namp = true\n[sweep.grid]\n\"trainer.args.width\" = [32, 64]\n");
    fs::write(place.path("study.toml"), study).unwrap();
    let (status, err) = run(&place);
    assert_eq!(status, 0, "{err}");
    assert_eq!(place.curves("results").len(), 6);
    let table = place.read("results/study/aggregate/curves.csv");
    assert!(table.contains("width=32") && table.contains("width=64"), "{table}");
}

#[test]
fn what_a_script_prints_stands_in_its_log_and_harms_nothing() {
    let script = TRAIN.replace(
        "run = seedband",
        "import os, sys\nprint('x' * 3_000_000)\nprint('{\"type\":\"finished\"}', file=sys.stderr)\n\
         os.write(1, b'\\xff\\x00 not text\\n')\nprint('loaded')\nrun = seedband",
    );
    let place = place(&script);
    let (status, err) = run(&place);
    assert_eq!(status, 0, "{err}");
    let (_, log, _) = said(&mut seedband(&place, &["logs", "study.toml", "study/0", "-n", "1"]));
    let (_, named, _) = said(&mut seedband(&place, &["logs", "study.toml", "base/0", "-n", "1"]));
    assert!(log.contains("loaded") || named.contains("loaded"), "{log}{named}");
}

#[test]
fn an_error_of_the_script_is_told_in_its_own_words_and_not_tried_again() {
    let place = place(&with_last_line("    raise ValueError('no such file: data.npz')\n"));
    let (status, err) = run(&place);
    assert_eq!(status, 100, "{err}");
    assert!(
        err.contains("(script-error): ValueError: no such file: data.npz"),
        "{err}"
    );
    assert!(!err.contains("; again"), "{err}");
    let (_, log, _) = said(&mut seedband(&place, &["logs", "study.toml"]));
    assert!(log.contains("Traceback") && log.contains("line 10"), "{log}");
}

#[test]
fn a_script_that_ends_before_its_last_step_is_told() {
    let message = "of 20 steps";
    fails(
        &with_last_line("    if run.lr > 1e-3: break\n"),
        "script-error",
        message,
    );
    fails(
        &with_last_line("    if run.lr > 1e-3: raise SystemExit(0)\n"),
        "script-error",
        message,
    );
}

#[test]
fn a_script_that_dies_is_tried_again() {
    let script = with_last_line("    import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n");
    let place = place(&script);
    let (status, err) = run(&place);
    assert_eq!(status, 100, "{err}");
    assert!(
        err.contains("lost-worker") && err.contains("killed by signal 9"),
        "{err}"
    );
    assert!(err.contains("again after"), "{err}");
}

#[test]
fn a_script_that_hangs_runs_into_the_time_limit() {
    let place = place(&with_last_line("    import time; time.sleep(600)\n"));
    let arguments = [
        "run",
        "study.toml",
        "--devices",
        "cpu",
        "--timeout",
        "1s",
        "--retries",
        "0",
    ];
    let (status, _, err) = said(&mut seedband(&place, &arguments));
    assert!(status == 100 && err.contains("failed (timed-out)"), "{err}");
}

#[test]
fn a_loss_that_is_not_finite_ends_the_curve() {
    let place = place(&TRAIN.replace(
        "run.step(loss=error ** 2)",
        "run.step(loss=float('nan') if run.lr > 1e-3 else 1.0)",
    ));
    let (status, err) = run(&place);
    assert_eq!(status, 0, "{err}");
    let curves = place.curves("results");
    assert!(
        curves
            .iter()
            .all(|(_, text)| text.contains("\"NaN\"") && text.contains("non-finite"))
    );
    let start = TRAIN.replace("run.step(loss=error ** 2)", "run.step(loss=float('inf'))");
    fails(&start, "non-finite-start", "the first loss, before any update");
}

#[test]
fn a_script_that_forks_helpers_leaves_none_behind() {
    let script = TRAIN.replace(
        "run = seedband",
        "import multiprocessing\nmultiprocessing.set_start_method('fork')\nhelpers = [multiprocessing.Process(target=__import__('time').sleep, args=(900,)) for _ in range(2)]\n\
         run = seedband",
    );
    let script = script.replace("for x in", "[helper.start() for helper in helpers]\nopen('pids', 'a').write(' '.join(str(helper.pid) for helper in helpers) + ' ')\nfor x in");
    let place = place(&format!("{script}import os; os._exit(0)\n"));
    let (status, err) = run(&place);
    assert_eq!(status, 0, "{err}");
    let pids = place.read("pids");
    assert_eq!(pids.split_whitespace().count(), 6);
    let alive = |pid: &str| is_alive(pid);
    assert!(!pids.split_whitespace().any(alive), "{pids}");
}

/// A trainer that speaks the protocol itself, without the package; `lines` are its events, with `ID` for the trial's
/// id.
fn by_hand(lines: &[&str]) -> String {
    let said = lines
        .iter()
        .map(|line| format!("say('{line}')\n"))
        .collect::<Vec<_>>()
        .concat();
    format!(
        "import json, os, socket
runner = socket.socket(socket.AF_UNIX)
runner.connect(os.environ['SEEDBAND_CHANNEL'])
runner.sendall(b'{{\"type\":\"ready\",\"protocol\":2,\"worker\":\"by hand\",\"device\":\"cpu\",\"one-trial\":true}}\\n')
trial = json.loads(runner.makefile().readline())['trial']['id']
def say(line): runner.sendall(line.replace('ID', trial).encode() + b'\\n')
{said}runner.makefile().read()
"
    )
}

#[test]
fn a_trainer_that_breaks_the_protocol_is_told_what_it_did() {
    let started = r#"{"type":"started","trial":"ID","steps":20}"#;
    let step = r#"{"type":"step","trial":"ID","step":0,"lr":1e-4,"loss":2.5}"#;
    for (lines, message) in [
        (
            &[started, r#"{"type":"step","trial":"ID","step":0,"lr":0.5,"loss":2.5}"#][..],
            "trained step 0 with a learning rate of 5e-1 where 1e-4 is planned",
        ),
        (
            &[r#"{"type":"started","trial":"ID","steps":7}"#],
            "plans 7 steps where the study has 20",
        ),
        (
            &[
                started,
                step,
                r#"{"type":"finished","trial":"ID","end":"completed","steps":1}"#,
            ],
            "after 1 of 20 steps",
        ),
        (&["hello"], "said `hello`, which is no event"),
        (&[started, step, step], "sent step 0 where step 1 was expected"),
    ] {
        fails(&by_hand(lines), "protocol", message);
    }
}

#[test]
fn a_program_that_is_not_there_is_told_before_anything_is_written() {
    let place = place(TRAIN);
    for (command, message) in [
        (
            "[\"pythno\", \"train.py\"]",
            "`trainer.command` names `pythno`, and there is no such program on the `PATH`",
        ),
        ("[\"./gone\"]", "no such program there"),
        ("[]", "has to name the program that trains"),
    ] {
        let study = STUDY.replace("[\"python3\", \"train.py\"]", command);
        fs::write(place.path("study.toml"), study).unwrap();
        let (status, err) = run(&place);
        assert!(status == 96 && err.contains(message), "{err}");
        assert!(!place.path("results").exists());
    }
    let study = format!("{STUDY}[model]\narchitecture = \"mlp\"\n");
    fs::write(place.path("study.toml"), study).unwrap();
    let (status, err) = run(&place);
    assert!(status == 96 && err.contains("is of the built-in trainer"), "{err}");
}

#[test]
fn a_script_beside_the_built_in_trainer_in_one_study() {
    let place = place(TRAIN);
    let study = "seeds = \"0..2\"\n[schedule]\nsteps = 20\n[[config]]\nname = \"script\"\n\
                 trainer.command = [\"python3\", \"train.py\"]\n[[config]]\nname = \"built-in\"\n\
                 model = {architecture = \"mlp\", hidden = [4]}\ndata.images-per-class = 10\ntraining.batch-size = 32\n";
    fs::write(place.path("study.toml"), study).unwrap();
    let (status, err) = run(&place);
    assert_eq!(status, 0, "{err}");
    assert_eq!(place.curves("results").len(), 4);
}

#[test]
fn lr_find_writes_the_study_that_it_runs() {
    let place = place(TRAIN);
    fs::remove_file(place.path("study.toml")).unwrap();
    let arguments = [
        "lr-find",
        "train.py",
        "--seeds",
        "3",
        "--steps",
        "20",
        "--devices",
        "cpu",
    ];
    let (status, out, err) = said(&mut seedband(&place, &arguments));
    assert_eq!(status, 0, "{err}");
    assert!(
        out.contains("max LR") && err.contains("study: lr-find-train.toml"),
        "{out}{err}"
    );
    assert_eq!(place.curves("results").len(), 3);
    // More seeds are more trials, and the study says so.
    let (status, _, err) = said(&mut seedband(
        &place,
        &["lr-find", "train.py", "--seeds", "5", "--steps", "20"],
    ));
    assert!(
        status == 0 && err.contains("2 trials to run, 3 finished before"),
        "{err}"
    );
    let edited = place.read("lr-find-train.toml").replace("steps = 20", "steps = 10");
    fs::write(place.path("lr-find-train.toml"), edited).unwrap();
    let (status, _, err) = said(&mut seedband(&place, &arguments));
    assert!(status == 96 && err.contains("was changed"), "{err}");
    let (status, _, err) = said(&mut seedband(&place, &["lr-find", "gone.py"]));
    assert!(status == 96 && err.contains("there is no script `gone.py`"), "{err}");
}

#[test]
fn check_trainer_names_each_fault_in_the_authors_terms() {
    let check = |script: &str| {
        let place = place(script);
        let (status, out, err) = said(&mut seedband(&place, &["check-trainer", "--", "python3", "train.py"]));
        (status, out + &err)
    };
    let (status, text) = check(TRAIN);
    assert!(status == 0 && !text.contains("BAD"), "{text}");
    let unseeded = TRAIN.replace("random.Random(run.seed)", "random.Random()");
    let same = TRAIN.replace("random.Random(run.seed)", "random.Random(0)");
    let standing = with_last_line("    pass\n");
    for (script, message) in [
        (unseeded, "the same seed gives other losses"),
        (same, "another seed gives the same losses"),
        (standing, "the losses do not depend on the learning rate"),
        (
            with_last_line("    raise ValueError('odd')\n"),
            "failed (script-error): ValueError: odd",
        ),
        (
            "raise ValueError('at once')\n".to_owned(),
            "the script ended before it was ready",
        ),
    ] {
        let (status, text) = check(&script);
        assert!(
            status == 100 && text.contains(&format!("BAD   {message}")) || text.contains(message),
            "{text}"
        );
        assert_eq!(status, 100, "{text}");
    }
}

#[test]
fn a_script_that_changes_while_it_runs_is_filed_under_neither_content() {
    let change = "    if run.lr > 0.05 and run.seed == 1:
        with open('train.py', 'a') as script: script.write('# changed\\n')
    weight -= run.lr * 2 * error * x
";
    let place = place(&with_last_line(change));
    let arguments = ["run", "study.toml", "--devices", "cpu", "-j", "1"];
    let (status, _, err) = said(&mut seedband(&place, &arguments));
    assert!(
        status == 100 && err.contains("`train.py` has changed since the run began"),
        "{err}"
    );
    assert_eq!(place.curves("results").len(), 1, "seed 0, which was trained before");
}

#[test]
fn an_argument_that_a_script_refuses_costs_that_config_alone() {
    let script = "
import argparse
parser = argparse.ArgumentParser()
parser.add_argument('--model.width', dest='width', type=int)
width = parser.parse_args().width
import seedband
run = seedband.range_test()
for _ in run.batches([1]):
    run.step(loss=width + run.seed)
";
    let place = place(script);
    let study = format!("{STUDY}[sweep.grid]\ntrainer.args.\"model.width\" = [\"bad\", 4]\n");
    fs::write(place.path("study.toml"), study).unwrap();
    let (status, err) = run(&place);
    assert_eq!(status, 100, "{err}");
    assert!(
        err.contains("3 trials failed (script-error)") && err.contains("invalid int value"),
        "{err}"
    );
    assert_eq!(place.curves("results").len(), 3, "{err}");
}

#[test]
fn a_command_runs_where_it_is_said_to() {
    let place = place("raise SystemExit('the wrong one')\n");
    fs::create_dir(place.path("code")).unwrap();
    fs::write(place.path("code/train.py"), TRAIN).unwrap();
    let study = "seeds = [0]\nschedule.steps = 20\n[trainer]\nworking-dir = \"code\"\ncommand = [\"python3\", \"train.py\"]\n\
                 [[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\ntrainer.command = [\"python3\", \"-O\", \"train.py\"]\n";
    fs::write(place.path("study.toml"), study).unwrap();
    let (status, err) = run(&place);
    assert_eq!(status, 0, "{err}");
    let set = "trainer.command=[\"python3\", \"-B\", \"train.py\"]";
    let mut elsewhere = seedband(
        &place,
        &["run", "../study.toml", "--update", "--devices", "cpu", "--set", set],
    );
    let (status, _, err) = said(elsewhere.current_dir(place.path("code")));
    assert_eq!(status, 0, "{err}");
}
