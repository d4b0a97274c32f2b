//! Tables, summary and page of one aggregation, made aside and put in their places together.
//!
//! Readers of `aggregate/` or `report/` see all of one aggregation or all of another: each folder is exchanged in one
//! step where the file system can (`renameat2(2)`, `RENAME_EXCHANGE`), and in two elsewhere. A process that dies
//! between the two folders leaves word of what it was at, and whoever publishes next goes on from there.

#[cfg(test)]
mod tests;

use nix::fcntl::{RenameFlags, renameat2};
use seedband_core::files::fsio;
use seedband_core::files::fsio::{FsError, is_real_folder};
use seedband_core::files::layout::StudyDir;
use seedband_core::token;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// In each published folder: which files are ours, so that what somebody has put beside them stays.
const MANIFEST: &str = ".generation";
/// The two folders, in the order in which they are put in place.
const PARTS: [&str; 2] = ["aggregate", "report"];

#[derive(Serialize, Deserialize)]
struct Manifest {
    /// The generation that the folder is of.
    id: String,
    /// Paths of its files, from the folder.
    files: BTreeSet<PathBuf>,
}

/// An aggregation that nobody sees yet. Dropping it leaves no trace.
#[derive(Debug)]
pub(crate) struct Generation<'a> {
    dir: &'a StudyDir,
    /// A hidden folder in the study's.
    root: PathBuf,
}

impl<'a> Generation<'a> {
    /// Makes room for one; first finishes what somebody who died has begun. Only for who has the lock to publish.
    ///
    /// # Errors
    /// A folder cannot be made, or an earlier generation cannot be put in its place.
    pub(crate) fn begin(dir: &'a StudyDir) -> Result<Self, FsError> {
        finish_earlier(dir)?;
        let root = fsio::hidden_beside(&dir.root().join("generation"));
        dir.create(&root)?;
        Ok(Self { dir, root })
    }

    /// Where its tables and summary go.
    pub(crate) fn aggregate(&self) -> PathBuf {
        self.root.join(PARTS[0])
    }

    /// Where its page goes.
    pub(crate) fn report(&self) -> PathBuf {
        self.root.join(PARTS[1])
    }

    /// Puts what has been made of it in place of what is there.
    ///
    /// # Errors
    /// A file cannot be written or moved. What has not been put in place then is, by the next one.
    pub(crate) fn publish(mut self) -> Result<(), FsError> {
        check_places(self.dir)?;
        let id = token();
        for part in PARTS
            .iter()
            .map(|part| self.root.join(part))
            .filter(|part| part.is_dir())
        {
            let files = files_below(&part)?;
            let manifest = Manifest { id: id.clone(), files };
            fsio::write_json(&part.join(MANIFEST), &manifest)?;
        }
        let publishing = self.dir.publishing(&id);
        // From here on the generation is published, whatever happens to this process.
        rename(&self.root, &publishing)?;
        self.root = publishing;
        put_in_place(self.dir, &self.root, &id)
    }
}

impl Drop for Generation<'_> {
    fn drop(&mut self) {
        if StudyDir::publishing_id(&self.root).is_none() {
            let _ = fs::remove_dir_all(&self.root);
        }
    }
}

/// Puts in their places the parts of generations whose publishers have died.
fn finish_earlier(dir: &StudyDir) -> Result<(), FsError> {
    let entries = match fs::read_dir(dir.root()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(FsError::io("list", dir.root(), source)),
    };
    let paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    for root in paths.iter().filter(|path| is_real_folder(path)) {
        if let Some(id) = StudyDir::publishing_id(root) {
            put_in_place(dir, root, id)?;
        }
    }
    Ok(())
}

/// Checks that both folders can be exchanged, before one of them is.
fn check_places(dir: &StudyDir) -> Result<(), FsError> {
    for place in PARTS.map(|part| dir.root().join(part)) {
        dir.check(&place)?;
        // The study's own folder may be a link.
        let own = || Some(fs::metadata(dir.root()).ok()?.dev());
        let is_mounted = || Some(device(&place)? != own()?);
        if is_mounted().unwrap_or_default() {
            let what = "the root of another file system";
            return Err(FsError::NoFolder { path: place, what });
        }
    }
    Ok(())
}

