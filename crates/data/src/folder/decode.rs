//! Pixels of image files.

use super::list::ImageFile;
use super::picture;
use crate::{DataError, Examples};
use rayon::prelude::*;

/// Decodes `files` to one size: `size` pixels a side, or where there is none that of the first that can be read.
///
/// # Errors
/// Files that are no images, all of them; an image of another size where there is no `size`; more pixels than memory
/// holds.
pub(super) fn decode(files: &[ImageFile], classes: usize, size: Option<u32>) -> Result<Examples, DataError> {
    let (width, height) = common_size(files, size)?;
    let (rows, columns) = (height as usize, width as usize);
    let Some(mut pixels) = zeros(files.len(), rows, columns) else {
        let problem = format!(
            "is {width}x{height} pixels, and {} images of that size are more than memory holds; set `data.image-size` \
             or `data.images-per-class`",
            files.len()
        );
        return Err(DataError::file(&files[0].path, problem));
    };
    let planes = pixels.par_chunks_exact_mut((3 * rows * columns).max(1));
    let results = planes.zip(files).map(|(planes, file)| {
        let image = picture::open(&file.path, size)?;
        if image.dimensions() == (width, height) {
            for (channel, plane) in planes.chunks_exact_mut(rows * columns).enumerate() {
                for (target, pixel) in plane.iter_mut().zip(image.pixels()) {
                    *target = pixel.0[channel];
                }
            }
        }
        Ok(image.dimensions())
    });
    agreed(files, results.collect(), size)?;
    let labels = files.iter().map(|file| file.class as u32).collect();
    Ok(Examples::rgb(pixels, labels, rows, columns, classes))
}

/// The width and height that `files` have, or are brought to, by their headers alone.
///
/// # Errors
/// As [`decode`], as far as headers tell.
pub(super) fn look(files: &[ImageFile], size: Option<u32>) -> Result<(u32, u32), DataError> {
    let results = files.par_iter().map(|file| picture::size(&file.path)).collect();
    agreed(files, results, size)?;
    common_size(files, size)
}

/// `size` pixels a side, or the size of the first image that has one.
fn common_size(files: &[ImageFile], size: Option<u32>) -> Result<(u32, u32), DataError> {
    if let Some(size) = size {
        return Ok((size, size));
    }
    let mut unreadable = Vec::new();
    for file in files {
        match picture::size(&file.path) {
            Ok(size) => return Ok(size),
            Err(error) => unreadable.push(error),
        }
    }
    Err(DataError::several(unreadable))
}

/// Whether all files could be read, and have one size where none is made.
fn agreed(
    files: &[ImageFile],
    results: Vec<Result<(u32, u32), DataError>>,
    size: Option<u32>,
) -> Result<(), DataError> {
    let mut first: Option<(&ImageFile, (u32, u32))> = None;
    let (mut unreadable, mut other) = (Vec::new(), None);
    for (file, result) in files.iter().zip(results) {
        match result {
            Err(error) => unreadable.push(error),
            Ok(found) => {
                let (first, wanted) = *first.get_or_insert((file, found));
                if size.is_none() && found != wanted && other.is_none() {
                    other = Some((file, found, first, wanted));
                }
            }
        }
    }
    if !unreadable.is_empty() {
        return Err(DataError::several(unreadable));
    }
    match other {
        None => Ok(()),
        Some((file, found, first, wanted)) => {
            let problem = format!(
                "is {}x{} pixels and `{}` is {}x{}; set `data.image-size` to bring all to one size",
                found.0,
                found.1,
                first.path.display(),
                wanted.0,
                wanted.1
            );
            Err(DataError::file(&file.path, problem))
        }
    }
}

/// Three planes for each of `count` images; none where there is no memory for them, which would end the process
/// otherwise.
fn zeros(count: usize, height: usize, width: usize) -> Option<Vec<u8>> {
    let length = count.checked_mul(3)?.checked_mul(height)?.checked_mul(width)?;
    let mut reserved = Vec::<u8>::new();
    reserved.try_reserve_exact(length).ok()?;
    // Kept from being optimised away, and not used: memory that comes zeroed is not touched before it is filled.
    drop(std::hint::black_box(reserved));
    Some(vec![0; length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_that_no_memory_holds_are_none() {
        assert_eq!(zeros(2, 3, 4), Some(vec![0; 72]));
        assert_eq!(zeros(1 << 30, 1 << 12, 1 << 12), None);
        assert_eq!(zeros(usize::MAX / 2, 1, 1), None);
    }
}
