//! `seedband status`: where each trial stands, from the files alone.

use crate::args::Status;
use crate::exit::{DONE, Failure, INCOMPLETE, TRIALS_FAILED};
use crate::opened::Opened;
use crate::output::{self, count};
use seedband_runner::{State, TrialStatus};
use serde::Serialize;
use std::fmt::Write;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    trial: String,
    config: String,
    seed: u64,
    state: &'static str,
    /// How it ended, what failed, or where it runs.
    detail: String,
}

pub(crate) fn run(args: &Status) -> Result<u8, Failure> {
    let opened = Opened::new(&args.study, None)?;
    let statuses = seedband_runner::status(&opened.dir, opened.study.trials())?;
    let rows: Vec<Row> = statuses.iter().map(row).collect();
    if args.json {
        output::json(&rows)?;
    } else {
        output::data(&text(&rows, &opened.study.name))?;
    }
    Ok(match () {
        () if rows.iter().all(|row| row.state == "finished") => DONE,
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
        seed: trial.seed,
        state,
        detail,
    }
}

fn text(rows: &[Row], study: &str) -> String {
    let mut text = format!("{study}: {}\n", count(rows.len(), "trial"));
    let mut configs: Vec<&str> = Vec::new();
    for row in rows {
        if !configs.contains(&row.config.as_str()) {
            configs.push(&row.config);
        }
    }
    // Writing to a string cannot fail.
    for config in configs {
        let own: Vec<&Row> = rows.iter().filter(|row| row.config == config).collect();
        let states = ["finished", "running", "queued", "interrupted", "failed"]
            .iter()
            .filter_map(|state| {
                let number = own.iter().filter(|row| row.state == *state).count();
                (number > 0).then(|| format!("{number} {state}"))
            });
        let _ = writeln!(text, "  {config}: {}", states.collect::<Vec<_>>().join(", "));
    }
    for row in rows
        .iter()
        .filter(|row| row.state == "running" || row.state == "failed")
    {
        let _ = writeln!(text, "  {}/{} {}: {}", row.config, row.seed, row.state, row.detail);
    }
    text
}
