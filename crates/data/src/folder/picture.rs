//! One image file.

use super::jpeg_end::is_whole;
use super::names::PICTURES_TEXT;
use crate::DataError;
use crate::file;
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits, Rgb, RgbImage};
use std::io::{BufRead, BufReader, Cursor, Seek};
use std::path::Path;

/// The width and height of an image as it is decoded, from its header alone.
///
/// # Errors
/// The file is no image, by its header, or says that it is far larger than it can be.
pub(super) fn size(path: &Path) -> Result<(u32, u32), DataError> {
    let (file, length) = file::open(path)?;
    let mut decoder = decoder(path, BufReader::new(file), length)?;
    let (width, height) = decoder.dimensions();
    Ok(match orientation(&mut decoder) {
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => {
            (height, width)
        }
        _ => (width, height),
    })
}

/// Decodes an image by its content, whatever its name says, and turns it as its EXIF data says; transparent pixels lie
/// on white. `size` pixels a side where that is given.
///
/// # Errors
/// The file is no image, or not whole, or says that it is far larger than it can be.
pub(super) fn open(path: &Path, size: Option<u32>) -> Result<RgbImage, DataError> {
    let bytes = file::bytes(path)?;
    let mut decoder = decoder(path, Cursor::new(&bytes), bytes.len() as u64)?;
    if image::guess_format(&bytes).is_ok_and(|format| format == ImageFormat::Jpeg) && !is_whole(&bytes) {
        let problem = "ends in the middle of its pixels: it was cut short; fetch it again or remove it";
        return Err(DataError::file(path, problem));
    }
    let orientation = orientation(&mut decoder);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| refused(path, bytes.len() as u64, error))?;
    image.apply_orientation(orientation);
    let image = on_white(image);
    Ok(match size {
        Some(size) if image.dimensions() != (size, size) => imageops::resize(&image, size, size, FilterType::Triangle),
        _ => image,
    })
}

/// The decoder of an image file of `length` bytes.
///
/// A file may say that it is far larger than it is, so what is decoded has a limit that grows with the file.
fn decoder<'a>(
    path: &Path,
    reader: impl BufRead + Seek + 'a,
    length: u64,
) -> Result<impl ImageDecoder + 'a, DataError> {
    let mut reader = ImageReader::new(reader)
        .with_guessed_format()
        .map_err(|source| DataError::io(path, source))?;
    if reader.format().is_none() {
        let problem = format!("is no image by its content (known: {PICTURES_TEXT}); remove it, or fetch it again");
        return Err(DataError::file(path, problem));
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(most_decoded(length));
    reader.limits(limits.clone());
    let limited = |reader: ImageReader<_>| -> ImageResult<_> {
        let mut decoder = reader.into_decoder()?;
        // As `ImageReader::decode` does, so that nothing larger is made room for.
        limits.reserve(decoder.total_bytes())?;
        decoder.set_limits(limits)?;
        Ok(decoder)
    };
    limited(reader).map_err(|error| refused(path, length, error))
}

/// How the image has to be turned; not at all where its EXIF data says nothing that can be understood.
fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    decoder.orientation().unwrap_or(Orientation::NoTransforms)
}

fn refused(path: &Path, length: u64, error: ImageError) -> DataError {
    if matches!(error, ImageError::Limits(_)) {
        let problem = format!(
            "says that it is larger than an image of {length} bytes can be, or than {} bytes when decoded; make it \
             smaller or remove it",
            most_decoded(length)
        );
        return DataError::file(path, problem);
    }
    DataError::Decode {
        path: path.to_path_buf(),
        source: error,
    }
}

/// The image in eight bits; where it is transparent, white shows through.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    let mut opaque = RgbImage::new(image.width(), image.height());
    for (target, source) in opaque.pixels_mut().zip(image.pixels()) {
        let [colour @ .., alpha] = source.0;
        let alpha = u32::from(alpha);
        // Rounded to the nearest.
        let over = |value: u8| ((u32::from(value) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        *target = Rgb(colour.map(over));
    }
    opaque
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
    use seedband_core::one_line;
    use seedband_testkit::{Fuzz, peak};
    use std::fs;
    use std::path::PathBuf;

    /// One image of each kind that the decoders tell apart, and some that claim to be far larger: see `make.py` there.
    fn corpus() -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images");
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut paths: Vec<PathBuf> = entries
            .filter(|path| path.extension().is_some_and(|end| end != "py"))
            .collect();
        paths.sort();
        paths
    }

    fn is_claim(path: &Path) -> bool {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("claims-"))
    }

    /// The file, what is decoded, what the decoder keeps beside it (two bytes for each value of a progressive JPEG file),
    /// and the same in eight bits.
    fn most(length: usize) -> usize {
        4 * most_decoded(length as u64) as usize + (1 << 20) + 2 * length
    }

    #[test]
    fn images_of_every_kind_are_decoded() {
        let files: Vec<PathBuf> = corpus().into_iter().filter(|path| !is_claim(path)).collect();
        assert_eq!(files.len(), 23);
        for path in files {
            let image = open(&path, None).unwrap_or_else(|error| panic!("{}", one_line(&error)));
            assert_eq!(image.dimensions(), (24, 16), "{}", path.display());
            assert_eq!(size(&path).unwrap(), (24, 16), "{}", path.display());
        }
    }

    /// 600 bytes took a gigabyte.
    #[test]
    fn a_small_file_that_claims_to_be_large_is_refused_before_it_is_decoded() {
        let claims: Vec<PathBuf> = corpus().into_iter().filter(|path| is_claim(path)).collect();
        assert_eq!(claims.len(), 4);
        for path in claims {
            let (result, heap) = peak(|| open(&path, None));
            let message = one_line(&result.unwrap_err());
            assert!(message.contains("says that it is larger than an image of"), "{message}");
            assert!(heap < 1 << 20, "{}: {heap}", path.display());
            assert!(size(&path).is_err());
        }
    }

    #[test]
    fn an_image_may_be_as_large_as_compression_makes_it() {
        assert_eq!(most_decoded(0), 32 << 20);
        assert_eq!(most_decoded(1 << 10), (32 << 20) + (2 << 20));
        assert_eq!(most_decoded(u64::MAX), 512 << 20);
        // One colour throughout: as small as files of their size get.
        let folder = tempfile::tempdir().unwrap();
        let white = DynamicImage::from(image::GrayImage::from_pixel(7000, 7000, image::Luma([255])));
        for name in ["white.png", "white.jpg"] {
            let path = folder.path().join(name);
            white.save(&path).unwrap();
            let image = open(&path, None).unwrap_or_else(|error| panic!("{}", one_line(&error)));
            assert_eq!(image.dimensions(), (7000, 7000));
        }
    }

    /// Whatever the format: what is cut short is refused, and not filled up.
    #[test]
    fn files_cut_short_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("image");
        for file in corpus().iter().filter(|path| !is_claim(path)) {
            let bytes = fs::read(file).unwrap();
            for part in [3, 5, 8, 9] {
                fs::write(&path, &bytes[..bytes.len() * part / 10]).unwrap();
                assert!(open(&path, None).is_err(), "{} {part}", file.display());
            }
        }
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
            if let Ok(image) = open(&path, None) {
                let (width, height) = (image.width() as usize, image.height() as usize);
                assert_eq!(image.as_raw().len(), 3 * width * height);
                assert_eq!(size(&path).unwrap(), image.dimensions());
            }
        });
    }
}
