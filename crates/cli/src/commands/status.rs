//! `seedband status`: where each trial stands, from the files alone.

use crate::args::Status;
use crate::exit::{DONE, Failure, INCOMPLETE, TRIALS_FAILED};
use crate::opened::Opened;
use crate::output::{self, count};
use crate::work::Work;
use seedband_runner::{State, TrialStatus};
use serde::Serialize;
use std::fmt::Write;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    trial: String,
    config: String,
    /// The training; absent for a range test.
    #[serde(skip_serializing_if = "Option::is_none")]
    training: Option<String>,
    seed: u64,
    state: &'static str,
    /// How it ended, what failed, or where it runs.
    detail: String,
}

impl Row {
    /// The config, or its training.
    fn group(&self) -> String {
        match &self.training {
            Some(training) => format!("{}/{training}", self.config),
            None => self.config.clone(),
        }
    }
}

pub(crate) fn run(args: &Status) -> Result<u8, Failure> {
    let opened = Opened::new(&args.study, None)?;
    let mut work = Work::of(&opened)?;
    let statuses = seedband_runner::status(&opened.dir, std::mem::take(&mut work.trials))?;
    let rows: Vec<Row> = statuses.iter().map(row).collect();
    if args.json {
        output::json(&rows)?;
    } else {
        output::data(&text(&rows, &opened.study.name, &work))?;
    }
    Ok(match () {
        () if rows.iter().all(|row| row.state == "finished") && work.waiting + work.to_add == 0 => DONE,
        () if rows.iter().any(|row| row.state == "failed") => TRIALS_FAILED,
        () => INCOMPLETE,
    })
}

fn row(status: &TrialStatus) -> Row {
    let (state, detail) = match &status.state {
        State::Queued => ("queued", String::new()),
        State::Running { since, device, host } => {
            let device = device.as_deref().unwrap_or("a device");
            ("running", format!("on {device} of {host} since {since:.0}"))
        }
        State::Finished { end, steps } => (
            "finished",
            format!("{} after {}", end.name(), count(*steps as usize, "step")),
        ),
        State::Failed {
            attempt,
            class,
            message,
        } => ("failed", format!("{} in attempt {attempt}: {message}", class.name())),
        State::Interrupted { attempt } => ("interrupted", format!("in attempt {attempt}")),
    };
    let trial = &status.trial;
    Row {
        trial: trial.id.to_string(),
        config: trial.config.clone(),
        training: trial.training.as_ref().map(|plan| plan.name.clone()),
        seed: trial.seed,
        state,
        detail,
    }
}

fn text(rows: &[Row], study: &str, work: &Work) -> String {
    let mut text = format!("{study}: {}\n", count(rows.len(), "trial"));
    let mut groups: Vec<String> = Vec::new();
    for row in rows {
        if !groups.contains(&row.group()) {
            groups.push(row.group());
        }
    }
    // Writing to a string cannot fail.
    for group in groups {
        let own: Vec<&Row> = rows.iter().filter(|row| row.group() == group).collect();
        let states = ["finished", "running", "queued", "interrupted", "failed"]
            .iter()
            .filter_map(|state| {
                let number = own.iter().filter(|row| row.state == *state).count();
                (number > 0).then(|| format!("{number} {state}"))
            });
        let _ = writeln!(text, "  {group}: {}", states.collect::<Vec<_>>().join(", "));
    }
    if work.waiting > 0 {
        let _ = writeln!(text, "  {} waiting for range tests", count(work.waiting, "training"));
    }
    if work.to_add > 0 {
        let _ = writeln!(text, "  up to {} to be added", count(work.to_add, "range test"));
    }
    for row in rows
        .iter()
        .filter(|row| row.state == "running" || row.state == "failed")
    {
        let _ = writeln!(text, "  {}/{} {}: {}", row.group(), row.seed, row.state, row.detail);
    }
    text
}
