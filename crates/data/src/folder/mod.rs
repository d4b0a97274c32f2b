//! Images in one folder a class: `train/<class>/…`, or `<class>/…` where there is no `train`. Validation images lie in
//! `test/<class>/…`, or else in `val`, `valid` or `validation`. Names such as `training_set` or `seg_test` say the same.
//!
//! Classes count from 0 in the order of their folders' names, and images of a class come in the order of their paths,
//! both byte by byte. Names that start with a dot and files that are no pictures by their names are passed over, and
//! [`look`] says which. Grey images become colour ones, transparent pixels lie on white, and a photograph is turned as
//! its EXIF data says.

mod cache;
mod children;
mod decode;
mod jpeg_end;
mod layout;
mod list;
mod names;
mod passed_over;
mod picture;
mod sets;

pub use cache::cache_folder;

use crate::{DataError, Examples, Shape};
use cache::CacheFile;
use list::ImageFile;
use passed_over::PassedOver;
use std::fs;
use std::path::{Path, PathBuf};

/// What a folder holds, as far as names and headers tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Each class and its number of images, in the order of the classes.
    pub classes: Vec<(String, usize)>,
    /// Height of the images in pixels, once they are brought to one size.
    pub height: usize,
    /// Width of the images in pixels, once they are brought to one size.
    pub width: usize,
    /// Bytes of the image files.
    pub bytes: u64,
    /// The fingerprint of the images, where they were decoded before.
    pub digest: Option<String>,
    /// A phrase for each kind of what lies there and is not read.
    pub passed_over: Vec<String>,
}

impl Contents {
    /// What one image is.
    pub fn shape(&self) -> Shape {
        Shape::Image {
            channels: 3,
            height: self.height,
            width: self.width,
        }
    }
}

/// Looks at the images that [`read`] would read with the same arguments, and decodes none of them.
///
/// # Errors
/// As [`read`], as far as names and headers tell; of files that are no images, all that are none by their headers.
pub fn look(
    root: &Path,
    limit: Option<u32>,
    size: Option<u32>,
    cache_folder: Option<&Path>,
) -> Result<Contents, DataError> {
    Set::training(root, limit)?.look(size, cache_folder)
}

/// The same for [`read_validation`].
///
/// # Errors
/// As [`read_validation`], as far as names and headers tell.
pub fn look_at_validation(root: &Path, size: Option<u32>, cache_folder: Option<&Path>) -> Result<Contents, DataError> {
    Set::validation(root)?.look(size, cache_folder)
}

/// Reads the images below `root`, of each class the first `limit`, resized to `size` pixels a side where that is given.
///
/// Resizing does not keep proportions and averages where it shrinks (triangle filter, as Pillow's bilinear). Decoded
/// pixels are kept in `cache_folder` for the next time.
///
/// # Errors
/// Folders that are laid out otherwise, fewer than two classes or an empty one; files that are no images, all of them;
/// images of several sizes without `size`.
pub fn read(
    root: &Path,
    limit: Option<u32>,
    size: Option<u32>,
    cache_folder: Option<&Path>,
) -> Result<Examples, DataError> {
    Set::training(root, limit)?.read(size, cache_folder)
}

/// Reads the validation images below `root` as [`read`] reads the training images; the classes of both are the same.
///
/// # Errors
/// No folder of validation images beside `train`, one with other classes than `train`, and what [`read`] refuses.
pub fn read_validation(root: &Path, size: Option<u32>, cache_folder: Option<&Path>) -> Result<Examples, DataError> {
    Set::validation(root)?.read(size, cache_folder)
}

/// The files of one set of images.
struct Set {
    top: PathBuf,
    /// The folder of each class.
    classes: Vec<PathBuf>,
    files: Vec<ImageFile>,
    passed_over: PassedOver,
}

impl Set {
    fn training(root: &Path, limit: Option<u32>) -> Result<Self, DataError> {
        let mut layout = layout::find(root)?;
        let classes = layout::class_folders(&layout.top, &mut layout.passed_over)?;
        Self::of_classes(layout.top, classes, limit, layout.passed_over)
    }

    fn validation(root: &Path) -> Result<Self, DataError> {
        let top = layout::find_validation(root)?;
        let mut passed_over = PassedOver::default();
        let classes = layout::class_folders(&top, &mut passed_over)?;
        let train = layout::find(root)?.top;
        same_classes(
            &top,
            &classes,
            &layout::class_folders(&train, &mut PassedOver::default())?,
        )?;
        Self::of_classes(top, classes, None, passed_over)
    }

    fn of_classes(
        top: PathBuf,
        classes: Vec<PathBuf>,
        limit: Option<u32>,
        mut passed_over: PassedOver,
    ) -> Result<Self, DataError> {
        let files = list::list(&top, &classes, limit, &mut passed_over)?;
        Ok(Self {
            top,
            classes,
            files,
            passed_over,
        })
    }

    fn cache_file(&self, cache_folder: Option<&Path>, size: Option<u32>) -> Option<CacheFile> {
        CacheFile::new(cache_folder?, &self.top, &self.files, self.classes.len(), size)
    }

    fn look(&self, size: Option<u32>, cache_folder: Option<&Path>) -> Result<Contents, DataError> {
        let digest = self
            .cache_file(cache_folder, size)
            .and_then(|cache| cache.fingerprint());
        // What has been decoded needs no look at every header again.
        let unknown = if digest.is_some() { 1 } else { self.files.len() };
        let (width, height) = decode::look(self.files.get(..unknown).unwrap_or_default(), size)?;
        let mut counts = vec![0; self.classes.len()];
        self.files.iter().for_each(|file| counts[file.class] += 1);
        let names = self.classes.iter().map(|folder| names::last(folder));
        let length = |file: &ImageFile| fs::metadata(&file.path).map_or(0, |metadata| metadata.len());
        Ok(Contents {
            classes: names.zip(counts).collect(),
            height: height as usize,
            width: width as usize,
            bytes: self.files.iter().map(length).sum(),
            digest,
            passed_over: self.passed_over.phrases(),
        })
    }

    fn read(&self, size: Option<u32>, cache_folder: Option<&Path>) -> Result<Examples, DataError> {
        let cache = self.cache_file(cache_folder, size);
        if let Some(images) = cache.as_ref().and_then(CacheFile::load) {
            return Ok(images);
        }
        let images = decode::decode(&self.files, self.classes.len(), size)?;
        if let Some(cache) = cache {
            cache.store(&images);
        }
        Ok(images)
    }
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
