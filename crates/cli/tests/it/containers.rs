//! Containers: namespaces of their own for process ids and times, on one results folder and under one host name.

use crate::support::{Place, said};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use seedband_testkit::process::{children, wait_for};
use seedband_testkit::{Random, failing_calls};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Twenty trials of the fake worker, a little over 100 ms each. A runner that nobody can look at is gone after 600 ms.
const STUDY: &str = "name = \"tiny\"
seeds = \"0..20\"
[schedule]
steps = 40
[run]
cpu-slots = 2
retry-delay = \"5ms\"
heartbeat = \"100ms\"
[[config]]
name = \"a\"
";

/// How often something is killed.
const KILLS: u32 = 200;

/// A command whose first process, number 1 of its own namespace, is `seedband`.
fn contained(place: &Place, arguments: &[&str], script: &str) -> Command {
    let program = place.program(arguments, Some(script));
    let mut command = Command::new("unshare");
    command
        .args([
            "--user",
            "--map-root-user",
            "--pid",
            "--fork",
            "--kill-child=KILL",
            "--mount-proc",
        ])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(program.get_current_dir().unwrap());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.stdin(Stdio::null());
    command
}

/// Whether this machine lets us make namespaces; says so where it does not, and nothing is checked then.
#[expect(clippy::print_stderr, reason = "a test that checks nothing has to say so")]
fn may_contain() -> bool {
    let tried = Command::new("unshare")
        .args(["--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "true"])
        .output();
    let may = tried.is_ok_and(|output| output.status.success());
    if !may {
        eprintln!("this machine lets nobody make namespaces: containers are not tried");
    }
    may
}

/// Starts a container in a process group of its own; its output is open for as long as one of its processes lives.
fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command.process_group(0).spawn().unwrap()
}

/// Kills a container and returns when all of its processes are gone.
///
/// `unshare` and the container's first process are killed at once: `unshare` alone, killed before its child has asked
/// the kernel to die with it, leaves a container that lives on (util-linux 2.38: 397 of 2500 kills in its first 4 ms).
fn end(container: &mut Child) {
    killpg(Pid::from_raw(container.id() as i32), Signal::SIGKILL).unwrap();
    let mut output = Vec::new();
    container.stdout.take().unwrap().read_to_end(&mut output).unwrap();
    container.wait().unwrap();
}

/// How often each trial's result was published: the entries `finished` of all journals.
fn published(place: &Place) -> BTreeMap<String, u32> {
    let mut count = BTreeMap::new();
    for entry in fs::read_dir(place.path("results/tiny/journal")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "jsonl") {
            continue;
        }
        for line in fs::read_to_string(path).unwrap().lines() {
            let Ok(line) = serde_json::from_str::<serde_json::Value>(line) else {
                continue;
            };
            if line["state"] == "finished" {
                *count.entry(line["trial"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
    }
    count
}

fn whole() -> BTreeMap<String, Vec<u8>> {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml", "-q"], "").assert().code(0);
    place.results("results/tiny")
}

/// The everyday case: two pods, each with its process 1, at once.
#[test]
fn two_runners_of_one_process_id_share_a_study() {
    if !may_contain() {
        return;
    }
    let place = Place::new(STUDY);
    let run = || start(&mut contained(&place, &["run", "study.toml", "-q"], "*/*=slow:2"));
    let (mut one, mut other) = (run(), run());
    let statuses = [one.wait().unwrap().code(), other.wait().unwrap().code()];
    // Who ends first may leave trials to the other.
    assert!(
        statuses.iter().all(|status| [Some(0), Some(5)].contains(status)),
        "{statuses:?}"
    );
    let published = published(&place);
    assert_eq!(published.len(), 20);
    assert!(published.values().all(|count| *count == 1), "{published:?}");
    place.fake(&["run", "study.toml", "-q"], "").assert().code(0);
    assert_eq!(place.results("results/tiny"), whole());
}

/// A runner that is killed in one container is taken over in another, and not before it has been silent for as long as
/// it takes.
#[test]
fn a_runner_that_is_gone_is_taken_over() {
    if !may_contain() {
        return;
    }
    let place = Place::new(STUDY);
    let mut gone = start(&mut contained(&place, &["run", "study.toml", "-q"], "*/*=slow:20"));
    wait_for("a curve", || !place.curves("results/tiny").is_empty());
    end(&mut gone);
    let started = Instant::now();
    let mut next = contained(&place, &["run", "study.toml"], "");
    let output = next.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("cannot be looked at from here; taken over after"),
        "{said}"
    );
    assert!(started.elapsed() >= Duration::from_millis(600));
    assert_eq!(place.results("results/tiny"), whole());
}

/// As the first process of a container it passes on signals and ends with what its child ends with.
#[test]
fn the_first_process_passes_on_signals_and_reaps() {
    if !may_contain() {
        return;
    }
    let place = Place::new(STUDY);
    let mut runner = start(&mut contained(&place, &["run", "study.toml", "-q"], "*/*=slow:20"));
    wait_for("a curve", || !place.curves("results/tiny").is_empty());
    // The only child of `unshare` is the first process.
    let first = children(runner.id());
    assert_eq!(first.len(), 1);
    kill(Pid::from_raw(first[0] as i32), Signal::SIGTERM).unwrap();
    assert_eq!(runner.wait().unwrap().code(), Some(130));
    let (status, out, _) = said(&mut place.fake(&["status", "study.toml"], ""));
    assert_eq!(status, 5, "{out}");
    place.fake(&["run", "study.toml", "-q"], "").assert().code(0);
    assert_eq!(place.results("results/tiny"), whole());
}

/// Two hundred kills of runners in two containers, of which one comes and goes, while calls into the system fail now
/// and then: the results are those of an undisturbed run, and each trial's was published once.
#[test]
fn two_hundred_kills_in_two_containers() {
    if !may_contain() {
        return;
    }
    let whole = whole();
    let (mut kills, mut chance, mut most) = (0, Random::new(0x5eed_c0de), 0);
    while kills < KILLS {
        let place = Place::new(STUDY);
        fs::create_dir(place.path("results")).unwrap();
        let below = place.path("results").canonicalize().unwrap();
        let run = |chance: &mut Random| start(&mut disturbed(&place, &below, chance));
        let mut runners = [run(&mut chance), run(&mut chance)];
        while place.curves("results/tiny").len() < 20 && kills < KILLS {
            std::thread::sleep(Duration::from_millis(chance.below(250) as u64));
            let which = chance.below(2);
            if runners[which].try_wait().unwrap().is_none() {
                end(&mut runners[which]);
                kills += 1;
            }
            // One of them stays away for a while.
            if which == 1 {
                std::thread::sleep(Duration::from_millis(chance.below(300) as u64));
            }
            runners[which] = run(&mut chance);
        }
        for runner in &mut runners {
            if runner.try_wait().unwrap().is_none() {
                end(runner);
            }
        }
        let (status, _, err) = said(&mut place.fake(&["run", "study.toml", "-q"], ""));
        assert_eq!(status, 0, "{err}");
        assert_eq!(place.results("results/tiny"), whole);
        most = most.max(published(&place).values().copied().max().unwrap_or_default());
    }
    assert!(
        kills >= KILLS && most <= 1,
        "{kills} kills; a result was published {most} times"
    );
}

/// A contained run of whose calls one in some thousand fails: about one a minute of work without kills.
fn disturbed(place: &Place, below: &Path, chance: &mut Random) -> Command {
    let calls = ["any", "write", "fsync", "rename", "link", "open"];
    let errors = ["5", "116", "13"];
    let mut command = contained(place, &["run", "study.toml", "-q"], "*/*=slow:3");
    command
        .env("LD_PRELOAD", failing_calls())
        .env("FAIL_PROGRAM", "seedband")
        .env("FAIL_BELOW", below)
        .env("FAIL_CALL", calls[chance.below(calls.len())])
        .env("FAIL_ERRNO", errors[chance.below(errors.len())])
        .env("FAIL_EVERY", "1000");
    command
}
