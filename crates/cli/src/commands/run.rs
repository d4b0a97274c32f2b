//! `seedband run`: run what is missing, aggregate, report.

use super::report::report;
use crate::args::Run;
use crate::exit::{DONE, Failure, INCOMPLETE, INTERRUPTED, TRIALS_FAILED};
use crate::machine;
use crate::opened::Opened;
use crate::output::{self, say};
use crate::progress::Progress;
use crate::run_summary::summarise;
use crate::work::Work;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use seedband_core::files::provenance::{Provenance, RunRecord};
use seedband_core::study::Study;
use seedband_runner::{Control, Job, Outcome, Plan, RunError, WorkerProgram, slots};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

pub(crate) fn run(args: &Run, quiet: bool) -> Result<u8, Failure> {
    let mut opened = Opened::new(&args.study, Some(&args.place))?;
    apply(args, &mut opened.study)?;
    let work = Work::of(&opened)?;
    let deferred = work.deferred(&opened);
    let trials = Opened::with_data(work.trials)?;
    if !args.update {
        refuse_changes(&opened)?;
    }
    let plan = Plan::new(&opened.dir, trials)?;
    let already = plan.finished.len();
    // A finished study needs no worker, and so no libtorch, to be reported on.
    let job = if plan.to_run.is_empty() {
        None
    } else {
        let program = WorkerProgram::find(args.worker.as_deref())?;
        let mut job = Job::new(opened.dir.clone(), plan, opened.study.run.clone(), program);
        job.deferred = deferred;
        job.take_over.clone_from(&args.take_over);
        // Devices that are not there are said before anything is written.
        slots(&job.settings, &job.machine, job.plan.to_run.len())?;
        Some(job)
    };
    // What runs is on disk before anything runs, so that a run that dies can be told apart from another study.
    fsio::create_dir_all(opened.dir.root())?;
    fsio::write_atomic(&opened.dir.study(), opened.study.to_toml().as_bytes())?;
    let outcome = match job {
        Some(job) => train(&opened, job, quiet)?,
        None => Outcome {
            already,
            ..Outcome::default()
        },
    };
    // Seeds that the run has added are reported on too.
    opened.add_seeds()?;
    if outcome.already + outcome.finished > 0 {
        let (table, page) = report(&opened)?;
        output::data(&table)?;
        if !quiet {
            say(&format!("report: {}", page.display()));
        }
    }
    summarise(&outcome, quiet);
    Ok(status(&outcome))
}

/// Lays what the command line says of failures over the study's `[run]`.
fn apply(args: &Run, study: &mut Study) -> Result<(), Failure> {
    let run = &mut study.run;
    run.retries = args.retries.unwrap_or(run.retries);
    run.max_fails = if args.fail_fast { Some(1) } else { args.max_fails }.or(run.max_fails);
    Ok(run.validate()?)
}

fn train(opened: &Opened, job: Job, quiet: bool) -> Result<Outcome, Failure> {
    let (started, clock) = (jiff::Timestamp::now(), Instant::now());
    let (host, cores) = (job.runner.host.clone(), job.machine.cores);
    // What cannot be added to is said before hours of training, not after.
    provenance(&opened.dir)?;
    let mut progress = Progress::new(quiet);
    let outcome = seedband_runner::run_blocking(job, &Control::new(), |event| progress.event(&event))
        .map_err(|error| with_advice(&error))?;
    let (commit, dirty) = git(opened.file.parent().unwrap_or(Path::new(".")));
    let record = RunRecord {
        started,
        seconds: clock.elapsed().as_secs_f64(),
        seedband: env!("CARGO_PKG_VERSION").into(),
        commit,
        dirty,
        host,
        cpu: format!("{}, {cores} cores", machine::cpu_model()),
        workers: outcome.workers.clone(),
        finished: outcome.finished as u32,
        failed: outcome.failed.len() as u32,
        command: std::env::args().collect(),
    };
    remember(&opened.dir, record)?;
    Ok(outcome)
}

/// An error of a run, with the command that helps.
fn with_advice(error: &RunError) -> Failure {
    match error {
        RunError::NoDevice { .. } => Failure::setup(format!("{error}, and run `seedband doctor`")),
        _ => Failure::from_error(error),
    }
}

/// Ends with the differences when results of another training stand under the names of this study's configs.
fn refuse_changes(opened: &Opened) -> Result<(), Failure> {
    let path = opened.dir.study();
    if !path.is_file() {
        return Ok(());
    }
    let changes = opened.study.changes_since(&Study::load(&path, &[])?);
    if changes.is_empty() {
        return Ok(());
    }
    let mut lines = vec![format!(
        "the study has changed under the results in `{}`:",
        opened.dir.root().display()
    )];
    lines.extend(changes.iter().take(5).map(|change| format!("  {change}")));
    if changes.len() > 5 {
        lines.push(format!("  and {} more", changes.len() - 5));
    }
    lines.push(
        "give it another `name`, or run with `--update`: new trials are made and the old ones stay, unused".into(),
    );
    Err(Failure::setup(lines.join("\n")))
}

fn remember(dir: &StudyDir, record: RunRecord) -> Result<(), Failure> {
    let mut provenance = provenance(dir)?;
    provenance.runs.push(record);
    fsio::write_json(&dir.provenance(), &provenance)?;
    Ok(())
}

/// How the results there are were made.
fn provenance(dir: &StudyDir) -> Result<Provenance, FsError> {
    match fsio::read_json(&dir.provenance()) {
        Err(error) if error.is_not_found() => Ok(Provenance {
            version: 1,
            runs: Vec::new(),
        }),
        read => read,
    }
}

fn status(outcome: &Outcome) -> u8 {
    if outcome.interrupted > 0 || (outcome.left > 0 && !outcome.gave_up) {
        INTERRUPTED
    } else if !outcome.failed.is_empty() {
        TRIALS_FAILED
    } else if outcome.held + outcome.waiting > 0 {
        INCOMPLETE
    } else {
        DONE
    }
}

/// Commit and dirty flag of the repository that holds `folder`, if it is in one and git is there.
fn git(folder: &Path) -> (Option<String>, Option<bool>) {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let ask = |arguments: &[&str]| {
        let output = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output();
        output
            .ok()
            .filter(|output| output.status.success())
            .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = ask(&["rev-parse", "HEAD"]).filter(|commit| !commit.is_empty());
    let dirty = commit
        .as_ref()
        .and_then(|_| ask(&["status", "--porcelain"]))
        .map(|changes| !changes.is_empty());
    (commit, dirty)
}
