//! Training and validation data by the `[data]` table of a study.

use crate::{DataError, Examples, Shape, arrays, cifar, folder, idx, synthetic};
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{Data, Source};
use std::path::Path;

/// Reads or makes the training examples of `data`; `path` is its folder or file with variables filled in.
pub fn read(data: &Data, path: Option<&Path>) -> Result<Examples, DataError> {
    let data = data.resolved();
    let path = || path.ok_or(DataError::NoPath(data.source.name()));
    // `resolved` fills in every key of `synthetic`, so the fallbacks here are never taken.
    match data.source {
        Source::Synthetic => Ok(synthetic::make(
            data.images_per_class.unwrap_or(200),
            data.noise.unwrap_or(0.25),
            data.seed.unwrap_or(0),
        )),
        Source::Cifar10 => cifar::read(path()?, cifar::CIFAR10, data.images_per_class),
        Source::Cifar100 => cifar::read(path()?, cifar::CIFAR100, data.images_per_class),
        Source::ImageFolder => folder::read(
            path()?,
            data.images_per_class,
            data.image_size,
            folder::cache_folder().as_deref(),
        ),
        Source::Arrays => arrays::read(path()?, &data),
        Source::Idx => idx::read(path()?, data.layout, data.images_per_class),
    }
}

/// Reads or makes the validation examples of `data`: all of them, or a sample of `sample` that depends on nothing but
/// how many there are; in file order. They have the `shape` and the `classes` of those that are trained on.
pub fn read_validation(
    data: &Data,
    path: Option<&Path>,
    sample: Option<u32>,
    shape: Shape,
    classes: usize,
) -> Result<Examples, DataError> {
    let data = data.resolved();
    let place = || path.ok_or(DataError::NoPath(data.source.name()));
    let examples = match data.source {
        Source::Synthetic => synthetic::make_validation(data.noise.unwrap_or(0.25), data.seed.unwrap_or(0)),
        Source::Cifar10 => cifar::read(place()?, cifar::CIFAR10_TEST, None)?,
        Source::Cifar100 => cifar::read(place()?, cifar::CIFAR100_TEST, None)?,
        Source::ImageFolder => folder::read_validation(place()?, data.image_size, folder::cache_folder().as_deref())?,
        Source::Arrays => arrays::read_validation(place()?, &data, classes)?,
        Source::Idx => idx::read_validation(place()?, data.layout, classes)?,
    };
    if let Some(path) = path {
        same_shape(&data, path, examples.shape, shape)?;
    }
    Ok(match sample {
        Some(sample) => sampled(examples, sample),
        None => examples,
    })
}

/// `Err` where validation examples have another shape than those that are trained on.
pub(crate) fn same_shape(data: &Data, path: &Path, validation: Shape, training: Shape) -> Result<(), DataError> {
    if validation == training {
        return Ok(());
    }
    let way = match data.source {
        Source::ImageFolder => "set `data.image-size` to bring all to one size",
        _ => "give both one shape",
    };
    let problem = format!("has validation {validation} and training {training}; {way}");
    Err(DataError::file(path, problem))
}

/// The same `sample` of so many examples for all trials, in file order; all of them where there are no more.
fn sampled(examples: Examples, sample: u32) -> Examples {
    // More examples than 2^32 do not fit in memory.
    let count = u32::try_from(examples.count()).unwrap_or(u32::MAX);
    if sample >= count {
        return examples;
    }
    let mut chosen = Stream::new(Purpose::ValidationSample, 0).permutation(count);
    chosen.truncate(sample as usize);
    chosen.sort_unstable();
    examples.select(&chosen)
}
