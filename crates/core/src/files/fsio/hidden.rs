//! Names of files that are being written.

use super::error::FsError;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A hidden name in the folder of `path` that nobody else uses: `.<name>.<process>-<counter>.tmp`.
pub fn hidden_beside(path: &Path) -> PathBuf {
    // The process id keeps two processes, this counter two threads, from using the same name.
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let counter = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}-{counter}.tmp", std::process::id()))
}

/// Removes what writers that were killed have left in `folder`: files with names of [`hidden_beside`], but for those
/// beside a file named `but`. Only for whoever alone may write anything else there.
pub fn remove_hidden(folder: &Path, but: &str) -> Result<(), FsError> {
    let list = |source| FsError::io("list", folder, source);
    for entry in fs::read_dir(folder).map_err(list)? {
        let entry = entry.map_err(list)?;
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        if hidden_owner(name).is_some() && !name.starts_with(&format!(".{but}.")) {
            // One that cannot be removed harms nobody.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// The process whose name of [`hidden_beside`] this is; none for any other name.
pub fn hidden_owner(name: &str) -> Option<u32> {
    let (_, numbers) = name.strip_prefix('.')?.strip_suffix(".tmp")?.rsplit_once('.')?;
    let (process, counter) = numbers.split_once('-')?;
    counter.parse::<u64>().ok()?;
    process.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_writer_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let left = hidden_beside(&folder.path().join("curve.jsonl"));
        let others = [
            "curve.jsonl",
            ".hidden",
            ".notes.tmp",
            "a.1-2.tmp",
            ".a.1-x.tmp",
            ".claim.1-2.tmp",
        ];
        for path in others.iter().map(|name| folder.path().join(name)).chain([left.clone()]) {
            fs::write(path, "x").unwrap();
        }
        remove_hidden(folder.path(), "claim").unwrap();
        assert!(!left.exists());
        assert!(others.iter().all(|name| folder.path().join(name).exists()));
    }
}
