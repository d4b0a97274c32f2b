//! Where a study stands, for people.

use jiff::Timestamp;
use seedband::format::{count, whole_seconds};
use seedband::{RunnerView, StudyView, TrialCounts};
use std::fmt::Write;

/// A runner that has said nothing for so long may be gone. It speaks every ten seconds.
const SILENT_SECONDS: f64 = 60.0;

/// Who runs it, a line a config, what waits, and each trial that runs or failed.
pub(super) fn text(view: &StudyView) -> String {
    let mut text = format!("{}: {}\n", view.study, count(view.trials.len(), "trial"));
    // Writing to a string cannot fail.
    for runner in &view.runners {
        let _ = writeln!(text, "{}", run_by(runner, Timestamp::now()));
        let _ = writeln!(text, "  its journal: {}", runner.journal.display());
    }
    for group in &view.configs {
        let _ = writeln!(text, "  {}: {}", group.name(), states(group.counts));
    }
    if view.waiting > 0 {
        let _ = writeln!(text, "  {} waiting for range tests", count(view.waiting, "training"));
    }
    if view.to_add > 0 {
        let _ = writeln!(text, "  up to {} to be added", count(view.to_add, "range test"));
    }
    for trial in &view.trials {
        if !matches!(trial.state, "running" | "failed") {
            continue;
        }
        let _ = writeln!(text, "  {} {}: {}", trial.name(), trial.state, trial.detail);
        if trial.state == "failed"
            && let Some(log) = &trial.log
        {
            let _ = writeln!(text, "    its log: {}", log.display());
        }
    }
    text
}

fn run_by(runner: &RunnerView, now: Timestamp) -> String {
    let mut text = format!(
        "run by process {} of {} since {:.0}",
        runner.pid, runner.host, runner.since
    );
    let Some(report) = &runner.report else { return text };
    let _ = write!(
        text,
        ": {} of {} over",
        report.finished.saturating_add(report.failed),
        report.to_run
    );
    if report.failed > 0 {
        let _ = write!(text, ", {} failed", report.failed);
    }
    if let Some(seconds) = report.seconds_left {
        let _ = write!(text, ", about {} left", whole_seconds(seconds));
    }
    if now.duration_since(report.at).as_secs_f64() > SILENT_SECONDS {
        let _ = write!(text, "; not heard of since {:.0}", report.at);
    }
    text
}

fn states(counts: TrialCounts) -> String {
    let states = [
        (counts.finished, "finished"),
        (counts.diverged, "diverged"),
        (counts.running, "running"),
        (counts.queued, "queued"),
        (counts.interrupted, "interrupted"),
        (counts.failed, "failed"),
    ];
    let there = states
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, state)| format!("{number} {state}"));
    there.collect::<Vec<_>>().join(", ")
}
