//! Names of files that are being written.

use super::error::FsError;
use crate::token::token;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// A hidden name in the folder of `path` that nobody else uses: `.<name>.<token>-<counter>.tmp`.
pub fn hidden_beside(path: &Path) -> PathBuf {
    // The token keeps two processes, the counter two threads, from using the same name.
    static TOKEN: OnceLock<String> = OnceLock::new();
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let (token, counter) = (TOKEN.get_or_init(token), COUNTER.fetch_add(1, Ordering::Relaxed));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{token}-{counter}.tmp"))
}

/// Makes a file of such a name, which was not there before, and opens it to write.
///
/// # Errors
/// It cannot be made, or something of that name is there.
pub fn create_hidden_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let hidden = hidden_beside(path);
    let file = File::options().write(true).create_new(true).open(&hidden)?;
    Ok((file, hidden))
}

/// Removes what writers that were killed have left in `folder`: files with names of [`hidden_beside`], but for those
/// beside a file named `but`. Only for whoever alone may write anything else there.
pub fn remove_hidden(folder: &Path, but: &str) -> Result<(), FsError> {
    let list = |source| FsError::io("list", folder, source);
    for entry in fs::read_dir(folder).map_err(list)? {
        let entry = entry.map_err(list)?;
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        if is_hidden_name(name) && !name.starts_with(&format!(".{but}.")) {
            // One that cannot be removed harms nobody.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// Whether this is a name of [`hidden_beside`]. Before version 0.2 a process id stood in the place of the token.
pub fn is_hidden_name(name: &str) -> bool {
    let parts = || {
        let (_, numbers) = name.strip_prefix('.')?.strip_suffix(".tmp")?.rsplit_once('.')?;
        numbers.split_once('-')
    };
    parts().is_some_and(|(token, counter)| {
        let is_token = token.len() == 16 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_token || token.parse::<u32>().is_ok()) && counter.parse::<u64>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_writer_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let left = [
            hidden_beside(&folder.path().join("curve.jsonl")),
            folder.path().join(".curve.jsonl.4711-2.tmp"),
        ];
        let others = [
            "curve.jsonl",
            ".hidden",
            ".notes.tmp",
            "a.1-2.tmp",
            ".a.1-x.tmp",
            ".a.x-1.tmp",
            ".a.1-1.tmp~",
            ".claim.1-2.tmp",
        ];
        for path in others.iter().map(|name| folder.path().join(name)).chain(left.clone()) {
            fs::write(path, "x").unwrap();
        }
        remove_hidden(folder.path(), "claim").unwrap();
        assert!(!left[0].exists() && !left[1].exists());
        assert!(others.iter().all(|name| folder.path().join(name).exists()));
    }

    #[test]
    fn nothing_that_is_there_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let (_, one) = create_hidden_beside(&folder.path().join("a")).unwrap();
        let (_, other) = create_hidden_beside(&folder.path().join("a")).unwrap();
        assert_ne!(one, other);
        assert!(is_hidden_name(one.file_name().unwrap().to_str().unwrap()));
    }
}
