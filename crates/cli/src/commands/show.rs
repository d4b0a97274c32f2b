//! `seedband show`: the result in the terminal.

use super::aggregate::{has_curves, summarise};
use crate::args::Show;
use crate::exit::{DONE, Failure};
use crate::opened::Opened;
use crate::output;
use seedband_core::files::fsio;
use seedband_core::summary::Summary;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub(crate) fn run(args: &Show) -> Result<u8, Failure> {
    let summary = current(&Opened::new(&args.study, None)?)?;
    if args.json {
        output::json(&summary)?;
    } else {
        output::data(&seedband_report::terminal(&summary))?;
    }
    Ok(DONE)
}

/// The summary on disk; or what there is now, where there is none yet or something has happened since. Writes nothing.
fn current(opened: &Opened) -> Result<Summary, Failure> {
    let path = opened.dir.summary();
    let stored = path.is_file().then(|| fsio::read_json::<Summary>(&path)).transpose()?;
    match stored {
        Some(stored) if !is_outdated(opened, &path) => Ok(stored),
        Some(stored) => {
            let (fresh, ..) = summarise(opened)?;
            // A summary that was published without its curves is all there is.
            Ok(if curves(&fresh) < curves(&stored) {
                stored
            } else {
                fresh
            })
        }
        None => {
            let (fresh, ..) = summarise(opened)?;
            if has_curves(&fresh) {
                return Ok(fresh);
            }
            let shown = opened.dir.root().display();
            Err(Failure::setup(format!(
                "no results in `{shown}` yet; make them with `seedband run {}`",
                opened.file.display()
            )))
        }
    }
}

fn curves(summary: &Summary) -> u32 {
    summary.configs.iter().map(|config| config.counts.finished).sum()
}

/// Whether the summary is of another study than the one asked for, or a trial has ended since it was written.
fn is_outdated(opened: &Opened, summary: &Path) -> bool {
    if fsio::read(&opened.dir.study()).ok() != Some(opened.study.to_toml()) {
        return true;
    }
    let journals = std::fs::read_dir(opened.dir.journals()).into_iter().flatten();
    let journals = journals
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    // The study is written at the start of a run, its summary at the end.
    let sources: Vec<PathBuf> = journals.chain([opened.dir.study()]).collect();
    let written = changed(summary);
    sources
        .iter()
        .filter_map(|path| changed(path))
        .any(|time| Some(time) > written)
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}
