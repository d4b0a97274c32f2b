//! Whether a results folder can be made and written to.

use nix::errno::Errno;
use nix::unistd::{AccessFlags, access};
use seedband_core::files::fsio::FsError;
use std::path::Path;

/// Fails as making the folder would, as far as that can be told without making anything: a file stands in the way, or
/// what would be written to may not be.
///
/// # Errors
/// The folder cannot be made or written to.
pub(super) fn check(folder: &Path) -> Result<(), FsError> {
    let failed = |errno: Errno| FsError::io("create the folder", folder, errno.into());
    let is_there = |above: &&Path| !above.as_os_str().is_empty() && above.symlink_metadata().is_ok();
    let there = folder.ancestors().find(is_there).unwrap_or(Path::new("."));
    if !there.is_dir() {
        return Err(failed(if there == folder { Errno::EEXIST } else { Errno::ENOTDIR }));
    }
    access(there, AccessFlags::W_OK | AccessFlags::X_OK).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::files::fsio;

    #[test]
    fn it_says_what_making_the_folder_would_say() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        std::fs::write(at("file"), "").unwrap();
        for name in ["file", "file/below", "file/far/below"] {
            let expected = fsio::create_dir_all(&at(name)).unwrap_err().to_string();
            assert_eq!(check(&at(name)).unwrap_err().to_string(), expected);
        }
        check(&at("new/below")).unwrap();
        check(root.path()).unwrap();
        assert!(!at("new").exists());
    }
}
