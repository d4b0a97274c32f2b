//! The files of MNIST and of the data sets made like it (`LeCun`, Cortes and Burges 1998; Xiao, Rasul and Vollgraf 2017).

use crate::array::{Array, read_idx};
use crate::labelled::{self, Named};
use crate::{DataError, Examples, file};
use seedband_core::settings::Layout;
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Images and classes to train on, by the names of the original download.
const TRAINING: [&str; 2] = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"];

/// The same for validation.
const VALIDATION: [[&str; 2]; 2] = [
    ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
    // EMNIST's and KMNIST's.
    ["test-images-idx3-ubyte", "test-labels-idx1-ubyte"],
];

/// Reads the training files in `folder`, of each class the first `limit`.
///
/// # Errors
/// Files that are not there, several of which could be meant, or which are damaged.
pub fn read(folder: &Path, layout: Option<Layout>, limit: Option<u32>) -> Result<Examples, DataError> {
    let [images, labels] = pair(folder, &[TRAINING])?;
    labelled::training(images, &labels, layout, limit)
}

/// Reads the validation files in `folder`; their classes are among the first `classes`.
///
/// # Errors
/// As [`read`], and a class that is not among them.
pub fn read_validation(folder: &Path, layout: Option<Layout>, classes: usize) -> Result<Examples, DataError> {
    let [images, labels] = pair(folder, &VALIDATION)?;
    labelled::validation(images, &labels, layout, classes)
}

fn pair(folder: &Path, known: &[[&str; 2]]) -> Result<[Named; 2], DataError> {
    for [images, labels] in known {
        if let Some(images) = find(folder, images)? {
            let labels = find(folder, labels)?.ok_or_else(|| missing(folder, labels))?;
            return Ok([load(images)?, load(labels)?]);
        }
    }
    Err(missing(folder, known[0][0]))
}

fn missing(folder: &Path, name: &str) -> DataError {
    DataError::file(
        folder,
        format!("holds no `{name}`, plain or with `.gz`; set `data.path` to the folder of the files"),
    )
}

/// The file whose name ends in `name`: with a prefix such as `emnist-letters-`, a dot before `idx` as some copies have
/// it, or `.gz`. A plain file comes before its packed one.
fn find(folder: &Path, name: &str) -> Result<Option<PathBuf>, DataError> {
    let failed = |source| DataError::io(folder, source);
    let mut found: Vec<(bool, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let file_name = entry.file_name();
        let Some(text) = file_name.to_str().filter(|text| !text.starts_with('.')) else {
            continue;
        };
        let plain = text.strip_suffix(".gz").unwrap_or(text);
        if plain.replace(".idx", "-idx").ends_with(name) {
            found.push((plain != text, entry.path()));
        }
    }
    found.sort();
    let plain = found.iter().filter(|(is_packed, _)| !is_packed).count();
    match found.len().min(if plain > 0 { plain } else { usize::MAX }) {
        0 => Ok(None),
        1 => Ok(found.into_iter().next().map(|(_, path)| path)),
        several => {
            let problem = format!("holds {several} files `…{name}`; move the set that you mean to a folder of its own");
            Err(DataError::file(folder, problem))
        }
    }
}

fn load(path: PathBuf) -> Result<Named, DataError> {
    let (file, length) = file::open(&path)?;
    let array: Array = read_idx(BufReader::new(file), length).map_err(|problem| DataError::file(&path, problem))?;
    Ok(Named { name: path, array })
}
