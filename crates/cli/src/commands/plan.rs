//! `seedband plan`: what would run, where, for how long. Changes nothing.

use crate::args::Plan as PlanArgs;
use crate::exit::{DONE, Failure};
use crate::opened::Opened;
use crate::output::{self, count, duration};
use crate::work::Work;
use seedband_core::settings::GpuSlots;
use seedband_runner::{Device, Machine, Plan, Slot, slots};
use serde::Serialize;
use std::fmt::Write;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct PlanReport {
    study: String,
    results: String,
    configs: Vec<ConfigPlan>,
    trials: usize,
    finished: usize,
    to_run: usize,
    /// Trainings that can be planned only once range tests have finished, at most.
    waiting: usize,
    /// Range tests of seeds that may be added, at most.
    to_add: usize,
    devices: Vec<String>,
    /// Whether `devices` is a ceiling, and how many of each are used at once is measured (`gpu-slots = "auto"`).
    measured: bool,
    /// Expected wall-clock seconds; absent until a trial of this study has finished.
    seconds: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ConfigPlan {
    name: String,
    seeds: usize,
    steps: usize,
    /// Names of the trainings after each range test.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trainings: Vec<String>,
    settings: Vec<(String, String)>,
}

pub(crate) fn run(args: &PlanArgs) -> Result<u8, Failure> {
    let opened = Opened::new(&args.study, Some(&args.place))?;
    // Missing data is said now and not by the run.
    let work = Work::of(&opened)?;
    let (waiting, to_add) = (work.waiting, work.to_add);
    let plan = Plan::new(&opened.dir, Opened::with_data(work.trials)?)?;
    let slots = slots(
        &opened.study.run,
        &Machine::detect(),
        plan.to_run.len() + waiting + to_add,
    )?;
    let is_cuda = |slot: &Slot| matches!(slot.device, Device::Cuda { .. });
    let is_measured = opened.study.run.gpu_slots == GpuSlots::Auto && slots.iter().any(is_cuda);
    // How many trials will be at once is not known before it is measured, and so neither is the time.
    let past = crate::progress::past_seconds(&opened.dir).filter(|_| !is_measured);
    let rounds = plan.to_run.len().div_ceil(slots.len().max(1));
    let study = &opened.study;
    let configs = study
        .configs
        .iter()
        .zip(study.labels())
        .map(|(config, settings)| ConfigPlan {
            trainings: config.trainings.iter().map(|training| training.name.clone()).collect(),
            name: config.name.clone(),
            seeds: study.seeds.seeds().len(),
            steps: config.recipe.schedule.steps,
            settings,
        });
    let report = PlanReport {
        study: study.name.clone(),
        results: opened.dir.root().display().to_string(),
        configs: configs.collect(),
        trials: plan.finished.len() + plan.to_run.len(),
        finished: plan.finished.len(),
        to_run: plan.to_run.len(),
        waiting,
        to_add,
        measured: is_measured,
        devices: slots.iter().map(|slot| slot.device.to_string()).collect(),
        seconds: past.map(|seconds| seconds * rounds as f64),
    };
    if args.json {
        output::json(&report)?;
    } else {
        output::data(&text(&report))?;
    }
    Ok(DONE)
}

fn text(report: &PlanReport) -> String {
    let mut text = format!("{}: {}\n", report.study, count(report.configs.len(), "config"));
    for config in &report.configs {
        let settings: Vec<String> = config
            .settings
            .iter()
            .take(6)
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        let more = config.settings.len().saturating_sub(settings.len());
        let tail = if more > 0 {
            format!(", and {more} more")
        } else {
            String::new()
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  {}: {} of {}{}{}{tail}",
            config.name,
            count(config.seeds, "seed"),
            count(config.steps, "step"),
            if settings.is_empty() { "" } else { "; " },
            settings.join(", "),
        );
        if !config.trainings.is_empty() {
            let _ = writeln!(text, "    then {}", config.trainings.join("; "));
        }
    }
    let _ = writeln!(
        text,
        "{}: {} finished, {} to run",
        count(report.trials, "trial"),
        report.finished,
        report.to_run
    );
    if report.waiting > 0 {
        let _ = writeln!(
            text,
            "{} wait{} for range tests to say the learning rate",
            count(report.waiting, "training"),
            if report.waiting == 1 { "s" } else { "" },
        );
    }
    if report.to_add > 0 {
        let _ = writeln!(
            text,
            "up to {} more, until the median max LR is known as well as `seeds` asks",
            count(report.to_add, "range test")
        );
    }
    if report.to_run > 0 {
        let mut devices: Vec<(&str, usize)> = Vec::new();
        for device in &report.devices {
            match devices.iter_mut().find(|(name, _)| name == device) {
                Some((_, number)) => *number += 1,
                None => devices.push((device, 1)),
            }
        }
        let devices: Vec<String> = devices
            .iter()
            .map(|(name, number)| {
                let most = if report.measured { "up to " } else { "" };
                format!("{most}{number} on {name}")
            })
            .collect();
        let _ = writeln!(text, "at once: {}", devices.join(", "));
        let time = match report.seconds {
            Some(seconds) => format!("about {}, by the trials that have finished", duration(seconds)),
            None if report.measured => "not known before the number of trials at once is measured".into(),
            None => "not known before a first trial has finished".into(),
        };
        let _ = writeln!(text, "time: {time}");
    }
    let _ = writeln!(text, "results: {}", report.results);
    text
}
