//! A worker that trains nothing: it speaks the protocol, gives made-up curves and misbehaves on request. It stands in for `seedband-worker` in
//! tests, which then need no libtorch.
//!
//! Takes `--device`, `--threads` and `--version` like the real one. The losses follow from the trial's id and nothing else. The variable
//! `FAKE_WORKER` holds a script, clauses separated by `;`:
//!
//! ```text
//! start=<behaviour>             at start, one of: silent, late:<ms>, version:<n>, garbage, exit:<status>, crash
//! end=linger                    does not end when its input closes
//! data=<digits>                 the fingerprint of the data it says to have seen
//! <config>/<seed>=<behaviour>   for one range test, <config>/<training>/<seed> for one training; `*` stands for every config, training or
//!                               seed, and the first clause that fits counts
//! ```
//!
//! Behaviours of a trial, `finish` where nothing else is said:
//!
//! ```text
//! finish                 every step, or until every stop rule given has fired
//! slow:<ms>              the same with a pause before each step
//! diverge:<step>         the loss of that step is infinite, and the curve ends
//! fail:<class>           reports a failure, for example fail:out-of-memory
//! hang                   says nothing at all          stall        goes silent after two steps
//! crash                  kills itself by SIGKILL after two steps
//! exit:<status>          ends after two steps, with a last word on standard error
//! finish-exit            ends right after the trial   finish-speak speaks out of turn after it
//! garbage                a line that is no JSON       half-line    half a line, then its end
//! flood                  a line without end           too-many     steps without end
//! wrong-trial            speaks of another trial      gap          leaves out a step
//! miscount               counts wrongly at the end    nan-midway   goes on after a loss that is not a number
//! other-weights          starts from other weights than the trial says
//! noisy                  a megabyte on standard error, then `finish`
//! child                  starts `sleep` in its place, writes its process id to standard error and hangs
//! eat:<MiB>              takes so much memory and writes to all of it, then `finish`
//! times:<n>:<behaviour>  the behaviour in its first n attempts, then `finish`
//! crowd:<n>              reports out-of-memory where more than n trials are at work on its device, else `slow:2`
//! ```
//!
//! The last two need a folder for what workers know of each other: `FAKE_WORKER_FOLDER`.

mod marks;
mod script;

use marks::Marks;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use script::Script;
use seedband_core::files::curve::{End, Evaluation};
use seedband_core::protocol::{
    Event, Failed, Finished, Ready, Request, Saved, Started, StepDone, Train, VERSION, to_line,
};
use seedband_core::range_test::EarlyStops;
use seedband_core::step_plan::StepPlan;
use seedband_core::trial::{Trial, TrialId};
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::process::{Command, ExitCode, exit};
use std::time::Duration;

const VERSION_TEXT: &str = concat!("fake-worker ", env!("CARGO_PKG_VERSION"));

/// Steps in an epoch of its data.
const EPOCH: u32 = 4;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    match work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log(&format!("fake-worker: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn work() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    let mut device = String::from("cpu");
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--version" => return Ok(writeln!(io::stdout(), "{VERSION_TEXT}")?),
            "--device" => device = arguments.next().ok_or("`--device` needs a value")?,
            "--threads" => {
                arguments.next().ok_or("`--threads` needs a value")?.parse::<u32>()?;
            }
            other => return Err(format!("unknown argument `{other}`").into()),
        }
    }
    let visible = std::env::var("CUDA_VISIBLE_DEVICES").unwrap_or_default();
    log(&format!(
        "fake-worker {} on {device}, CUDA_VISIBLE_DEVICES=`{visible}`",
        Pid::this()
    ));
    let script = Script::from_environment();
    start(&script, device)?;
    for line in io::stdin().lock().lines() {
        match serde_json::from_str(&line?)? {
            Request::Train(train) => perform(&train, &script)?,
            Request::SaveInit(train) => save_init(&train, &script)?,
        }
    }
    if script.of("end").is_some_and(|(behaviour, _)| behaviour == "linger") {
        hang();
    }
    Ok(())
}

