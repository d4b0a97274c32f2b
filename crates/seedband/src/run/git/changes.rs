//! Whether files differ from the commit that is checked out.
//!
//! Git compares them as `git status` does, with the index, objects and files of the repository, but with a git folder
//! of our own in place of the repository's: no setting of the repository or the user is read but those of [`HARMLESS`].
//! So there is no filter, monitor, hook, helper or remote to run, whatever it is called and in whatever version of git
//! it comes.

use super::command::{answer, git};
use super::repository::Repository;
use seedband_runner::ask_program;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use tempfile::TempDir;

/// Settings that decide what counts as changed, and cannot name a program.
const HARMLESS: &str =
    "^core\\.(autocrlf|checkstat|eol|excludesfile|filemode|ignorecase|precomposeunicode|symlinks|trustctime)$";

/// Most bytes of a list of patterns: a hostile one could be endless.
const MOST_PATTERNS: u64 = 1 << 20;

/// Changed files that are looked at for filters: so many fit on a command line.
const MOST_IN_DOUBT: usize = 500;

/// Whether any file differs from the commit, new ones included; none where that cannot be told in time or without a
/// filter.
pub(super) fn are_there(repository: &Repository, deadline: Instant) -> Option<bool> {
    let settings = settings(&repository.work_tree, deadline)?;
    let folder = stand_in(repository).ok()?;
    let ask_git = |arguments: &[&str]| {
        let mut command = git(&repository.work_tree);
        isolate(&mut command, repository, folder.path(), &settings);
        command.args(arguments);
        command
    };
    // What is in a submodule is another repository, with settings of its own.
    let mut status = ask_git(&[
        "status",
        "--porcelain=v1",
        "-z",
        "--no-renames",
        "--untracked-files=normal",
        "--ignore-submodules=all",
    ]);
    let listed = answer(&mut status, deadline)?;
    let entries: Vec<&[u8]> = listed
        .split(|byte| *byte == 0)
        .filter(|entry| !entry.is_empty())
        .collect();
    // ` M path`: changed on the disk alone, as far as git can tell without a filter.
    let in_doubt: Option<Vec<&[u8]>> = entries.iter().map(|entry| entry.strip_prefix(b" M ")).collect();
    match in_doubt {
        Some(paths) if paths.is_empty() => Some(false),
        Some(paths) => {
            let mut command = ask_git(&["check-attr", "-z", "filter", "--"]);
            let paths = paths.iter().take(MOST_IN_DOUBT);
            command.args(paths.map(|path| OsString::from_vec(path.to_vec())));
            // In threes: path, attribute, value.
            let attributes = answer(&mut command, deadline)?;
            let mut values = attributes.split(|byte| *byte == 0).skip(2).step_by(3);
            let is_plain = |value: &[u8]| value == b"unspecified" || value == b"unset";
            values.any(is_plain).then_some(true)
        }
        None => Some(true),
    }
}

/// The harmless settings that are in force in `folder`, of user, system and repository. Reading settings runs nothing.
fn settings(folder: &Path, deadline: Instant) -> Option<Vec<(OsString, OsString)>> {
    let mut command = git(folder);
    command.args(["config", "-z", "--get-regexp", HARMLESS]);
    let answer = ask_program(&mut command, deadline).ok()?;
    // 1 says that there are none.
    if !matches!(answer.status.code(), Some(0 | 1)) {
        return None;
    }
    let entries = answer.stdout.split(|byte| *byte == 0);
    let settings = entries.filter_map(|entry| {
        let at = entry.iter().position(|byte| *byte == b'\n')?;
        let (key, value) = (entry[..at].to_vec(), entry[at + 1..].to_vec());
        Some((OsString::from_vec(key), OsString::from_vec(value)))
    });
    Some(settings.collect())
}

/// A git folder that says which commit is checked out, what is ignored, and nothing else.
fn stand_in(repository: &Repository) -> io::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    fs::write(path("HEAD"), format!("{}\n", repository.commit))?;
    fs::create_dir(path("refs"))?;
    fs::create_dir(path("info"))?;
    for patterns in ["info/exclude", "info/attributes"] {
        copy(&repository.common_dir.join(patterns), &path(patterns))?;
    }
    if repository.commit.len() == 64 {
        let config = "[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha256\n";
        fs::write(path("config"), config)?;
    }
    Ok(folder)
}

/// Copies the beginning of what is a file; nothing else is touched.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if fs::metadata(from).is_ok_and(|from| from.is_file()) {
        let mut text = Vec::new();
        fs::File::open(from)?.take(MOST_PATTERNS).read_to_end(&mut text)?;
        fs::File::create(to)?.write_all(&text)?;
    }
    Ok(())
}

/// Leads `command` to the index, objects and files of the repository by way of the git folder `stand_in`.
fn isolate(command: &mut Command, repository: &Repository, stand_in: &Path, settings: &[(OsString, OsString)]) {
    command
        .env("GIT_DIR", stand_in)
        .env("GIT_WORK_TREE", &repository.work_tree)
        .env("GIT_INDEX_FILE", repository.git_dir.join("index"))
        .env("GIT_OBJECT_DIRECTORY", repository.common_dir.join("objects"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_ATTR_NOSYSTEM", "1")
        .env("GIT_CONFIG_COUNT", settings.len().to_string());
    for (index, (key, value)) in settings.iter().enumerate() {
        command
            .env(format!("GIT_CONFIG_KEY_{index}"), key)
            .env(format!("GIT_CONFIG_VALUE_{index}"), value);
    }
}
