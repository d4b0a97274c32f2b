//! Images in one folder a class: `train/<class>/…`, or `<class>/…` where there is no `train`. Validation images lie in
//! `test/<class>/…`, or else in `val` or `valid`.
//!
//! Classes count from 0 in the order of their folders' names, and images of a class come in the order of their paths,
//! both byte by byte. Names that start with a dot and files with other ends than `.jpg`, `.jpeg`, `.png`, `.webp`, `.bmp`,
//! `.tif` and `.tiff` are passed over. Grey images become colour ones, transparency is dropped, and a rotation noted in a photograph's EXIF data is
//! not applied.

mod cache;
mod decode;
mod list;

pub use cache::cache_folder;

use crate::{DataError, Examples};
use cache::CacheFile;
use decode::decode;
use list::{class_folders, list};
use std::path::{Path, PathBuf};

/// Names of the folder of validation images; the first that is there counts.
const VALIDATION: [&str; 3] = ["test", "val", "valid"];

/// Reads the images below `root`, of each class the first `limit`, resized to `size` pixels a side where that is given.
///
/// Resizing does not keep proportions and averages where it shrinks (triangle filter, as Pillow's bilinear). Decoded
/// pixels are kept in `cache_folder` for the next time.
///
/// # Errors
/// A folder without class folders, with one alone, or with an empty one; a file that is no image; images of several
/// sizes without `size`.
pub fn read(
    root: &Path,
    limit: Option<u32>,
    size: Option<u32>,
    cache_folder: Option<&Path>,
) -> Result<Examples, DataError> {
    let train = root.join("train");
    let top = if train.is_dir() { train.as_path() } else { root };
    read_classes(top, &class_folders(top)?, limit, size, cache_folder)
}

/// Reads the validation images below `root` as [`read`] reads the training images; the classes of both are the same.
///
/// # Errors
/// No folder of validation images beside `train`, one with other classes than `train`, and what [`read`] refuses.
pub fn read_validation(root: &Path, size: Option<u32>, cache_folder: Option<&Path>) -> Result<Examples, DataError> {
    let train = root.join("train");
    let folder = VALIDATION.iter().map(|name| root.join(name)).find(|path| path.is_dir());
    let Some(top) = folder.filter(|_| train.is_dir()) else {
        let problem = "holds no `train` with a `test`, `val` or `valid` beside it, so there are no validation images; \
                       add them or set `validation.every = 0`";
        return Err(DataError::file(root, problem));
    };
    let folders = class_folders(&top)?;
    same_classes(&top, &folders, &class_folders(&train)?)?;
    read_classes(&top, &folders, None, size, cache_folder)
}

/// `Err` when the validation images in `top` have not the classes of the training images.
fn same_classes(top: &Path, folders: &[PathBuf], train: &[PathBuf]) -> Result<(), DataError> {
    let names = |folders: &[PathBuf]| -> Vec<String> {
        let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        folders.iter().filter_map(name).collect()
    };
    let (found, wanted) = (names(folders), names(train));
    let difference = if let Some(missing) = wanted.iter().find(|name| !found.contains(name)) {
        format!("has no class `{missing}`, and `train` has")
    } else if let Some(extra) = found.iter().find(|name| !wanted.contains(name)) {
        format!("has a class `{extra}`, and `train` has not")
    } else {
        return Ok(());
    };
    Err(DataError::file(
        top,
        format!("{difference}; give both the same class folders or set `validation.every = 0`"),
    ))
}

fn read_classes(
    top: &Path,
    folders: &[PathBuf],
    limit: Option<u32>,
    size: Option<u32>,
    cache_folder: Option<&Path>,
) -> Result<Examples, DataError> {
    let (files, classes) = (list(folders, limit)?, folders.len());
    let cache = cache_folder.and_then(|folder| CacheFile::new(folder, top, &files, classes, size));
    if let Some(images) = cache.as_ref().and_then(CacheFile::load) {
        return Ok(images);
    }
    let images = decode(&files, classes, size)?;
    if let Some(cache) = cache {
        cache.store(&images);
    }
    Ok(images)
}
