//! Pixels of image files.

use super::list::ImageFile;
use crate::{DataError, Examples};
use image::imageops::{self, FilterType};
use image::{ImageError, ImageReader, Limits, RgbImage};
use rayon::prelude::*;
use std::fs;
use std::path::Path;

/// Decodes `files` to one size: `size` pixels a side, or where there is none the size of the first.
///
/// # Errors
/// A file that is no image, or an image of another size where there is no `size`; more pixels than memory holds.
pub(super) fn decode(files: &[ImageFile], classes: usize, size: Option<u32>) -> Result<Examples, DataError> {
    let (height, width) = match (size, files.first()) {
        (Some(size), _) => (size as usize, size as usize),
        (None, Some(first)) => {
            let image = open(&first.path)?;
            (image.height() as usize, image.width() as usize)
        }
        (None, None) => (0, 0),
    };
    let Some(mut pixels) = zeros(files.len(), height, width) else {
        let problem = format!(
            "is {width}x{height} pixels, and {} images of that size are more than memory holds; set `data.image-size` \
             or `data.images-per-class`",
            files.len()
        );
        return Err(DataError::file(&files[0].path, problem));
    };
    let planes = pixels.par_chunks_exact_mut((3 * height * width).max(1));
    planes.zip(files).try_for_each(|(planes, file)| {
        let image = open_at(&file.path, size)?;
        if (image.height() as usize, image.width() as usize) != (height, width) {
            let problem = format!(
                "is {}x{} pixels and `{}` is {width}x{height}; set `data.image-size` to bring all to one size",
                image.width(),
                image.height(),
                files[0].path.display(),
            );
            return Err(DataError::file(&file.path, problem));
        }
        for (channel, plane) in planes.chunks_exact_mut(height * width).enumerate() {
            for (target, pixel) in plane.iter_mut().zip(image.pixels()) {
                *target = pixel.0[channel];
            }
        }
        Ok(())
    })?;
    let labels = files.iter().map(|file| file.class as u32).collect();
    Ok(Examples::rgb(pixels, labels, height, width, classes))
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

/// Decodes an image and brings it to `size` pixels a side where that is given.
fn open_at(path: &Path, size: Option<u32>) -> Result<RgbImage, DataError> {
    let image = open(path)?;
    Ok(match size {
        Some(size) if (image.width(), image.height()) != (size, size) => {
            imageops::resize(&image, size, size, FilterType::Triangle)
        }
        _ => image,
    })
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
                "says that it is larger than an image of {length} bytes can be, or than {limit} bytes when decoded; \
                 make it smaller or remove it"
            );
            Err(DataError::file(path, problem))
        }
        Err(source) => Err(DataError::Decode {
            path: path.to_path_buf(),
            source,
        }),
    }
}

/// The most bytes that a file of `length` bytes may become: 32 MiB, which is eleven million pixels, and beyond that
/// what compression can do, up to 512 MiB. Deflate, in PNG files, packs at most 1032 bytes into one (zlib's
/// documentation), and a baseline JPEG file of one colour 6 bits into each 16 by 16 pixels, which is 1024.
fn most_decoded(length: u64) -> u64 {
    const BASE: u64 = 32 << 20;
    const MOST: u64 = 512 << 20;
    length.saturating_mul(2048).saturating_add(BASE).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::list::walk;
    use seedband_core::one_line;
    use seedband_testkit::{Fuzz, peak};
    use std::path::PathBuf;

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

    /// What is decoded, what the decoder keeps beside it (two bytes for each value of a progressive JPEG file), and the
    /// same in eight bits.
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
            let message = one_line(&result.unwrap_err());
            assert!(message.contains("says that it is larger than an image of"), "{message}");
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
