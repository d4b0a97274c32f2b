//! What a data set is, in a few words and numbers, before anything is trained on it.

use crate::folder::{self, Contents};
use crate::{DataError, Examples, Moments, Shape, cifar, read, read_validation, synthetic};
use seedband_core::files::provenance::{ClassRecord, DataRecord};
use seedband_core::settings::{Data, Source};
use std::path::Path;

/// How closely image files are looked at. All other data is always read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Their headers alone, unless decoding all of them is a matter of seconds.
    Headers,
    /// Every pixel, where what was decoded can be kept for the trainer.
    Pixels,
}

/// How many validation examples are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validated {
    /// None: there is no validation.
    No,
    /// All there are.
    All,
    /// So many at most.
    Sample(u32),
}

/// Image files of so many bytes are decoded in seconds.
const FEW_BYTES: u64 = 64 << 20;

/// A data set as it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// For reports.
    pub record: DataRecord,
    /// Of the training examples; none where they were not decoded.
    pub moments: Option<Moments>,
}

/// Looks at the data set of `data`; `path` is its folder or file with variables filled in. Validation
/// examples are looked at where they are in use.
///
/// # Errors
/// What every trial on this data would fail with, as far as `depth` shows it.
pub fn look(data: &Data, path: Option<&Path>, validated: Validated, depth: Depth) -> Result<Look, DataError> {
    let data = &data.resolved();
    let mut found = match (data.source, path) {
        (Source::Synthetic, _) => Look::synthetic(data),
        (Source::ImageFolder, Some(root)) => Look::folder(data, root, depth)?,
        _ => Look::read(data, path)?,
    };
    if validated != Validated::No {
        let count = validation_count(data, path, &found.record, depth)?;
        found.record.validation = Some(match validated {
            Validated::Sample(most) => count.min(u64::from(most)),
            _ => count,
        });
    }
    found.record.name.clone_from(&data.name);
    found.record.path = path.map(Path::to_path_buf);
    Ok(found)
}

impl Look {
    fn new(data: &Data, shape: Shape, classes: Vec<ClassRecord>) -> Self {
        Self {
            record: DataRecord {
                source: data.source.name().to_owned(),
                name: None,
                path: None,
                shape,
                classes,
                validation: None,
                passed_over: Vec::new(),
                digest: None,
            },
            moments: None,
        }
    }

    /// Nothing can be wrong with it, so it is not made.
    fn synthetic(data: &Data) -> Self {
        let per_class = u64::from(data.images_per_class.unwrap_or_default());
        let classes = (0..synthetic::CLASSES).map(|class| class_of(&class.to_string(), per_class));
        Self::new(data, synthetic::SHAPE, classes.collect())
    }

    fn read(data: &Data, path: Option<&Path>) -> Result<Self, DataError> {
        let examples = read(data, path)?;
        let mut counts = vec![0; examples.classes];
        for label in &examples.labels {
            counts[*label as usize] += 1;
        }
        let names = path.and_then(|path| cifar::class_names(data.source, path, counts.len()));
        let name = |class: usize| {
            names
                .as_ref()
                .map_or_else(|| class.to_string(), |names| names[class].clone())
        };
        let classes = counts
            .iter()
            .enumerate()
            .map(|(class, count)| class_of(&name(class), *count));
        let mut found = Self::new(data, examples.shape, classes.collect());
        found.decoded(&examples);
        Ok(found)
    }

    fn folder(data: &Data, root: &Path, depth: Depth) -> Result<Self, DataError> {
        let cache = folder::cache_folder();
        let contents = folder::look(root, data.images_per_class, data.image_size, cache.as_deref())?;
        let classes = contents
            .classes
            .iter()
            .map(|(name, count)| class_of(name, *count as u64));
        let mut found = Self::new(data, contents.shape(), classes.collect());
        found.record.digest.clone_from(&contents.digest);
        if is_to_be_decoded(&contents, depth, cache.as_deref()) {
            found.decoded(&folder::read(
                root,
                data.images_per_class,
                data.image_size,
                cache.as_deref(),
            )?);
        }
        found.record.passed_over = contents.passed_over;
        Ok(found)
    }

    fn decoded(&mut self, examples: &Examples) {
        self.record.digest = Some(examples.fingerprint());
        self.moments = Some(examples.moments());
    }
}

fn class_of(name: &str, examples: u64) -> ClassRecord {
    ClassRecord {
        name: name.to_owned(),
        examples,
    }
}

/// Whether all pixels are looked at: where that is quick, or has to be done once in any case.
fn is_to_be_decoded(contents: &Contents, depth: Depth, cache: Option<&Path>) -> bool {
    let is_to_be_kept = contents.digest.is_none() && depth == Depth::Pixels && cache.is_some();
    contents.bytes <= FEW_BYTES || is_to_be_kept
}

/// How many validation examples there are, which have to go with those that are trained on.
fn validation_count(data: &Data, path: Option<&Path>, training: &DataRecord, depth: Depth) -> Result<u64, DataError> {
    if data.source == Source::Synthetic {
        return Ok(u64::from(synthetic::VALIDATION_PER_CLASS) * synthetic::CLASSES as u64);
    }
    if let (Source::ImageFolder, Some(root)) = (data.source, path) {
        let cache = folder::cache_folder();
        let contents = folder::look_at_validation(root, data.image_size, cache.as_deref())?;
        if !is_to_be_decoded(&contents, depth, cache.as_deref()) {
            read::same_shape(data, root, contents.shape(), training.shape)?;
            return Ok(contents.classes.iter().map(|(_, count)| *count as u64).sum());
        }
    }
    Ok(read_validation(data, path, None, training.shape, training.classes.len())?.count() as u64)
}