fn start(script: &Script, device: String) -> Outcome {
    let mut ready = Ready {
        protocol: VERSION,
        worker: VERSION_TEXT.into(),
        device,
        libraries: vec!["no libraries".into()],
    };
    match script.of("start") {
        Some(("silent", _)) => hang(),
        Some(("late", pause)) => std::thread::sleep(Duration::from_millis(pause.parse()?)),
        Some(("garbage", _)) => raw(b"hello\n")?,
        Some(("exit", status)) => {
            log("error while loading shared libraries: libfake.so");
            exit(status.parse()?);
        }
        Some(("crash", _)) => crash(),
        Some(("version", version)) => ready.protocol = version.parse()?,
        _ => {}
    }
    say(&Event::Ready(ready))
}

/// Writes the trial's id where its initial weights would stand. Of the behaviours it knows those that begin with `fail`, `hang`, `garbage`,
/// `wrong-trial` and `exit`.
fn save_init(train: &Train, script: &Script) -> Outcome {
    let trial = &train.trial;
    let mut id = trial.id.clone();
    match script.of_trial(trial, &Marks::from_environment()) {
        ("fail", class) => return fail(trial, class),
        ("hang", _) => hang(),
        ("garbage", _) => return raw(b"saved!\n"),
        ("exit", status) => exit(status.parse()?),
        ("wrong-trial", _) => id = TrialId::from("somebody else's".to_owned()),
        _ => {}
    }
    write_init(train)?;
    say(&Event::Saved(Saved { trial: id }))
}

fn write_init(train: &Train) -> Outcome {
    if let Some(path) = &train.init_path {
        std::fs::write(path, train.trial.id.as_str())?;
    }
    Ok(())
}

fn fail(trial: &Trial, class: &str) -> Outcome {
    say(&Event::Failed(Failed {
        trial: trial.id.clone(),
        class: serde_json::from_value(class.into())?,
        message: "as the script says".into(),
    }))
}

/// What a behaviour does before training; true if nothing comes after it.
fn before(trial: &Trial, behaviour: &str, argument: &str) -> Result<bool, Box<dyn Error>> {
    match behaviour {
        "eat" => eat(argument.parse()?),
        "fail" => fail(trial, argument)?,
        "hang" => hang(),
        "garbage" => raw(b"epoch 1: loss 2.31\n")?,
        "half-line" => {
            raw(b"{\"type\":\"sta")?;
            exit(0);
        }
        "flood" => loop {
            raw(&[b'x'; 8192])?;
        },
        "noisy" => log(&"noise ".repeat(175_000)),
        "child" => {
            let child = Command::new("sleep").arg("600").spawn()?;
            log(&format!("child {}", child.id()));
            hang();
        }
        _ => {}
    }
    Ok(matches!(behaviour, "fail" | "garbage"))
}

