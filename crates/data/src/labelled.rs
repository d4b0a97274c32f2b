//! Examples from an array of values and one of classes.

use crate::array::{Array, to_labels, to_values};
use crate::class_limit::ClassLimit;
use crate::{DataError, Examples, Shape, Values};
use seedband_core::settings::Layout;
use std::path::{Path, PathBuf};

/// An array, and what it is called in messages: the path of its file, or that and its name in there.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: PathBuf,
    pub(crate) array: Array,
}

impl Named {
    /// `array` as the one called `name` in the file `path`.
    pub(crate) fn within(path: &Path, name: &str, array: Array) -> Self {
        Self {
            name: path.join(name),
            array,
        }
    }
}

/// Training examples, of each class the first `limit`. The classes go up to the largest there is.
pub(crate) fn training(
    values: Named,
    labels: &Named,
    layout: Option<Layout>,
    limit: Option<u32>,
) -> Result<Examples, DataError> {
    let (values, numbers, shape) = pair(values, labels, layout)?;
    let classes = numbers.iter().max().map_or(0, |most| *most as usize + 1);
    if numbers.iter().all(|label| numbers.first() == Some(label)) {
        let problem = "has one class alone, and a classifier needs at least two";
        return Err(DataError::file(&labels.name, problem));
    }
    let examples = Examples {
        values,
        labels: numbers,
        shape,
        classes,
    };
    if limit.is_none() {
        return Ok(examples);
    }
    let mut limit = ClassLimit::new(limit, classes);
    let taken = (0..)
        .zip(&examples.labels)
        .filter(|(_, label)| limit.take(**label as usize));
    let taken: Vec<u32> = taken.map(|(index, _)| index).collect();
    Ok(examples.select(&taken))
}

/// Validation examples, of the same shape and classes as those that are trained on.
pub(crate) fn validation(
    values: Named,
    labels: &Named,
    layout: Option<Layout>,
    classes: usize,
) -> Result<Examples, DataError> {
    let (values, numbers, shape) = pair(values, labels, layout)?;
    if let Some(label) = numbers.iter().find(|label| **label as usize >= classes) {
        let problem = format!(
            "has class `{label}`, and the classes trained on go from 0 to {}",
            classes - 1
        );
        return Err(DataError::file(&labels.name, problem));
    }
    Ok(Examples {
        values,
        labels: numbers,
        shape,
        classes,
    })
}

fn pair(values: Named, labels: &Named, layout: Option<Layout>) -> Result<(Values, Vec<u32>, Shape), DataError> {
    let (numbers, shape) =
        to_values(&values.array, layout).map_err(|problem| DataError::file(&values.name, problem))?;
    let count = values.array.header.shape[0];
    // Its bytes are not needed beside what was made of them.
    drop(values);
    let labels = to_labels(&labels.array, count).map_err(|problem| DataError::file(&labels.name, problem))?;
    Ok((numbers, labels, shape))
}
