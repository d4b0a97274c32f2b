//! `seedband plan`: what would run, where, for how long. Changes nothing.

use crate::args::Plan;
use crate::exit::{DONE, Failure};
use crate::output;
use seedband::format::{count, data_rows, whole_seconds};
use seedband::{RunOptions, StudyPlan};
use std::fmt::Write;

pub(crate) fn run(args: &Plan) -> Result<u8, Failure> {
    let options = RunOptions {
        update: args.update,
        worker: args.worker.clone(),
        ..RunOptions::default()
    };
    let plan = args.study.open(Some(&args.place))?.plan(&options)?;
    if args.json {
        output::json(&plan)?;
    } else {
        output::data(&text(&plan))?;
    }
    Ok(DONE)
}

fn text(plan: &StudyPlan) -> String {
    let mut text = format!("{}: {}\n", plan.study, count(plan.configs.len(), "config"));
    for config in &plan.configs {
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
        if let Some(command) = &config.command {
            let place = config
                .working_dir
                .as_deref()
                .map_or_else(String::new, |folder| format!("  (in {folder})"));
            let _ = writeln!(text, "    runs: {}{place}", quoted(command));
        }
        if !config.trainings.is_empty() {
            let _ = writeln!(text, "    then {}", config.trainings.join("; "));
        }
    }
    for data in &plan.data {
        for (what, value) in data_rows(data) {
            let _ = writeln!(text, "{what}: {value}");
        }
    }
    let _ = writeln!(
        text,
        "{}: {} finished, {} to run",
        count(plan.trials, "trial"),
        plan.finished,
        plan.to_run
    );
    if plan.waiting > 0 {
        let _ = writeln!(
            text,
            "{} wait{} for range tests to say the learning rate",
            count(plan.waiting, "training"),
            if plan.waiting == 1 { "s" } else { "" },
        );
    }
    if plan.to_add > 0 {
        let _ = writeln!(
            text,
            "up to {} more, until the median max LR is known as well as `seeds` asks",
            count(plan.to_add, "range test")
        );
    }
    if plan.to_run > 0 {
        let mut devices: Vec<(&str, usize)> = Vec::new();
        for device in &plan.devices {
            match devices.iter_mut().find(|(name, _)| name == device) {
                Some((_, number)) => *number += 1,
                None => devices.push((device, 1)),
            }
        }
        let devices: Vec<String> = devices
            .iter()
            .map(|(name, number)| {
                let most = if plan.measured { "up to " } else { "" };
                format!("{most}{number} on {name}")
            })
            .collect();
        let _ = writeln!(text, "at once: {}", devices.join(", "));
        if let Some(format) = plan.memory_format {
            let _ = writeln!(text, "memory format: {format}");
        }
        let time = match plan.seconds {
            Some(seconds) => format!("about {}, by the trials that have finished", whole_seconds(seconds)),
            None if plan.measured => "not known before the number of trials at once is measured".into(),
            None => "not known before a first trial has finished".into(),
        };
        let _ = writeln!(text, "time: {time}");
    }
    let _ = writeln!(text, "results: {}", plan.results);
    text
}

/// A command as it would be typed.
fn quoted(words: &[String]) -> String {
    let is_plain = |word: &&String| {
        !word.is_empty()
            && word
                .chars()
                .all(|letter| letter.is_alphanumeric() || "-_./=:,+@%".contains(letter))
    };
    let words = words.iter().map(|word| match Some(word).filter(is_plain) {
        Some(word) => word.clone(),
        None => format!("'{}'", word.replace('\'', "'\\''")),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_as_a_shell_needs_them() {
        let words = ["python", "a b.py", "it's", "", "--x=1"].map(str::to_owned);
        assert_eq!(quoted(&words), r"python 'a b.py' 'it'\''s' '' --x=1");
    }
}