fn perform(train: &Train, script: &Script) -> Outcome {
    let trial = &train.trial;
    let id = || trial.id.clone();
    let marks = Marks::from_environment();
    let (behaviour, argument) = script.of_trial(trial, &marks);
    log(&format!("trial {}/{}: {behaviour}", trial.config, trial.seed));
    let at_work = marks.at_work(&std::env::var("CUDA_VISIBLE_DEVICES").unwrap_or_default());
    if let Some((_, count)) = &at_work
        && behaviour == "crowd"
        && *count > argument.parse()?
    {
        drop(at_work);
        return fail(trial, "out-of-memory");
    }
    if before(trial, behaviour, argument)? {
        return Ok(());
    }
    write_init(train)?;
    let course = StepPlan::new(trial, EPOCH)?;
    let steps = course.planned();
    say(&started(trial, steps, script, behaviour))?;
    let mut early_stops = EarlyStops::new(&train.early_stops)?;
    let mut step = 0;
    loop {
        let position = f64::from(step) / f64::from(steps);
        let mut done = StepDone {
            trial: id(),
            step,
            lr: course.rates.get(step as usize).copied().unwrap_or(1.0),
            loss: loss(&trial.id, position),
            validation: None,
        };
        match (behaviour, step) {
            ("slow", _) => pause(argument.parse()?),
            ("crowd", _) => pause(2),
            ("crash", 2) => crash(),
            ("stall", 2) => hang(),
            ("exit", 2) => {
                log("out of ideas");
                exit(argument.parse()?);
            }
            ("wrong-trial", 2) => done.trial = TrialId::from("somebody else's".to_owned()),
            ("gap", 2) => done.step = 3,
            ("nan-midway", 2) => done.loss = f64::NAN,
            ("diverge", _) if argument.parse() == Ok(step) => done.loss = f64::INFINITY,
            _ => {}
        }
        let loss = done.loss;
        done.validation = evaluation(&course, &done);
        say(&Event::Step(done))?;
        step += 1;
        let have_fired = early_stops.push(loss);
        let end = if behaviour == "diverge" && loss.is_infinite() {
            End::NonFinite
        } else if step == steps && behaviour != "too-many" {
            End::Completed
        } else if have_fired {
            End::StoppedEarly
        } else {
            continue;
        };
        // Whoever hears of the end may take its place.
        drop(at_work);
        let count = if behaviour == "miscount" { step - 1 } else { step };
        say(&Event::Finished(Finished {
            trial: id(),
            end,
            steps: count,
        }))?;
        break;
    }
    match behaviour {
        "finish-exit" => exit(0),
        "finish-speak" => raw(b"one more thing\n"),
        _ => Ok(()),
    }
}

fn started(trial: &Trial, steps: u32, script: &Script, behaviour: &str) -> Event {
    let mut weights = format!("{:?}", trial.weights());
    if behaviour == "other-weights" {
        weights.push('!');
    }
    Event::Started(Started {
        trial: trial.id.clone(),
        steps,
        parameters: Some(10),
        data: Some(script.data()),
        epoch: Some(EPOCH),
        weights: Some(weights),
    })
}

/// Falls to 1.1 or so until 70 % of the way, then grows twenty-fold.
fn loss(id: &TrialId, position: f64) -> f64 {
    let own = u32::from_str_radix(id.short(), 16).map_or(0.0, |digits| f64::from(digits) / f64::from(u32::MAX));
    let fallen = 2.3 + 0.1 * own - 1.2 * (position / 0.7).min(1.0).powi(2);
    fallen * (10.0 * (position - 0.7).max(0.0)).exp()
}

/// A tenth above the training loss, but for one step in three; an accuracy that rises to one half. None where none is due.
fn evaluation(course: &StepPlan, done: &StepDone) -> Option<Evaluation> {
    let planned = course.planned();
    let due = done.loss.is_finite() && course.is_validated(done.step);
    due.then(|| Evaluation {
        loss: if done.step.is_multiple_of(3) { 1.4 } else { 1.1 } * done.loss,
        accuracy: (0.5 * f64::from(done.step) / f64::from(planned)).min(1.0),
    })
}

fn say(event: &Event) -> Outcome {
    raw(to_line(event).as_bytes())
}

fn raw(bytes: &[u8]) -> Outcome {
    let mut output = io::stdout().lock();
    output.write_all(bytes)?;
    Ok(output.flush()?)
}

fn log(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

fn pause(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

/// Takes memory and writes to every page of it.
fn eat(mebibytes: usize) {
    let mut taken = Vec::new();
    for _ in 0..mebibytes {
        taken.push(vec![1_u8; 1 << 20]);
    }
    log(&format!("{} MiB taken", std::hint::black_box(taken).len()));
}

fn crash() -> ! {
    let _ = kill(Pid::this(), Signal::SIGKILL);
    hang()
}

fn hang() -> ! {
    loop {
        std::thread::park();
    }
}
