//! File access whose errors name the path, and writes that are whole or not there.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A file operation that failed.
#[derive(Debug, thiserror::Error)]
pub enum FsError {
    /// The operating system refused.
    #[error("cannot {action} `{}`{}", path.display(), hint(source))]
    Io {
        /// What was tried: a verb, such as `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is there but does not hold what it should.
    #[error("`{}` is not valid: line {line}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: usize,
        /// What the parser said.
        source: serde_json::Error,
    },
}

impl FsError {
    /// An operating-system error while trying to `action` `path`.
    pub fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_path_buf(),
            source,
        }
    }

    /// The file or folder.
    pub fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. } | Self::Malformed { path, .. } => path,
        }
    }

    /// Whether the disk or the quota is full.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Io { source, .. } if is_full(source))
    }

    /// Whether the file or folder is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        _ if is_full(error) => "; free some space, then run again",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; choose another results folder with `--results`, or change its permissions"
        }
        _ => "",
    }
}

/// Reads a text file. A folder, a device or a pipe is none, and may have no end.
pub fn read(path: &Path) -> Result<String, FsError> {
    let text = || {
        let mut text = String::new();
        open(path)?.read_to_string(&mut text).map(|_| text)
    };
    text().map_err(|source| FsError::io("read", path, source))
}

/// Opens what is a file.
fn open(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    File::open(path)
}

/// The SHA-256 of a file's content, as 64 hexadecimal digits. A folder, a device or a pipe has none.
pub fn sha256(path: &Path) -> Result<String, FsError> {
    let digest = || {
        let mut file = open(path)?;
        let mut digest = Sha256::new();
        let mut chunk = vec![0; 1 << 20];
        loop {
            match file.read(&mut chunk)? {
                0 => return Ok(hex(&digest.finalize())),
                count => digest.update(&chunk[..count]),
            }
        }
    };
    digest().map_err(|source| FsError::io("read", path, source))
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The process whose name of [`hidden_beside`] this is; none for any other name.
pub fn hidden_owner(name: &str) -> Option<u32> {
    let (_, numbers) = name.strip_prefix('.')?.strip_suffix(".tmp")?.rsplit_once('.')?;
    let (process, counter) = numbers.split_once('-')?;
    counter.parse::<u64>().ok()?;
    process.parse().ok()
}

/// Makes a folder and those above it.
pub fn create_dir_all(path: &Path) -> Result<(), FsError> {
    fs::create_dir_all(path).map_err(|source| FsError::io("create the folder", path, source))
}

/// A hidden name in the folder of `path` that nobody else uses: `.<name>.<process>-<counter>.tmp`.
pub fn hidden_beside(path: &Path) -> PathBuf {
    // The process id keeps two processes, this counter two threads, from using the same name.
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let counter = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}-{counter}.tmp", std::process::id()))
}

/// Removes what writers that were killed have left in `folder`: files with names of [`hidden_beside`], but for those beside a file named `but`. Only for
/// whoever alone may write anything else there.
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

/// Writes `bytes` to a hidden file beside `path`, syncs it and renames it into place, so that `path` holds the old content or the new, never
/// a part. The hidden file is removed when anything fails.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FsError> {
    replace(path, bytes, true)
}

/// [`write_atomic`] without waiting for the disk: after a power cut, but not after a crash of the program, `path` may be missing or empty. For
/// files that nothing depends on.
pub fn write_unsynced(path: &Path, bytes: &[u8]) -> Result<(), FsError> {
    replace(path, bytes, false)
}

fn replace(path: &Path, bytes: &[u8], sync: bool) -> Result<(), FsError> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let hidden = hidden_beside(path);
    let written = (|| {
        let mut file = File::create(&hidden)?;
        file.write_all(bytes)?;
        if sync {
            file.sync_all()?;
        }
        fs::rename(&hidden, path)?;
        if sync {
            sync_dir(parent);
        }
        Ok(())
    })();
    written.map_err(|source| {
        // The first error is the one to tell; what is left behind is hidden and cleaned best-effort.
        let _ = fs::remove_file(&hidden);
        FsError::io("write", path, source)
    })
}

/// Makes a rename in `folder` last through a power cut. Some network file systems cannot sync a folder; the data itself is synced already.
fn sync_dir(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Writes a value as indented JSON with a last newline, whole.
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), FsError> {
    write_atomic(path, &json(path, value)?)
}

/// [`write_json`] as [`write_unsynced`].
pub fn write_json_unsynced<T: Serialize>(path: &Path, value: &T) -> Result<(), FsError> {
    write_unsynced(path, &json(path, value)?)
}

fn json<T: Serialize>(path: &Path, value: &T) -> Result<Vec<u8>, FsError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|source| FsError::Malformed {
        path: path.to_path_buf(),
        line: source.line(),
        source,
    })?;
    text.push(b'\n');
    Ok(text)
}

/// Reads a JSON file.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, FsError> {
    serde_json::from_str(&read(path)?).map_err(|source| FsError::Malformed {
        path: path.to_path_buf(),
        line: source.line(),
        source,
    })
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
