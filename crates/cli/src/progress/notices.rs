//! What is said of an event in the same words on a terminal and in a log.

use seedband::format::{count, data_line, whole_seconds};
use seedband::{ClaimRecord, RunEvent};
use std::path::PathBuf;
use std::time::Duration;

/// The line for an event that concerns the run rather than the step of a trial; none for any other.
pub(super) fn notice(event: &RunEvent) -> Option<String> {
    Some(match event {
        RunEvent::DataFound(data) => data_line(data),
        RunEvent::TrialRetried {
            trial,
            class,
            message,
            pause,
            ..
        } => {
            format!("{trial}: {}: {message}; again {}", class.name(), when(*pause))
        }
        RunEvent::TrialInterrupted { trial, .. } => format!("{trial}: interrupted"),
        RunEvent::HeldElsewhere { trial, holder, .. } => {
            format!("{trial}: held by {}", who(holder.as_ref()))
        }
        RunEvent::Watching {
            trial,
            holder,
            patience,
            ..
        } => format!(
            "{trial}: held by {}, which cannot be looked at from here; taken over after {} without a sign of life",
            who(holder.as_ref()),
            whole_seconds(patience.as_secs_f64())
        ),
        RunEvent::TakenOver { trial } => {
            format!(
                "{trial}: its claim is another runner's or gone, as after too long without a sign of life; what was \
                 trained here is dropped"
            )
        }
        RunEvent::JournalLost { message } => {
            format!("{message}: running trials are stopped, and the run ends with what is known")
        }
        RunEvent::SlotsReduced { device, slots, file } => format!(
            "{device}: {} at once from now on, as memory was short with more (delete `{}` to forget that)",
            count(*slots, "trial"),
            file.display()
        ),
        RunEvent::SlotsMeasured {
            device,
            at_once,
            images_per_second,
            next,
            settled,
        } => {
            let then = if *settled { "keeping" } else { "trying" };
            format!(
                "{device}: {images_per_second:.0} images (of a script: steps) a second with {at_once} at once; {then} {next}"
            )
        }
        RunEvent::DeviceExcluded { device, message } => {
            format!("{device} gets no further trial after three failures in a row; the last: {message}")
        }
        RunEvent::DiskFull { path } => format!(
            "the disk is full: cannot write `{}`; curves are kept in memory and no further trial begins until some \
             space is freed",
            path.display()
        ),
        RunEvent::DiskFreed => "there is space on the disk again: going on".to_owned(),
        RunEvent::GaveUp { failed } => format!(
            "{} failed, as many as `run.max-fails` allows: no further one begins",
            count(*failed, "trial")
        ),
        RunEvent::UnlistedInputs { files } => format!(
            "warning: the script loads {}, which `trainer.inputs` does not name: a change there would make no new trial",
            names(files)
        ),
        RunEvent::PlanningFailed { message } => format!("cannot plan the trials that wait for others: {message}"),
        RunEvent::WorkerLost { message, .. } => format!("a worker ended between trials: {message}"),
        RunEvent::Draining { running, grace } => format!(
            "stopping: {} may finish within {}; again to stop at once",
            count(*running, "trial"),
            whole_seconds(grace.as_secs_f64())
        ),
        RunEvent::Planned { .. }
        | RunEvent::DeferredPlanned { .. }
        | RunEvent::SlotReady { .. }
        | RunEvent::TrialStarted { .. }
        | RunEvent::Step { .. }
        | RunEvent::TrialFinished { .. }
        | RunEvent::TrialFailed { .. }
        | RunEvent::Done => return None,
    })
}

/// Whose a claim is.
fn who(holder: Option<&ClaimRecord>) -> String {
    holder.map_or_else(
        || "another runner".into(),
        |claim| format!("{} (process {})", claim.process.host, claim.process.pid),
    )
}

/// After which pause something is tried again.
pub(super) fn when(pause: Duration) -> String {
    if pause.is_zero() {
        "at once".to_owned()
    } else {
        format!("after {}", whole_seconds(pause.as_secs_f64()))
    }
}

/// The first of some files, and how many more.
fn names(files: &[PathBuf]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = files
        .iter()
        .take(SHOWN)
        .map(|file| format!("`{}`", file.display()))
        .collect();
    let shown = shown.join(", ");
    match files.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
