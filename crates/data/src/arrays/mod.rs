//! `NumPy`'s arrays: a `.npz` file, or a folder of `.npy` files, with examples and their classes as arrays of their own.

mod container;
mod names;

use crate::labelled::{self, Named};
use crate::{DataError, Examples};
use container::Container;
use names::choose;
use seedband_core::settings::{ARRAYS, Data, VALIDATION_ARRAYS};
use std::path::Path;

/// Reads the training arrays in `path`, a file or a folder, as `data` names them.
///
/// # Errors
/// No such arrays; arrays of other shapes or numbers than examples and classes have; files that are damaged.
pub fn read(path: &Path, data: &Data) -> Result<Examples, DataError> {
    let mut container = Container::open(path)?;
    let [values, labels] = pair(&mut container, "arrays", data.arrays.as_ref(), &ARRAYS)?;
    labelled::training(values, &labels, data.layout, data.images_per_class)
}

/// Reads the validation arrays in `path`; their classes are among the first `classes`.
///
/// # Errors
/// As [`read`], and a class that is not among them.
pub fn read_validation(path: &Path, data: &Data, classes: usize) -> Result<Examples, DataError> {
    let mut container = Container::open(path)?;
    let wanted = data.validation_arrays.as_ref();
    let [values, labels] = pair(&mut container, "validation-arrays", wanted, &VALIDATION_ARRAYS)?;
    labelled::validation(values, &labels, data.layout, classes)
}

fn pair(
    container: &mut Container,
    key: &str,
    wanted: Option<&[String; 2]>,
    known: &[[&str; 2]],
) -> Result<[Named; 2], DataError> {
    let there = container.names()?;
    let [values, labels] =
        choose(&there, key, wanted, known).map_err(|problem| DataError::file(container.path(), problem))?;
    Ok([container.load(&values)?, container.load(&labels)?])
}
