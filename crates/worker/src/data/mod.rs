//! Training and validation images, whatever they come from: loaded once, kept on the device.

pub mod cache;
pub mod cifar;
pub mod folder;
pub mod images;
pub mod synthetic;

pub use images::Images;

use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{Data, Source};
use std::io;
use std::path::{Path, PathBuf};
use tch::{Device, Kind, TchError, Tensor};

/// Images on a device.
#[derive(Debug)]
pub struct Dataset {
    /// Bytes `[n, 3, height, width]`: red, green, blue.
    pub pixels: Tensor,
    /// Class of each image, `[n]`, 64-bit integers.
    pub labels: Tensor,
    /// Number of images.
    pub count: usize,
    /// Height in pixels.
    pub height: usize,
    /// Width in pixels.
    pub width: usize,
    /// Number of classes.
    pub classes: usize,
    /// SHA-256 of images and labels, see [`Images::fingerprint`].
    pub fingerprint: String,
    /// Mean of each channel in units of 0 to 1.
    pub mean: [f64; 3],
    /// Population standard deviation of each channel in units of 0 to 1.
    pub deviation: [f64; 3],
}

/// Images that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The request names no folder.
    #[error("the source `{0}` needs the folder of its files; set `data.path`")]
    NoPath(&'static str),
    /// The operating system refused.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("`{}` {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong, as the rest of a sentence that starts with the file, and what to do.
        problem: String,
    },
    /// A file is no image.
    #[error("cannot decode `{}`", path.display())]
    Decode {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        source: image::ImageError,
    },
    /// A channel has the same value everywhere, so that normalising it would divide by zero.
    #[error("every pixel's {0} is the same, so it cannot be normalised; set `pixels.normalize = \"none\"`")]
    Constant(&'static str),
    /// The device refused.
    #[error(transparent)]
    Torch(#[from] TchError),
}

impl DataError {
    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }

    fn file(path: &Path, problem: impl Into<String>) -> Self {
        Self::File {
            path: path.to_path_buf(),
            problem: problem.into(),
        }
    }
}

/// Reads or makes the training images of `data`; `path` is its folder with variables filled in.
pub fn read(data: &Data, path: Option<&Path>) -> Result<Images, DataError> {
    let data = data.resolved();
    let folder = || path.ok_or(DataError::NoPath(data.source.name()));
    // `resolved` fills in every key of `synthetic`, so the fallbacks here are never taken.
    match data.source {
        Source::Synthetic => Ok(synthetic::make(
            data.images_per_class.unwrap_or(200),
            data.noise.unwrap_or(0.25),
            data.seed.unwrap_or(0),
        )),
        Source::Cifar10 => cifar::read(folder()?, cifar::CIFAR10, data.images_per_class),
        Source::Cifar100 => cifar::read(folder()?, cifar::CIFAR100, data.images_per_class),
        Source::ImageFolder => folder::read(
            folder()?,
            data.images_per_class,
            data.image_size,
            cache::folder().as_deref(),
        ),
    }
}

/// Reads or makes the validation images of `data`: all of them, or a sample of `sample` that depends on nothing but how many there are; in
/// file order. They have the size and the classes of the training images `beside` which they are used.
pub fn read_validation(
    data: &Data,
    path: Option<&Path>,
    sample: Option<u32>,
    beside: &Dataset,
) -> Result<Images, DataError> {
    let data = data.resolved();
    let folder = path.ok_or(DataError::NoPath(data.source.name()));
    let images = match data.source {
        Source::Synthetic => synthetic::make_validation(data.noise.unwrap_or(0.25), data.seed.unwrap_or(0)),
        Source::Cifar10 => cifar::read(folder?, cifar::CIFAR10_TEST, None)?,
        Source::Cifar100 => cifar::read(folder?, cifar::CIFAR100_TEST, None)?,
        Source::ImageFolder => {
            let folder = folder?;
            let images = folder::read_validation(folder, data.image_size, cache::folder().as_deref())?;
            if (images.height, images.width) != (beside.height, beside.width) {
                let problem = format!(
                    "has validation images of {}x{} pixels and training images of {}x{}; set `data.image-size` to bring all to one size",
                    images.width, images.height, beside.width, beside.height
                );
                return Err(DataError::file(folder, problem));
            }
            images
        }
    };
    // More images than 2^32 do not fit in memory.
    let count = u32::try_from(images.count()).unwrap_or(u32::MAX);
    Ok(match sample {
        Some(sample) if sample < count => {
            let mut chosen = Stream::new(Purpose::ValidationSample, 0).permutation(count);
            chosen.truncate(sample as usize);
            chosen.sort_unstable();
            images.select(&chosen)
        }
        _ => images,
    })
}

impl Dataset {
    /// Moves images to `device`.
    pub fn new(images: &Images, device: Device) -> Result<Self, DataError> {
        let shape = [images.count(), 3, images.height, images.width].map(|side| side as i64);
        if images.pixels.len() as i64 != shape.iter().product::<i64>() {
            // The call below trusts the shape and would read beyond the bytes.
            return Err(TchError::Shape(format!("{} bytes are no images of {shape:?}", images.pixels.len())).into());
        }
        let labels: Vec<i64> = images.labels.iter().map(|label| i64::from(*label)).collect();
        let (mean, deviation) = images.moments();
        Ok(Self {
            pixels: Tensor::f_from_data_size(&images.pixels, &shape, Kind::Uint8)?.f_to(device)?,
            labels: Tensor::f_from_slice(&labels)?.f_to(device)?,
            count: images.count(),
            height: images.height,
            width: images.width,
            classes: images.classes,
            fingerprint: images.fingerprint(),
            mean,
            deviation,
        })
    }
}

/// Takes the first `limit` of each class; without a limit everything.
struct Limit {
    limit: usize,
    taken: Vec<usize>,
}

impl Limit {
    fn new(limit: Option<u32>, classes: usize) -> Self {
        Self {
            limit: limit.map_or(usize::MAX, |limit| limit as usize),
            taken: vec![0; classes],
        }
    }

    /// Whether the next image of `class` is in.
    fn take(&mut self, class: usize) -> bool {
        let within = self.taken[class] < self.limit;
        self.taken[class] += usize::from(within);
        within
    }
}
