//! Looking for what nobody needs. Changes nothing.

use crate::store::attempt::AttemptRecord;
use crate::store::claim::ClaimRecord;
use crate::store::gc::known_files::{Owner, is_half_written, list, unknown_file, unknown_file_in_attempt};
use crate::store::gc::{Garbage, InUse, Item, Kind};
use crate::store::identity::Process;
use crate::store::progress::leftovers;
use seedband_core::files::fsio;
use seedband_core::files::fsio::{FsError, is_real_folder};
use seedband_core::files::journal::Change;
use seedband_core::files::layout::{StudyDir, TrialDir};
use std::fs;
use std::path::{Path, PathBuf};

/// What of the results at `dir` can go, given what the study needs; by kind, then by path. Nothing is changed.
///
/// # Errors
/// A folder is there but cannot be listed.
pub fn find(dir: &StudyDir, in_use: &InUse) -> Result<Garbage, FsError> {
    let here = Process::this();
    let mut garbage = Garbage::default();
    let mut remaining = Vec::new();
    for folder in dir.trial_folders()? {
        if is_half_written(folder.root()) || !garbage.is_inside(dir, folder.root())? {
            continue;
        }
        if !garbage.take_unused(&folder, in_use)? {
            remaining.push(folder);
        }
    }
    for folder in &remaining {
        if !in_use.attempts {
            garbage.take_superseded(dir, folder)?;
        }
        // What is no file is no claim, and not ours to remove.
        let claim = ClaimRecord::read(&folder.claim()).ok().flatten();
        if claim.is_some_and(|claim| !claim.may_hold(&here)) {
            garbage.add(Kind::StaleClaim, folder.claim());
        }
    }
    if garbage.is_inside(dir, &dir.journals())? {
        for path in leftovers(dir)? {
            garbage.add(Kind::StaleProgress, path);
        }
    }
    let mut left_behind = Vec::new();
    if in_use.is_alone {
        left_behind = half_written(dir)?;
        if is_real_folder(&dir.journals()) {
            left_behind.extend(dir.heartbeats()?);
        }
    }
    for path in left_behind {
        // It goes with the folder that it is in.
        if !garbage.items.iter().any(|item| path.starts_with(&item.path)) {
            garbage.add(Kind::HalfWritten, path);
        }
    }
    garbage
        .items
        .sort_by(|one, other| (one.kind, &one.path).cmp(&(other.kind, &other.path)));
    Ok(garbage)
}

impl Garbage {
    fn add(&mut self, kind: Kind, path: PathBuf) {
        let bytes = length(&path);
        self.items.push(Item { kind, path, bytes });
    }

    /// Adds the folder of a trial that is not used, if it is plainly ours; false where the folder stays.
    fn take_unused(&mut self, folder: &TrialDir, in_use: &InUse) -> Result<bool, FsError> {
        let path = folder.root();
        let Some(owner) = Owner::of(folder) else {
            let may_be_used = in_use.trials.iter().any(|id| folder.may_be_of(id));
            // A runner that died at its very beginning leaves an empty folder.
            if !may_be_used && !list(path)?.is_empty() {
                self.leave(path, "it has no `trial.json` that can be read".into());
            }
            return Ok(false);
        };
        if in_use.trials.contains(&owner.id) {
            return Ok(false);
        }
        if owner.is_training() && in_use.any_training {
            self.trainings_kept += 1;
            return Ok(false);
        }
        if !owner.has_named(folder) {
            self.leave(path, format!("its name is not that of the trial `{}` in it", owner.id));
            return Ok(false);
        }
        if let Some(unknown) = unknown_file(folder)? {
            self.leave(path, format!("`{}` is not seedband's", unknown.display()));
            return Ok(false);
        }
        self.add(Kind::UnusedTrial, path.to_path_buf());
        Ok(true)
    }

    fn leave(&mut self, path: &Path, reason: String) {
        self.left_alone.push((path.to_path_buf(), reason));
    }

    /// Whether `path` is in the study's folder itself: what is behind a link is somebody else's. The link is told once.
    fn is_inside(&mut self, dir: &StudyDir, path: &Path) -> Result<bool, FsError> {
        match dir.check(path) {
            Ok(()) => Ok(true),
            Err(FsError::NoFolder { path, what }) => {
                if !self.left_alone.iter().any(|(known, _)| *known == path) {
                    self.leave(&path, format!("it is {what}"));
                }
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Adds the attempts that came to nothing before one that finished.
    fn take_superseded(&mut self, dir: &StudyDir, folder: &TrialDir) -> Result<(), FsError> {
        if !self.is_inside(dir, &folder.attempts())? {
            return Ok(());
        }
        let mut finished_later = false;
        for number in folder.attempt_numbers()?.into_iter().rev() {
            let record = fsio::read_json::<AttemptRecord>(&folder.attempt_record(number));
            let has_finished = record.is_ok_and(|record| matches!(record.outcome, Change::Finished { .. }));
            let path = folder.attempt(number);
            if finished_later && !has_finished && unknown_file_in_attempt(&path)?.is_none() {
                self.add(Kind::SupersededAttempt, path);
            }
            finished_later |= has_finished;
        }
        Ok(())
    }
}

/// Hidden files and folders, wherever seedband writes. Nobody is writing them where nobody else uses the study's
/// folder.
fn half_written(dir: &StudyDir) -> Result<Vec<PathBuf>, FsError> {
    let mut found = Vec::new();
    let mut folders = vec![
        dir.journals(),
        dir.slot_memories(),
        dir.trials(),
        dir.aggregate(),
        dir.report(),
    ];
    folders.retain(|folder| is_real_folder(folder));
    if dir.root().is_dir() {
        found.extend(list(dir.root())?.into_iter().filter(|path| is_left_behind(path)));
    }
    while let Some(folder) = folders.pop() {
        for path in list(&folder)? {
            if is_left_behind(&path) {
                found.push(path);
            } else if is_real_folder(&path) {
                folders.push(path);
            }
        }
    }
    Ok(found)
}

fn is_left_behind(path: &Path) -> bool {
    // A generation whose publisher has died is finished by the next one.
    is_half_written(path) && StudyDir::publishing_id(path).is_none()
}

/// Length of a file, or of all files in a folder; links are not followed, and what cannot be looked at counts nothing.
fn length(path: &Path) -> u64 {
    match fs::symlink_metadata(path) {
        Ok(entry) if entry.is_dir() => list(path).unwrap_or_default().iter().map(|path| length(path)).sum(),
        Ok(entry) => entry.len(),
        Err(_) => 0,
    }
}
