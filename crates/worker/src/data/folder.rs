//! Images in one folder a class: `train/<class>/…`, or `<class>/…` where there is no `train`. Validation images lie in `test/<class>/…`, or
//! else in `val` or `valid`.
//!
//! Classes count from 0 in the order of their folders' names, and images of a class come in the order of their paths, both byte by byte.
//! Names that start with a dot and files that end in neither `.jpg`, `.jpeg` nor `.png` are passed over. Grey images become colour ones,
//! transparency is dropped, and a rotation noted in a photograph's EXIF data is not applied.

use super::{DataError, Images, Limit, cache};
use image::imageops::{self, FilterType};
use image::{ImageReader, RgbImage};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

/// An image file.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: PathBuf,
    pub(super) class: usize,
}

/// Reads the images below `root`, of each class the first `limit`, resized to `size` pixels a side where that is given.
///
/// Resizing does not keep proportions and averages where it shrinks (triangle filter, as Pillow's bilinear). Decoded pixels are kept in
/// `cache_folder` for the next time.
///
/// # Errors
/// A folder without class folders, with one alone, or with an empty one; a file that is no image; images of several sizes without `size`.
pub fn read(
    root: &Path,
    limit: Option<u32>,
    size: Option<u32>,
    cache_folder: Option<&Path>,
) -> Result<Images, DataError> {
    let train = root.join("train");
    let top = if train.is_dir() { train.as_path() } else { root };
    read_classes(top, &class_folders(top)?, limit, size, cache_folder)
}

/// Reads the validation images below `root` as [`read`] reads the training images; the classes of both are the same.
///
/// # Errors
/// No folder of validation images beside `train`, one with other classes than `train`, and what [`read`] refuses.
pub fn read_validation(root: &Path, size: Option<u32>, cache_folder: Option<&Path>) -> Result<Images, DataError> {
    let train = root.join("train");
    let place = VALIDATION.iter().map(|name| root.join(name)).find(|path| path.is_dir());
    let Some(top) = place.filter(|_| train.is_dir()) else {
        let problem = "holds no `train` with a `test`, `val` or `valid` beside it, so there are no validation images; add them or set \
                       `validation.every = 0`";
        return Err(DataError::file(root, problem));
    };
    let folders = class_folders(&top)?;
    same_classes(&top, &folders, &class_folders(&train)?)?;
    read_classes(&top, &folders, None, size, cache_folder)
}

/// Names of the folder of validation images; the first that is there counts.
const VALIDATION: [&str; 3] = ["test", "val", "valid"];

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
) -> Result<Images, DataError> {
    let (entries, classes) = (list(folders, limit)?, folders.len());
    let slot = cache_folder.and_then(|folder| cache::Slot::new(folder, top, &entries, classes, size));
    if let Some(images) = slot.as_ref().and_then(cache::Slot::load) {
        return Ok(images);
    }
    let images = decode(&entries, classes, size)?;
    if let Some(slot) = slot {
        slot.store(&images);
    }
    Ok(images)
}

/// The folders of the classes in `top`, by name.
fn class_folders(top: &Path) -> Result<Vec<PathBuf>, DataError> {
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
fn list(folders: &[PathBuf], limit: Option<u32>) -> Result<Vec<Entry>, DataError> {
    let mut taken = Limit::new(limit, folders.len());
    let mut entries = Vec::new();
    for (class, folder) in folders.iter().enumerate() {
        let mut files = Vec::new();
        walk(folder, &mut files)?;
        if files.is_empty() {
            return Err(DataError::file(
                folder,
                "holds no image (`.jpg`, `.jpeg` or `.png`); remove the folder or fill it",
            ));
        }
        entries.extend(
            files
                .into_iter()
                .filter(|_| taken.take(class))
                .map(|path| Entry { path, class }),
        );
    }
    Ok(entries)
}

/// All image files below `folder`, sorted by path.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), DataError> {
    for path in children(folder)? {
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|extension| {
            ["jpg", "jpeg", "png"]
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

fn decode(entries: &[Entry], classes: usize, size: Option<u32>) -> Result<Images, DataError> {
    let (height, width) = match (size, entries.first()) {
        (Some(size), _) => (size as usize, size as usize),
        (None, Some(first)) => {
            let image = open(&first.path)?;
            (image.height() as usize, image.width() as usize)
        }
        (None, None) => (0, 0),
    };
    let mut pixels = vec![0; entries.len() * 3 * height * width];
    let planes = pixels.par_chunks_exact_mut((3 * height * width).max(1));
    planes.zip(entries).try_for_each(|(planes, entry)| {
        let mut image = open(&entry.path)?;
        if let Some(size) = size
            && (image.width(), image.height()) != (size, size)
        {
            image = imageops::resize(&image, size, size, FilterType::Triangle);
        }
        if (image.height() as usize, image.width() as usize) != (height, width) {
            let problem = format!(
                "is {}x{} pixels and `{}` is {width}x{height}; set `data.image-size` to bring all to one size",
                image.width(),
                image.height(),
                entries[0].path.display(),
            );
            return Err(DataError::file(&entry.path, problem));
        }
        for (channel, plane) in planes.chunks_exact_mut(height * width).enumerate() {
            for (target, pixel) in plane.iter_mut().zip(image.pixels()) {
                *target = pixel.0[channel];
            }
        }
        Ok(())
    })?;
    let labels = entries.iter().map(|entry| entry.class as u32).collect();
    Ok(Images {
        pixels,
        labels,
        height,
        width,
        classes,
    })
}

/// Decodes an image by its content, whatever its name says.
fn open(path: &Path) -> Result<RgbImage, DataError> {
    let reader = ImageReader::open(path).and_then(ImageReader::with_guessed_format);
    let reader = reader.map_err(|source| DataError::io(path, source))?;
    let image = reader.decode().map_err(|source| DataError::Decode {
        path: path.to_path_buf(),
        source,
    })?;
    Ok(image.into_rgb8())
}
