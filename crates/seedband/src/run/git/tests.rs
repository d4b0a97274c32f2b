//! Repositories as they come, and hostile ones.

use super::state::GitState;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A repository with one committed file, `study.toml`.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet"]);
    fs::write(folder.path().join("study.toml"), "name = \"tiny\"\n").unwrap();
    commit(folder.path());
    folder
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .args(["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "one"]);
}

fn head(folder: &Path) -> String {
    git(folder, &["rev-parse", "HEAD"])
}

fn dirty(folder: &Path) -> Option<bool> {
    let state = GitState::of(folder);
    assert_eq!(state.commit, Some(head(folder)));
    state.dirty
}

/// Another content of the same length, at a time that git has not seen.
fn touch(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(100);
    fs::File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(later)
        .unwrap();
}

/// A program in `folder` that leaves a mark when it is run, and passes its input on.
fn trap(folder: &Path) -> (PathBuf, PathBuf) {
    let (program, mark) = (folder.join("trap"), folder.join("mark"));
    fs::write(&program, format!("#!/bin/sh\ntouch '{}'\ncat\n", mark.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    (program, mark)
}

#[test]
fn commit_and_changes_are_told() {
    let folder = repository();
    let file = folder.path().join("study.toml");
    assert_eq!(dirty(folder.path()), Some(false));
    touch(&file, "name = \"tiny\"\n");
    assert_eq!(dirty(folder.path()), Some(false), "only its time has changed");
    touch(&file, "name = \"tall\"\n");
    assert_eq!(dirty(folder.path()), Some(true));
    git(folder.path(), &["add", "study.toml"]);
    assert_eq!(dirty(folder.path()), Some(true), "staged");
    commit(folder.path());
    fs::create_dir(folder.path().join("results")).unwrap();
    fs::write(folder.path().join("results/a"), "").unwrap();
    assert_eq!(dirty(folder.path()), Some(true), "new");
    fs::write(folder.path().join(".git/info/exclude"), "/results\n").unwrap();
    assert_eq!(dirty(folder.path()), Some(false), "ignored");
    fs::write(folder.path().join(".gitignore"), "*.log\n").unwrap();
    commit(folder.path());
    fs::write(folder.path().join("a.log"), "").unwrap();
    assert_eq!(dirty(folder.path()), Some(false), "ignored");
    fs::remove_file(&file).unwrap();
    assert_eq!(dirty(folder.path()), Some(true), "deleted");
}

#[test]
fn settings_that_decide_what_is_a_change_count() {
    let folder = repository();
    fs::set_permissions(folder.path().join("study.toml"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(dirty(folder.path()), Some(true));
    git(folder.path(), &["config", "core.fileMode", "false"]);
    assert_eq!(dirty(folder.path()), Some(false));
}

#[test]
fn where_there_is_no_commit_nothing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(GitState::of(folder.path()), GitState::default());
    git(folder.path(), &["init", "--quiet"]);
    assert_eq!(GitState::of(folder.path()), GitState::default());
    assert_eq!(GitState::of(&folder.path().join("missing")), GitState::default());
}

#[test]
fn work_trees_packed_refs_and_folders_within() {
    let folder = repository();
    let within = folder.path().join("a/b");
    fs::create_dir_all(&within).unwrap();
    git(folder.path(), &["pack-refs", "--all"]);
    assert_eq!(dirty(&within), Some(false));
    let tree = folder.path().join("tree");
    git(folder.path(), &["worktree", "add", "--quiet", "tree"]);
    assert_eq!(dirty(&tree), Some(false));
    touch(&tree.join("study.toml"), "name = \"tall\"\n");
    assert_eq!(dirty(&tree), Some(true));
    commit(&tree);
    assert_ne!(head(&tree), head(folder.path()));
    assert_eq!(dirty(&tree), Some(false));
}

#[test]
fn hashes_of_another_length() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet", "--object-format=sha256"]);
    fs::write(folder.path().join("a"), "a").unwrap();
    commit(folder.path());
    assert_eq!(dirty(folder.path()), Some(false));
    touch(&folder.path().join("a"), "b");
    assert_eq!(dirty(folder.path()), Some(true));
}

/// Each of these makes `git status` run the program; what git makes of it tells that the trap is armed.
#[test]
fn nothing_that_a_repository_configures_is_run() {
    for setting in ["core.fsmonitor", "filter.trap.clean", "filter.trap.process", "hook"] {
        let folder = repository();
        let outside = tempfile::tempdir().unwrap();
        let (program, mark) = trap(outside.path());
        let file = folder.path().join("study.toml");
        fs::write(folder.path().join(".gitattributes"), "*.toml filter=trap\n").unwrap();
        commit(folder.path());
        if setting == "hook" {
            fs::create_dir_all(folder.path().join(".git/hooks")).unwrap();
            fs::copy(&program, folder.path().join(".git/hooks/post-index-change")).unwrap();
        } else {
            git(folder.path(), &["config", setting, &program.display().to_string()]);
        }
        touch(&file, "name = \"tall\"\n");
        // A file of new times and old content has the index written anew, which is when that hook is run.
        touch(&folder.path().join(".gitattributes"), "*.toml filter=trap\n");
        GitState::of(folder.path());
        assert!(!mark.exists(), "{setting}");
        let _ = Command::new("git")
            .current_dir(folder.path())
            .arg("status")
            .output()
            .unwrap();
        assert!(mark.exists(), "`git status` runs {setting}");
    }
}

/// A submodule has settings of its own, and `git status` asks git in there.
#[test]
fn nothing_that_a_submodule_configures_is_run() {
    let (folder, inner) = (repository(), repository());
    let url = inner.path().display().to_string();
    git(
        folder.path(),
        &[
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            &url,
            "inner",
        ],
    );
    commit(folder.path());
    let (program, mark) = trap(inner.path());
    git(
        &folder.path().join("inner"),
        &["config", "core.fsmonitor", &program.display().to_string()],
    );
    assert_eq!(dirty(folder.path()), Some(false));
    assert!(!mark.exists());
    let _ = Command::new("git")
        .current_dir(folder.path())
        .arg("status")
        .output()
        .unwrap();
    assert!(mark.exists(), "the trap is armed");
}

/// Only the filter could say whether such a file has changed.
#[test]
fn a_change_that_a_filter_may_undo_is_unknown() {
    let folder = repository();
    fs::write(folder.path().join(".gitattributes"), "*.bin filter=lfs\n").unwrap();
    fs::write(folder.path().join("a.bin"), "short").unwrap();
    commit(folder.path());
    assert_eq!(dirty(folder.path()), Some(false));
    touch(&folder.path().join("a.bin"), "longer");
    assert_eq!(dirty(folder.path()), None);
    touch(&folder.path().join("study.toml"), "name = \"tall\"\n");
    assert_eq!(dirty(folder.path()), Some(true), "another file has changed for sure");
}
