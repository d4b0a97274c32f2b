//! `seedband gc`: removes results that the study does not use.

use crate::args::Gc;
use crate::exit::{DONE, Failure, INCOMPLETE, USAGE};
use crate::output::{self, bytes, say};
use seedband::format::count;
use seedband::gc::{Garbage, Item, Removal};
use seedband::{Error, StudySession};
use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal, Write as _};

pub(crate) fn run(args: &Gc, quiet: bool) -> Result<u8, Failure> {
    let session = args.study.open(None)?;
    // Held to the end: what is found stays what it is.
    let locked = match session.check_not_running().and_then(|()| session.lock_results()) {
        Err(error @ (Error::MayBeRunning { .. } | Error::Locked(_))) if args.dry_run => Err(error),
        locked => Ok(locked?),
    };
    let garbage = session.unused(args.attempts, locked.as_ref().ok())?;
    output::data(&listing(&garbage))?;
    if !quiet {
        explain(&garbage);
    }
    let all = sum(&garbage.items);
    if garbage.items.is_empty() {
        say("nothing to remove");
        return Ok(DONE);
    }
    if args.dry_run {
        say(&format!("{all} would go; nothing was changed"));
        if let Err(error) = locked {
            say(&format!("not now: {}", error.describe()));
        }
        return Ok(DONE);
    }
    if !(args.yes || ask(&all)?) {
        say("nothing was removed");
        return Ok(DONE);
    }
    remove(&session, &garbage.items)
}

/// One line a thing: what it is, its size, its path.
fn listing(garbage: &Garbage) -> String {
    garbage.items.iter().fold(String::new(), |mut text, item| {
        let _ = writeln!(
            text,
            "{:18}  {:>9}  {}",
            item.kind.name(),
            bytes(item.bytes),
            item.path.display()
        );
        text
    })
}

/// Why what looks unused is not in the list.
fn explain(garbage: &Garbage) {
    if garbage.trainings_kept > 0 {
        say(&format!(
            "kept: {} that may be needed, since others still wait for range tests; use gc when the study is finished",
            count(garbage.trainings_kept, "training")
        ));
    }
    for (path, reason) in &garbage.left_alone {
        say(&format!("left alone: `{}`: {reason}", path.display()));
    }
}

fn sum(items: &[Item]) -> String {
    let total = items.iter().map(|item| item.bytes).sum();
    format!("{}, {}", count(items.len(), "thing"), bytes(total))
}

/// Asks at the terminal whether to go on.
fn ask(all: &str) -> Result<bool, Failure> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(Failure {
            status: USAGE,
            message:
                "gc asks before it removes anything, and there is nobody to ask; add `--yes`, or look with `--dry-run`"
                    .into(),
        });
    }
    // There is nobody to tell if standard error is gone.
    let _ = write!(io::stderr(), "remove {all}? [y/N] ");
    let _ = io::stderr().flush();
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    Ok(read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn remove(session: &StudySession, items: &[Item]) -> Result<u8, Failure> {
    let mut gone = Vec::new();
    let mut stay = 0;
    for item in items {
        match session.remove(item) {
            Ok(Removal::Gone) => gone.push(item.clone()),
            Ok(Removal::Stays) => {
                stay += 1;
                say(&format!("stays, for it is in use now: `{}`", item.path.display()));
            }
            Err(error) => {
                say(&format!("removed: {}", sum(&gone)));
                return Err(error.into());
            }
        }
    }
    say(&format!("removed: {}", sum(&gone)));
    Ok(if stay > 0 { INCOMPLETE } else { DONE })
}
