//! From files to curves: each with where it came from, its losses raw, its learning rates ascending.

use super::ImportOptions;
use super::curves::{RawCurve, curves};
use super::format::{self, ImportFormat, Parsed};
use super::table::Table;
use crate::error::Error;
use seedband_core::files::curve::Step;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::hex::hex;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Folders below a folder that are looked through for event files.
const MOST_DEEP: usize = 8;

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceFile {
    /// As it was named.
    pub(super) path: PathBuf,
    pub(super) sha256: String,
    pub(super) format: ImportFormat,
}

/// A curve, and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Source {
    /// Places among the files that were read; several where a chart's rates and losses were exported one by one.
    pub(super) files: Vec<usize>,
    /// The files as they were named.
    pub(super) file: String,
    pub(super) format: ImportFormat,
    /// The run's name, where the file says one.
    pub(super) run: Option<String>,
    pub(super) config: Option<String>,
    pub(super) seed: Option<u64>,
    /// Counted from 0 without a gap; the last loss may be one that is not finite.
    pub(super) steps: Vec<Step>,
    /// What was passed over or changed.
    pub(super) notes: Vec<String>,
}

/// Reads all files.
pub(super) fn gather(paths: &[PathBuf], options: &ImportOptions) -> Result<(Vec<SourceFile>, Vec<Source>), Error> {
    let mut files = Vec::new();
    let mut tables: Vec<(Vec<usize>, Option<String>, Table)> = Vec::new();
    for path in expanded(paths)? {
        let bytes = fsio::read_bytes(&path)?;
        let Parsed { format, tables: read } =
            format::read(&bytes, options.format, &options.columns).map_err(|problem| wrong(&path, problem))?;
        let place = files.len();
        files.push(SourceFile {
            path,
            sha256: hex(&Sha256::digest(&bytes)),
            format,
        });
        for (run, table) in read {
            // A chart of losses and one of rates are exported as two files of the same runs.
            let same = |known: &&mut (Vec<usize>, Option<String>, Table)| {
                run.is_some()
                    && known.1 == run
                    && known
                        .0
                        .first()
                        .and_then(|first| files.get(*first))
                        .map(|file| file.format)
                        == Some(format)
            };
            match tables.iter_mut().find(same) {
                Some((places, _, known)) => {
                    places.push(place);
                    known.append(table);
                }
                None => tables.push((vec![place], run, table)),
            }
        }
    }
    let mut sources = Vec::new();
    for (places, run, table) in tables {
        let origin: Vec<&SourceFile> = places.iter().filter_map(|place| files.get(*place)).collect();
        let Some(first) = origin.first() else { continue };
        let names: Vec<String> = origin.iter().map(|file| file.path.display().to_string()).collect();
        let in_file = |problem: String| {
            let of = run.as_ref().map(|run| format!("the run `{run}` ")).unwrap_or_default();
            wrong(&first.path, format!("{of}{problem}"))
        };
        for raw in curves(&table, &options.columns).map_err(in_file)? {
            let mut notes = table.notes.clone();
            notes.extend(raw.notes.iter().cloned());
            let steps = steps(&raw, first.format, options.beta, &mut notes).map_err(in_file)?;
            sources.push(Source {
                files: places.clone(),
                file: names.join(" + "),
                format: first.format,
                run: run.clone(),
                config: raw.config,
                seed: raw.seed,
                steps,
                notes,
            });
        }
    }
    Ok((files, sources))
}

pub(super) fn wrong(path: &Path, problem: String) -> Error {
    Error::Import {
        file: path.to_path_buf(),
        problem,
    }
}

/// The files, with the event files in folders in place of these.
fn expanded(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        event_files(path, MOST_DEEP, &mut files)?;
        if files.len() == before {
            let problem = "is a folder without event files of TensorBoard; name the files to import".to_owned();
            return Err(wrong(path, problem));
        }
    }
    Ok(files)
}

fn event_files(folder: &Path, deep: usize, found: &mut Vec<PathBuf>) -> Result<(), FsError> {
    let listing = |source| FsError::io("list", folder, source);
    let entries = std::fs::read_dir(folder).map_err(listing)?;
    let entries: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut entries = entries.map_err(listing)?;
    entries.sort();
    for path in entries {
        // A link may lead in a circle.
        if path.is_dir() && !path.is_symlink() && deep > 0 {
            event_files(&path, deep - 1, found)?;
        } else if path.is_file()
            && path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().contains("tfevents"))
        {
            found.push(path);
        }
    }
    Ok(())
}

/// The steps of a curve, up to the first loss that is not finite, with its losses raw.
fn steps(
    raw: &RawCurve,
    format: ImportFormat,
    beta: Option<f64>,
    notes: &mut Vec<String>,
) -> Result<Vec<Step>, String> {
    let said: Vec<f64> = raw.points.iter().map(|point| point.loss).collect();
    let mut losses = said.clone();
    if let Some(averaging) = format.averaging(beta)
        && averaging.beta != Some(0.0)
    {
        losses = averaging.undo(&said).unwrap_or(said.clone());
        let weight = averaging.explicit().beta.unwrap_or_default();
        notes.push(format!(
            "losses computed back from the averages that {} keeps (beta {weight})",
            format.name()
        ));
        let largest = said.iter().copied().filter(|loss| loss.is_finite()).fold(0.0, f64::max);
        let below = |losses: &[f64]| losses.iter().any(|loss| *loss < -1e-3 * largest);
        if below(&losses) && !below(&said) {
            notes.push(format!(
                "warning: losses below 0 came out, so that the averages were of another kind; say their weight of the \
                 past with `--beta`, and `--beta 0` for losses that are no averages (read with {weight})"
            ));
        }
    }
    if let Some(first) = losses.iter().position(|loss| !loss.is_finite()) {
        let after = losses.len() - first - 1;
        if after > 0 {
            notes.push(format!(
                "steps after the first loss that is not finite, left out: {after}"
            ));
        }
        losses.truncate(first + 1);
    }
    let steps: Vec<Step> = raw
        .points
        .iter()
        .zip(losses)
        .zip(0..)
        .map(|((point, loss), step)| Step {
            validation: point.validation,
            ..Step::new(step, point.lr, loss)
        })
        .collect();
    check_rates(&steps)?;
    Ok(steps)
}

/// Refuses rates that are none of a range test.
fn check_rates(steps: &[Step]) -> Result<(), String> {
    if let Some(wrong) = steps.iter().find(|step| !(step.lr.is_finite() && step.lr >= 0.0)) {
        return Err(format!(
            "has the learning rate `{}` at step {}; a rate is a finite number of at least 0",
            wrong.lr, wrong.step
        ));
    }
    match steps.array_windows().find(|[one, next]| one.lr >= next.lr) {
        Some([one, next]) => Err(format!(
            "has the learning rate `{}` at step {} after `{}`, and that of a range test rises from step to step; import \
             the part in which it does",
            next.lr, next.step, one.lr
        )),
        None => Ok(()),
    }
}
