//! Files that tests make and look at.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Every file below `folder`, whatever its depth, in no particular order; none where there is no such folder. What goes
/// away meanwhile is passed over.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Copies a folder with everything in it.
///
/// # Panics
/// It cannot be read, or the copy cannot be written.
pub fn copy_folder(from: &Path, to: &Path) {
    let copied = try_copy_folder(from, to);
    copied.unwrap_or_else(|error| panic!("cannot copy `{}` to `{}`: {error}", from.display(), to.display()));
}

fn try_copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            try_copy_folder(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// Writes a shell script that can be run at once.
///
/// Another process writes it: had this one the file open for writing, a process that another test forks meanwhile
/// would hold it open too, and Linux runs no file that is open for writing.
///
/// # Panics
/// The file cannot be written.
pub fn write_script(path: &Path, commands: &str) {
    let write = || -> io::Result<bool> {
        let mut shell = Command::new("sh")
            .args(["-c", "cat > \"$0\" && chmod 755 \"$0\""])
            .arg(path)
            .stdin(Stdio::piped())
            .spawn()?;
        if let Some(mut input) = shell.stdin.take() {
            input.write_all(format!("#!/bin/sh\n{commands}\n").as_bytes())?;
        }
        Ok(shell.wait()?.success())
    };
    let result = write();
    assert!(
        matches!(result, Ok(true)),
        "cannot write `{}`: {result:?}",
        path.display()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_found_and_runs() {
        let folder = std::env::temp_dir().join(format!("seedband-testkit-{}", std::process::id()));
        let path = folder.join("deep/er/script");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_script(&path, "echo \"$1\"");
        assert_eq!(files_below(&folder), [path.as_path()]);
        let output = Command::new(&path).arg("said").output().unwrap();
        assert_eq!(output.stdout, b"said\n");
        fs::remove_dir_all(&folder).unwrap();
        assert!(files_below(&folder).is_empty());
    }
}
