//! A trial from its request to its last event.

use crate::Result;
use crate::behaviour::{Behaviour, parts};
use crate::curve::{evaluation, loss};
use crate::misbehave::{allocate, crash, hang, start_child};
use crate::output::{log, say, write};
use crate::save_init::{fail, other_trial, write_init};
use crate::script::Script;
use crate::shared_folder::{Running, SharedFolder};
use seedband_core::files::curve::{End, Metrics};
use seedband_core::protocol::{Event, FailureClass, Finished, Started, StepDone, Train};
use seedband_core::range_test::EarlyStops;
use seedband_core::step_plan::StepPlan;
use seedband_core::trial::Trial;
use std::process::exit;
use std::time::Duration;

/// Steps in an epoch of its data.
const EPOCH: u32 = 4;

/// Does with a trial what the script says.
pub(crate) fn train(request: &Train, script: &Script, folder: &SharedFolder) -> Result {
    let trial = &request.trial;
    let (text, behaviour) = script.behaviour(trial, folder);
    let (name, _) = parts(text);
    log(&format!("trial {}/{}: {name}", trial.config, trial.seed));
    let running = folder.running(&std::env::var("CUDA_VISIBLE_DEVICES").unwrap_or_default());
    if let (Some((_, count)), Behaviour::AtMost(most)) = (&running, &behaviour)
        && count > most
    {
        drop(running);
        return fail(trial, FailureClass::OutOfMemory);
    }
    if before(trial, &behaviour)? {
        return Ok(());
    }
    write_init(request)?;
    let plan = StepPlan::new(trial, EPOCH)?;
    say(&started(trial, plan.planned(), script, &behaviour))?;
    steps(request, &plan, &behaviour, running.map(|(running, _)| running))?;
    match behaviour {
        Behaviour::FinishExit => exit(0),
        Behaviour::FinishSpeak => write(b"one more thing\n"),
        _ => Ok(()),
    }
}

/// What comes before training; true if nothing comes after it.
fn before(trial: &Trial, behaviour: &Behaviour) -> Result<bool> {
    match behaviour {
        Behaviour::Allocate(mebibytes) => allocate(*mebibytes),
        Behaviour::Fail(class) => fail(trial, *class)?,
        Behaviour::Hang => hang(),
        Behaviour::Garbage => write(b"epoch 1: loss 2.31\n")?,
        Behaviour::HalfLine => {
            write(b"{\"type\":\"sta")?;
            exit(0);
        }
        Behaviour::Flood => loop {
            write(&[b'x'; 8192])?;
        },
        Behaviour::LongLog => log(&"noise ".repeat(175_000)),
        Behaviour::Child => start_child()?,
        _ => {}
    }
    Ok(matches!(behaviour, Behaviour::Fail(_) | Behaviour::Garbage))
}

fn started(trial: &Trial, steps: u32, script: &Script, behaviour: &Behaviour) -> Event {
    let mut weights = format!("{:?}", trial.weights());
    if *behaviour == Behaviour::OtherWeights {
        weights.push('!');
    }
    Event::Started(Started {
        trial: trial.id.clone(),
        steps,
        parameters: Some(10),
        batch_size: Some(8),
        data: Some(script.data.clone()),
        epoch: Some(EPOCH),
        weights: Some(weights),
        files: Vec::new(),
    })
}

/// Every step, and `finished`.
fn steps(request: &Train, plan: &StepPlan, behaviour: &Behaviour, running: Option<Running>) -> Result {
    let mut early_stops = EarlyStops::new(&request.early_stops)?;
    let planned = plan.planned();
    let mut step = 0;
    let end = loop {
        let done = step_done(&request.trial, plan, step, behaviour);
        let loss = done.loss;
        say(&Event::Step(done))?;
        step += 1;
        let have_fired = early_stops.push(loss);
        if loss.is_infinite() && matches!(behaviour, Behaviour::Diverge(_)) {
            break End::NonFinite;
        } else if step == planned && *behaviour != Behaviour::TooMany {
            break End::Completed;
        } else if have_fired {
            break End::StoppedEarly;
        }
    };
    // Whoever hears of the end may take its place.
    drop(running);
    let steps = step - u32::from(*behaviour == Behaviour::Miscount);
    say(&Event::Finished(Finished {
        trial: request.trial.id.clone(),
        end,
        steps,
    }))
}

/// Does a step; what there is to say of it.
fn step_done(trial: &Trial, plan: &StepPlan, step: u32, behaviour: &Behaviour) -> StepDone {
    let mut done = StepDone {
        trial: trial.id.clone(),
        step,
        lr: plan.rates.get(step as usize).copied().unwrap_or(1.0),
        loss: loss(&trial.id, f64::from(step) / f64::from(plan.planned())),
        validation: None,
        metrics: Metrics::default(),
    };
    match (behaviour, step) {
        (Behaviour::Slow(milliseconds), _) => std::thread::sleep(Duration::from_millis(*milliseconds)),
        (Behaviour::AtMost(_), _) => std::thread::sleep(Duration::from_millis(2)),
        (Behaviour::Crash, 2) => crash(),
        (Behaviour::Stall, 2) => hang(),
        (Behaviour::Exit(status), 2) => {
            log("out of ideas");
            exit(*status);
        }
        (Behaviour::WrongTrial, 2) => done.trial = other_trial(),
        (Behaviour::Gap, 2) => done.step = 3,
        (Behaviour::OtherRates, _) => done.lr *= 1.01,
        (Behaviour::NanMidway, 2) => done.loss = f64::NAN,
        (Behaviour::Diverge(at), _) if *at == step => done.loss = f64::INFINITY,
        _ => {}
    }
    done.validation = evaluation(plan, &done);
    done
}
