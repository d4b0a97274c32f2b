//! `seedband gc`: removes results that the study does not use.

use crate::args::Gc;
use crate::exit::{DONE, Failure, INCOMPLETE, USAGE};
use crate::opened::Opened;
use crate::output::{self, count, say};
use crate::work::Work;
use seedband_core::files::layout::StudyDir;
use seedband_runner::gc::{self, Garbage, Holder, InUse, Item, Removal};
use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal, Write as _};

pub(crate) fn run(args: &Gc, quiet: bool) -> Result<u8, Failure> {
    let opened = Opened::new(&args.study, None)?;
    let uses = uses(&opened, !args.attempts)?;
    let garbage = gc::find(&opened.dir, &uses)?;
    let holders = gc::holders(&opened.dir)?;
    if !args.dry_run && !holders.is_empty() {
        return Err(refusal(&holders));
    }
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
        if !holders.is_empty() {
            say(&format!("not now: {}", refusal(&holders).message));
        }
        return Ok(DONE);
    }
    if !(args.yes || ask(&all)?) {
        say("nothing was removed");
        return Ok(DONE);
    }
    // Somebody may have begun to run the study while the question stood there.
    let holders = gc::holders(&opened.dir)?;
    if !holders.is_empty() {
        return Err(refusal(&holders));
    }
    remove(&opened.dir, &garbage.items)
}

/// What the study comes to, now and as far as it can be told by what may still be planned.
fn uses(opened: &Opened, attempts: bool) -> Result<InUse, Failure> {
    let work = Work::of(opened)?;
    let mut trials = work.trials;
    if work.to_add > 0 {
        // Seeds that may be added are used, as many as there can be.
        let mut grown = opened.study.clone();
        while grown.seeds.grow() {}
        trials.extend(grown.trials());
    }
    Ok(InUse {
        trials: trials.into_iter().map(|train| train.trial.id).collect(),
        any_training: opened.study.has_trainings() && work.waiting + work.to_add > 0,
        attempts,
    })
}

fn refusal(holders: &[Holder]) -> Failure {
    let mut text = String::from("the study may be running, and gc removes nothing then:");
    for holder in holders {
        let advice = if holder.is_here {
            "use gc when it has ended".to_owned()
        } else {
            format!(
                "use gc when it has ended; if that machine is gone, remove `{}`",
                holder.path.display()
            )
        };
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  process {} of {}; {advice}", holder.pid, holder.host);
    }
    Failure::setup(text)
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

fn remove(dir: &StudyDir, items: &[Item]) -> Result<u8, Failure> {
    let mut gone = Vec::new();
    let mut stay = 0;
    for item in items {
        match gc::remove(dir, item) {
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

/// A size as people say it, in powers of 1000.
fn bytes(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    // 999.95 would be shown as 1000.0.
    while value >= 999.95 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        let shown: Vec<String> = [0, 999, 1000, 999_949, 999_950, 1_234_567_890, u64::MAX]
            .into_iter()
            .map(bytes)
            .collect();
        let expected = [
            "0 B",
            "999 B",
            "1.0 kB",
            "999.9 kB",
            "1.0 MB",
            "1.2 GB",
            "18446744.1 TB",
        ];
        assert_eq!(shown, expected);
    }
}
