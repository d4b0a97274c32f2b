//! Who runs a study.

use jiff::Timestamp;
use seedband_core::files::layout::StudyDir;
use seedband_runner::{Progress, State, TrialStatus};
use serde::Serialize;
use std::path::PathBuf;

/// A runner at work.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RunnerView {
    /// Its name, which is also that of its journal.
    pub runner: String,
    /// Its host.
    pub host: String,
    /// Its process there.
    pub pid: u32,
    /// Since when it runs the study, or holds the first of its trials where it says nothing.
    pub since: Timestamp,
    /// Its journal.
    pub journal: PathBuf,
    /// What it says of itself; absent where it cannot write it.
    #[serde(flatten)]
    pub report: Option<RunnerReport>,
}

/// What a runner says of itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RunnerReport {
    /// When it said so.
    pub at: Timestamp,
    /// Trials of its run, as far as they are planned.
    pub to_run: usize,
    /// Those that it has finished.
    pub finished: usize,
    /// Those that have failed.
    pub failed: usize,
    /// Expected seconds to its end; absent until there is something to go by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds_left: Option<f64>,
}

/// Those that say how far they are, and those that are known by their claims alone.
pub(super) fn at_work(dir: &StudyDir, statuses: &[TrialStatus], reports: Vec<Progress>) -> Vec<RunnerView> {
    let mut runners: Vec<RunnerView> = reports.into_iter().map(|report| of_report(dir, report)).collect();
    for status in statuses {
        let State::Running {
            since,
            runner,
            host,
            pid,
            ..
        } = &status.state
        else {
            continue;
        };
        match runners.iter_mut().find(|known| known.runner == *runner) {
            Some(known) => known.since = known.since.min(*since),
            None => runners.push(RunnerView {
                runner: runner.clone(),
                host: host.clone(),
                pid: *pid,
                since: *since,
                journal: dir.journal(runner),
                report: None,
            }),
        }
    }
    runners
}

fn of_report(dir: &StudyDir, report: Progress) -> RunnerView {
    RunnerView {
        journal: dir.journal(&report.runner),
        runner: report.runner,
        host: report.process.host,
        pid: report.process.pid,
        since: report.since,
        report: Some(RunnerReport {
            at: report.at,
            to_run: report.to_run,
            finished: report.finished,
            failed: report.failed,
            seconds_left: report.seconds_left,
        }),
    }
}