/// The file system that something is on.
fn device(path: &Path) -> Option<u64> {
    fs::symlink_metadata(path).ok().map(|entry| entry.dev())
}

/// Puts the parts below `root` in place that are of the generation `id`, and removes of the rest, which is what they
/// took the place of, what is ours. What is somebody else's goes to its place in the new folder; what cannot stays,
/// under a name of its own.
fn put_in_place(dir: &StudyDir, root: &Path, id: &str) -> Result<(), FsError> {
    for part in PARTS {
        let (new, place) = (root.join(part), dir.root().join(part));
        // A link in its place leads to somebody else's.
        if !is_real_folder(&new) {
            continue;
        }
        if manifest(&new).is_some_and(|manifest| manifest.id == id) {
            dir.check(&place)?;
            exchange(&new, &place)?;
        }
        if is_real_folder(&new) {
            clear(&new, &place);
        }
    }
    if fs::remove_dir(root).is_ok() {
        return Ok(());
    }
    let kept = dir.root().join(format!("kept-{id}"));
    tracing::warn!(
        "what others have put beside tables and page is in `{}` now",
        kept.display()
    );
    rename(root, &kept)
}

/// Removes what is ours of an `old` folder, and moves what is not to the new one; what can be neither stays.
fn clear(old: &Path, new: &Path) {
    let ours = ours(old, new);
    for path in files_below(old).unwrap_or_default() {
        let (from, to) = (old.join(&path), new.join(&path));
        if ours(&path) {
            // By way of another name: nothing is moved out of what is mounted there, on whatever file system.
            let gone = fsio::hidden_beside(old);
            let _ = fs::rename(from, &gone).and_then(|()| fs::remove_file(&gone));
        } else if fs::symlink_metadata(&to).is_err() {
            let _ = fs::create_dir_all(to.parent().unwrap_or(new)).and_then(|()| fs::rename(from, to));
        }
    }
    remove_empty(old);
}

/// Removes a folder and those below it, as far as nothing is in them.
fn remove_empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) && device(&entry.path()) == device(folder) {
            remove_empty(&entry.path());
        }
    }
    let _ = fs::remove_dir(folder);
}

/// Puts the folder `new` in place of `place`, and what was there in place of `new`.
fn exchange(new: &Path, place: &Path) -> Result<(), FsError> {
    if fs::symlink_metadata(place).is_err() {
        return rename(new, place);
    }
    if renameat2(
        nix::fcntl::AT_FDCWD,
        new,
        nix::fcntl::AT_FDCWD,
        place,
        RenameFlags::RENAME_EXCHANGE,
    )
    .is_ok()
    {
        return Ok(());
    }
    // Network disks and old systems do not exchange.
    let old = fsio::hidden_beside(new);
    rename(place, &old)?;
    rename(new, place)?;
    rename(&old, new)
}

fn rename(from: &Path, to: &Path) -> Result<(), FsError> {
    fs::rename(from, to).map_err(|source| FsError::io("write", to, source))
}

/// Which files of an `old` folder are ours: those that it lists, or, where it lists none that can be read, as before
/// there were lists, those that the `new` one has anew.
fn ours(old: &Path, new: &Path) -> impl Fn(&Path) -> bool + use<> {
    let listed = manifest(old).map(|manifest| manifest.files);
    let new = new.to_path_buf();
    move |path| match &listed {
        Some(files) => files.contains(path) || path == Path::new(MANIFEST),
        None => fs::symlink_metadata(new.join(path)).is_ok(),
    }
}

fn manifest(folder: &Path) -> Option<Manifest> {
    fsio::read_json(&folder.join(MANIFEST)).ok()
}

/// The files below a folder, by their paths from it. Links are files; other file systems that are mounted there are
/// left out.
fn files_below(folder: &Path) -> Result<BTreeSet<PathBuf>, FsError> {
    let mut files = BTreeSet::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let path = folder.join(&below);
        let wrong = |source| FsError::io("list", &path, source);
        for entry in fs::read_dir(&path).map_err(wrong)? {
            let entry = entry.map_err(wrong)?;
            let name = below.join(entry.file_name());
            if entry.file_type().map_err(wrong)?.is_dir() {
                if device(&folder.join(&name)) == device(folder) {
                    folders.push(name);
                }
            } else {
                files.insert(name);
            }
        }
    }
    Ok(files)
}
