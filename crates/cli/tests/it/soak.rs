//! A study whose runner and workers are killed again and again ends in the results of one that was left alone.

use crate::support::{Place, said};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use seedband_testkit::Random;
use seedband_testkit::process::children;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

/// Sixty trials of the fake worker, a little over 100 ms each.
const FAKE: &str = "name = \"tiny\"
seeds = \"0..20\"
[schedule]
steps = 40
[run]
cpu-slots = 2
retry-delay = \"5ms\"
[sweep.grid]
optimizer.momentum = [0.0, 0.5, 0.9]
";

/// Sixty trials of the real one.
const REAL: &str = "name = \"tiny\"
seeds = \"0..20\"
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
steps = 400
[run]
devices = \"cpu\"
cpu-slots = 2
retry-delay = \"5ms\"
[sweep.grid]
optimizer.momentum = [0.0, 0.5, 0.9]
";

/// Sixty trials of a script of a user's, each a process of its own.
const SCRIPTED: &str = "name = \"tiny\"
seeds = \"0..20\"
trainer.command = [\"python3\", \"train.py\"]
[schedule]
steps = 40
[run]
devices = \"cpu\"
cpu-slots = 2
retry-delay = \"5ms\"
[sweep.grid]
\"trainer.args.momentum\" = [0.0, 0.5, 0.9]
";

/// That script.
const SCRIPT: &str = "import argparse, random, time
import seedband
parser = argparse.ArgumentParser()
parser.add_argument('--momentum', type=float)
momentum = parser.parse_args().momentum
run = seedband.range_test()
draw = random.Random(run.seed)
weight, speed = draw.gauss(0, 1), 0.0
for x in run.batches([1.0, 2.0, 3.0]):
    time.sleep(0.002)
    run.step(loss=(weight * x) ** 2)
    speed = momentum * speed + 2 * weight * x * x
    weight -= run.lr * speed
";

/// Trials of each.
const TRIALS: usize = 60;

/// How often something was killed in the middle of a study.
#[derive(Debug, Default)]
struct Kills {
    runners: u32,
    workers: u32,
}

impl Kills {
    fn all(&self) -> u32 {
        self.runners + self.workers
    }
}

/// The study running in the background, by the same command each time.
fn start(place: &Place, script: Option<&str>) -> Child {
    let mut command = place.program(&["run", "study.toml", "-q"], script);
    command.env("PYTHONPATH", package());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Kills the runner of the study in `place` or one of its workers, at random, until there have been `most` of all kills
/// `done` or every trial has its curve; a runner that was killed, or that has ended, is started again. A trial takes
/// `length` milliseconds or so.
fn soak(place: &Place, script: Option<&str>, most: u32, length: usize, chance: &mut Random, done: &mut Kills) {
    let mut runner = start(place, script);
    loop {
        let finished = place.curves("results/tiny").len();
        if finished == TRIALS || done.all() >= most {
            break;
        }
        // Early enough that few trials end where the study is ahead of the kills, and late enough where it is behind.
        let ahead = finished * most as usize > done.all() as usize * TRIALS;
        let wait = if ahead {
            chance.below(length / 4)
        } else {
            length + chance.below(3 * length)
        };
        std::thread::sleep(Duration::from_millis(wait as u64));
        if runner.try_wait().unwrap().is_some() {
            runner = start(place, script);
            continue;
        }
        // As many of either: a busy machine takes its time to start workers.
        if done.runners <= done.workers {
            runner.kill().unwrap();
            runner.wait().unwrap();
            done.runners += 1;
            runner = start(place, script);
            continue;
        }
        // A runner that was just started has none yet.
        let workers = children(runner.id());
        if !workers.is_empty() {
            // It may have ended by itself in between, and then this kills nobody: process ids are not used again so
            // soon.
            let worker = workers[chance.below(workers.len())];
            done.workers += u32::from(kill(Pid::from_raw(worker as i32), Signal::SIGKILL).is_ok());
        }
    }
    runner.kill().unwrap();
    runner.wait().unwrap();
}

/// That the folders of trials hold no curve and no trial that is half written. A claim, whole or half, and the record
/// of an attempt of a runner that was killed may be there, until `seedband gc`.
fn is_tidy(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            is_tidy(&path);
        } else {
            let name = path.file_name().unwrap().to_string_lossy();
            let is_half = name.starts_with('.')
                && ![".attempt.json.", ".claim."]
                    .iter()
                    .any(|start| name.starts_with(start));
            assert!(!is_half, "{}", path.display());
        }
    }
}

/// The folder of the Python package.
fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python")
}

/// A folder with the study, and with the script that one of them names.
fn place(study: &str) -> Place {
    let place = Place::new(study);
    fs::write(place.path("train.py"), SCRIPT).unwrap();
    place
}

/// Kills as often as said in the middle of one study, or of several in turn where one is through before, and looks at
/// what they come to.
fn check(study: &str, script: Option<&str>, kills: u32, length: usize) -> Kills {
    let whole = place(study);
    assert!(start(&whole, script.map(|_| "")).wait().unwrap().success());
    let whole = whole.results("results/tiny");
    let (mut done, mut chance) = (Kills::default(), Random::new(0x5eed_ba4d));
    while done.all() < kills {
        let place = place(study);
        soak(&place, script, kills, length, &mut chance, &mut done);
        let (status, _, err) = match script {
            Some(_) => said(&mut place.fake(&["run", "study.toml", "-q"], "")),
            None => said(
                place
                    .seedband(&["run", "study.toml", "-q"])
                    .env("PYTHONPATH", package()),
            ),
        };
        assert_eq!(status, 0, "{err}");
        let soaked = place.results("results/tiny");
        assert_eq!(whole.keys().collect::<Vec<_>>(), soaked.keys().collect::<Vec<_>>());
        let differing: Vec<&String> = whole.keys().filter(|name| whole[*name] != soaked[*name]).collect();
        assert_eq!(differing, Vec::<&String>::new());
        assert_eq!(place.curves("results/tiny").len(), TRIALS);
        is_tidy(&place.path("results/tiny/trials"));
    }
    done
}

#[test]
fn two_hundred_kills_with_the_fake_worker() {
    let done = check(FAKE, Some("*/*=slow:3"), 200, 120);
    assert!(done.runners >= 50 && done.workers >= 50, "{done:?}");
}

#[test]
fn two_hundred_kills_with_the_real_worker() {
    let done = check(REAL, None, 200, 300);
    assert!(done.runners >= 50 && done.workers >= 50, "{done:?}");
}

#[test]
fn two_hundred_kills_with_a_script() {
    let done = check(SCRIPTED, None, 200, 250);
    assert!(done.runners >= 50 && done.workers >= 50, "{done:?}");
}
