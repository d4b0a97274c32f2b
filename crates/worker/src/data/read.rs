//! Training and validation images by the `[data]` table of a study.

use super::{DataError, Dataset, Images, cifar, folder, synthetic};
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{Data, Source};
use std::path::Path;

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
            folder::cache_folder().as_deref(),
        ),
    }
}

/// Reads or makes the validation images of `data`: all of them, or a sample of `sample` that depends on nothing but how
/// many there are; in file order. They have the size and the classes of the `training` images.
pub fn read_validation(
    data: &Data,
    path: Option<&Path>,
    sample: Option<u32>,
    training: &Dataset,
) -> Result<Images, DataError> {
    let data = data.resolved();
    let folder = path.ok_or(DataError::NoPath(data.source.name()));
    let images = match data.source {
        Source::Synthetic => synthetic::make_validation(data.noise.unwrap_or(0.25), data.seed.unwrap_or(0)),
        Source::Cifar10 => cifar::read(folder?, cifar::CIFAR10_TEST, None)?,
        Source::Cifar100 => cifar::read(folder?, cifar::CIFAR100_TEST, None)?,
        Source::ImageFolder => {
            let folder = folder?;
            let images = folder::read_validation(folder, data.image_size, folder::cache_folder().as_deref())?;
            if (images.height, images.width) != (training.height, training.width) {
                let problem = format!(
                    "has validation images of {}x{} pixels and training images of {}x{}; set `data.image-size` to \
                     bring all to one size",
                    images.width, images.height, training.width, training.height
                );
                return Err(DataError::file(folder, problem));
            }
            images
        }
    };
    Ok(match sample {
        Some(sample) => sampled(images, sample),
        None => images,
    })
}

/// The same `sample` of so many images for all trials, in file order; all of them where there are no more.
fn sampled(images: Images, sample: u32) -> Images {
    // More images than 2^32 do not fit in memory.
    let count = u32::try_from(images.count()).unwrap_or(u32::MAX);
    if sample >= count {
        return images;
    }
    let mut chosen = Stream::new(Purpose::ValidationSample, 0).permutation(count);
    chosen.truncate(sample as usize);
    chosen.sort_unstable();
    images.select(&chosen)
}
