//! Which image files there are.

use crate::DataError;
use crate::class_limit::ClassLimit;
use std::fs;
use std::path::{Path, PathBuf};

/// An image file and its class.
#[derive(Debug)]
pub(super) struct ImageFile {
    pub(super) path: PathBuf,
    pub(super) class: usize,
}

/// The folders of the classes in `top`, by name.
pub(super) fn class_folders(top: &Path) -> Result<Vec<PathBuf>, DataError> {
    let folders: Vec<PathBuf> = children(top)?.into_iter().filter(|path| path.is_dir()).collect();
    if folders.len() < 2 {
        let problem = format!(
            "holds {} class folders, and a classifier needs at least two",
            folders.len()
        );
        return Err(DataError::file(top, problem));
    }
    Ok(folders)
}

/// The image files of the classes in `folders`, of each the first `limit`.
pub(super) fn list(folders: &[PathBuf], limit: Option<u32>) -> Result<Vec<ImageFile>, DataError> {
    let mut taken = ClassLimit::new(limit, folders.len());
    let mut images = Vec::new();
    for (class, folder) in folders.iter().enumerate() {
        let mut files = Vec::new();
        walk(folder, &mut files)?;
        if files.is_empty() {
            return Err(DataError::file(
                folder,
                "holds no image (`.jpg`, `.jpeg`, `.png`, `.webp`, `.bmp`, `.tif` or `.tiff`); remove the folder or fill it",
            ));
        }
        images.extend(
            files
                .into_iter()
                .filter(|_| taken.take(class))
                .map(|path| ImageFile { path, class }),
        );
    }
    Ok(images)
}

/// All image files below `folder`, sorted by path.
pub(super) fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), DataError> {
    for path in children(folder)? {
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|extension| {
            ["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        }) {
            files.push(path);
        }
    }
    Ok(())
}

/// What a folder holds, hidden entries left out, sorted by name.
fn children(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let wrong = |source| DataError::io(folder, source);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}
