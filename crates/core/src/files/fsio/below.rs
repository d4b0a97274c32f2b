//! Folders below one folder, without a link on the way: what is written or deleted there is nowhere else.

use super::error::FsError;
use super::write::create_dir_all;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Checks that no part of `path` below `root` is a link, and that each but the last is a folder. Parts that are not
/// there are fine. `root` itself may be a link.
///
/// # Errors
/// [`FsError::NoFolder`] names the part that is a link or no folder; [`FsError::Io`] what cannot be looked at.
pub fn check_below(root: &Path, path: &Path) -> Result<(), FsError> {
    for part in parts(root, path) {
        match what(&part)? {
            Some(Found::Folder) => {}
            None => return Ok(()),
            // A file is no way to anything, but may be what the path is about.
            Some(Found::Other(_)) if part == path => {}
            Some(Found::Link) => return Err(no_folder(part, "a link")),
            Some(Found::Other(what)) => return Err(no_folder(part, what)),
        }
    }
    Ok(())
}

/// Makes the folder `path` and those above it, down from `root`, which is made with those above it where it is not
/// there.
///
/// # Errors
/// As [`check_below`]; or a folder cannot be made.
pub fn create_dir_below(root: &Path, path: &Path) -> Result<(), FsError> {
    create_dir_all(root)?;
    for part in parts(root, path) {
        match fs::create_dir(&part) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match what(&part)? {
                Some(Found::Folder) => {}
                Some(Found::Link) => return Err(no_folder(part, "a link")),
                Some(Found::Other(what)) => return Err(no_folder(part, what)),
                None => return Err(FsError::io("create the folder", &part, error)),
            },
            Err(source) => return Err(FsError::io("create the folder", &part, source)),
        }
    }
    Ok(())
}

/// Whether a folder stands at `path`, and no link to one.
pub fn is_real_folder(path: &Path) -> bool {
    matches!(what(path), Ok(Some(Found::Folder)))
}

/// The paths of the parts of `path` below `root`, from the top; `path` alone if it is not below.
fn parts(root: &Path, path: &Path) -> Vec<PathBuf> {
    let Ok(below) = path.strip_prefix(root) else {
        return vec![path.to_path_buf()];
    };
    let mut part = root.to_path_buf();
    let parts = below.components().map(|name| {
        part.push(name);
        part.clone()
    });
    parts.collect()
}

/// What stands at a path.
enum Found {
    Folder,
    Link,
    Other(&'static str),
}

fn what(path: &Path) -> Result<Option<Found>, FsError> {
    match fs::symlink_metadata(path) {
        Ok(entry) if entry.is_symlink() => Ok(Some(Found::Link)),
        Ok(entry) if entry.is_dir() => Ok(Some(Found::Folder)),
        Ok(entry) if entry.is_file() => Ok(Some(Found::Other("a file"))),
        Ok(_) => Ok(Some(Found::Other("neither file nor folder"))),
        // Below something that is no folder there is nothing.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(source) => Err(FsError::io("look at", path, source)),
    }
}

fn no_folder(path: PathBuf, what: &'static str) -> FsError {
    FsError::NoFolder { path, what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A folder outside, and a results folder that is reached through a link.
    fn scene() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let (outside, real, root) = (
            folder.path().join("outside"),
            folder.path().join("real"),
            folder.path().join("results"),
        );
        fs::create_dir_all(outside.join("b")).unwrap();
        fs::create_dir(&real).unwrap();
        symlink(&real, &root).unwrap();
        (folder, outside, root)
    }

    #[test]
    fn folders_are_made_below_a_root_that_is_a_link() {
        let (_folder, _, root) = scene();
        let deep = root.join("a/b/c");
        create_dir_below(&root, &deep).unwrap();
        create_dir_below(&root, &deep).unwrap();
        assert!(deep.is_dir());
        fs::write(deep.join("file"), "x").unwrap();
        check_below(&root, &deep.join("file")).unwrap();
        check_below(&root, &root).unwrap();
        check_below(&root, &root.join("not/there")).unwrap();
        let fresh = root.join("new");
        create_dir_below(&fresh, &fresh.join("a")).unwrap();
        assert!(fresh.join("a").is_dir());
    }

    #[test]
    fn a_link_on_the_way_or_at_the_end_is_named() {
        let (_folder, outside, root) = scene();
        symlink(&outside, root.join("a")).unwrap();
        fs::create_dir(root.join("c")).unwrap();
        symlink(outside.join("b"), root.join("c/d")).unwrap();
        symlink("/nowhere", root.join("c/dangling")).unwrap();
        for (path, link) in [
            ("a", "a"),
            ("a/b", "a"),
            ("a/new/x", "a"),
            ("c/d", "c/d"),
            ("c/d/x", "c/d"),
            ("c/dangling", "c/dangling"),
        ] {
            for error in [
                check_below(&root, &root.join(path)),
                create_dir_below(&root, &root.join(path)),
            ] {
                let error = error.unwrap_err();
                assert_eq!(error.path(), root.join(link), "{path}");
                assert!(
                    error.to_string().contains("is a link, and nothing is written"),
                    "{error}"
                );
            }
        }
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
        assert_eq!(fs::read_dir(outside.join("b")).unwrap().count(), 0);
    }

    #[test]
    fn a_file_in_place_of_a_folder_is_named() {
        let (_folder, _, root) = scene();
        fs::write(root.join("file"), "x").unwrap();
        check_below(&root, &root.join("file")).unwrap();
        for result in [
            check_below(&root, &root.join("file/x")),
            create_dir_below(&root, &root.join("file/x")),
            create_dir_below(&root, &root.join("file")),
        ] {
            assert!(result.unwrap_err().to_string().contains("file` is a file"));
        }
    }
}
