//! Images in one folder a class: `train/<class>/…`, or `<class>/…` where there is no `train`. Validation images lie in `test/<class>/…`, or
//! else in `val` or `valid`.
//!
//! Classes count from 0 in the order of their folders' names, and images of a class come in the order of their paths, both byte by byte.
//! Names that start with a dot and files that end in neither `.jpg`, `.jpeg` nor `.png` are passed over. Grey images become colour ones,
//! transparency is dropped, and a rotation noted in a photograph's EXIF data is not applied.

use super::{DataError, Images, Limit, cache};
use image::imageops::{self, FilterType};
use image::{ImageError, ImageReader, Limits, RgbImage};
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
    let Some(mut pixels) = zeros(entries.len(), height, width) else {
        let first = &entries[0].path;
        let problem = format!(
            "is {width}x{height} pixels, and {} images of that size are more than memory holds; set `data.image-size` or `data.images-per-class`",
            entries.len()
        );
        return Err(DataError::file(first, problem));
    };
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

/// Three planes for each of `count` images; none where there is no memory for them, which would end the process otherwise.
fn zeros(count: usize, height: usize, width: usize) -> Option<Vec<u8>> {
    let length = count.checked_mul(3)?.checked_mul(height)?.checked_mul(width)?;
    let mut room = Vec::<u8>::new();
    room.try_reserve_exact(length).ok()?;
    // Kept from being optimised away, and not used: memory that comes zeroed is not touched before it is filled.
    drop(std::hint::black_box(room));
    Some(vec![0; length])
}

/// Decodes an image by its content, whatever its name says.
///
/// A file may say that it is far larger than it is, so what is decoded has a limit that grows with the file.
fn open(path: &Path) -> Result<RgbImage, DataError> {
    let length = fs::metadata(path).map_err(|source| DataError::io(path, source))?.len();
    let limit = most_decoded(length);
    let reader = ImageReader::open(path).and_then(ImageReader::with_guessed_format);
    let mut reader = reader.map_err(|source| DataError::io(path, source))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(limit);
    reader.limits(limits);
    match reader.decode() {
        Ok(image) => Ok(image.into_rgb8()),
        Err(ImageError::Limits(_)) => {
            let problem = format!(
                "says that it is larger than an image of {length} bytes can be, or than {limit} bytes when decoded; make it smaller or remove it"
            );
            Err(DataError::file(path, problem))
        }
        Err(source) => Err(DataError::Decode {
            path: path.to_path_buf(),
            source,
        }),
    }
}

/// The most bytes that a file of `length` bytes may become: 32 MiB, which is eleven million pixels, and beyond that what compression can do, up
/// to 512 MiB. Deflate, in PNG files, packs at most 1032 bytes into one (zlib's documentation), and a baseline JPEG file of one colour 6 bits
/// into each 16 by 16 pixels, which is 1024.
fn most_decoded(length: u64) -> u64 {
    const ALWAYS: u64 = 32 << 20;
    const NEVER: u64 = 512 << 20;
    length.saturating_mul(2048).saturating_add(ALWAYS).min(NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::one_line;
    use seedband_testkit::{Fuzz, peak};

    /// One image of each kind that the decoders tell apart, and some that claim to be far larger: see `make.py` there.
    fn corpus() -> Vec<PathBuf> {
        let mut paths = Vec::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images"), &mut paths).unwrap();
        paths
    }

    fn claims(path: &Path) -> bool {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("claims-"))
    }

    /// What is decoded, what the decoder keeps beside it (two bytes for each value of a progressive JPEG file), and the same in eight bits.
    fn most(length: usize) -> usize {
        4 * most_decoded(length as u64) as usize + (1 << 20)
    }

    #[test]
    fn images_of_every_kind_are_decoded() {
        let sizes = corpus().into_iter().filter(|path| !claims(path)).map(|path| {
            let image = open(&path).unwrap_or_else(|error| panic!("{}", one_line(&error)));
            (image.width(), image.height())
        });
        assert_eq!(sizes.collect::<Vec<_>>(), [(24, 16); 11]);
    }

    /// 600 bytes took a gigabyte.
    #[test]
    fn a_small_file_that_claims_to_be_large_is_refused_before_it_is_decoded() {
        let claims: Vec<PathBuf> = corpus().into_iter().filter(|path| claims(path)).collect();
        assert_eq!(claims.len(), 4);
        for path in claims {
            let (result, heap) = peak(|| open(&path));
            let said = one_line(&result.unwrap_err());
            assert!(said.contains("says that it is larger than an image of"), "{said}");
            assert!(heap < 1 << 20, "{}: {heap}", path.display());
        }
    }

    #[test]
    fn an_image_may_be_as_large_as_compression_makes_it() {
        assert_eq!(most_decoded(0), 32 << 20);
        assert_eq!(most_decoded(1 << 10), (32 << 20) + (2 << 20));
        assert_eq!(most_decoded(u64::MAX), 512 << 20);
        // One colour throughout: as small as files of their size get.
        let folder = tempfile::tempdir().unwrap();
        let white = image::DynamicImage::from(image::GrayImage::from_pixel(7000, 7000, image::Luma([255])));
        for name in ["white.png", "white.jpg"] {
            let path = folder.path().join(name);
            white.save(&path).unwrap();
            let image = open(&path).unwrap_or_else(|error| panic!("{}", one_line(&error)));
            assert_eq!(image.dimensions(), (7000, 7000));
        }
    }

    #[test]
    fn images_that_no_memory_holds_are_none() {
        assert_eq!(zeros(2, 3, 4), Some(vec![0; 72]));
        assert_eq!(zeros(1 << 30, 1 << 12, 1 << 12), None);
        assert_eq!(zeros(usize::MAX / 2, 1, 1), None);
    }

    #[test]
    fn damaged_images_are_answered() {
        let place = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let path = place.path().join("image");
        let seeds: Vec<Vec<u8>> = corpus().iter().map(|path| fs::read(path).unwrap()).collect();
        Fuzz::new(&seeds).memory(most).run(|bytes| {
            fs::write(&path, bytes).unwrap();
            if let Ok(image) = open(&path) {
                let (width, height) = (image.width() as usize, image.height() as usize);
                assert_eq!(image.as_raw().len(), 3 * width * height);
            }
        });
    }
}
