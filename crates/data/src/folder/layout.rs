//! How a folder of images is laid out: which of its folders are classes, and which are sets of images.

use super::children::{Child, children, folders};
use super::names::{TRAINING, VALIDATION, is_of_copies, is_of_system, is_one_of, is_picture, last, listed};
use super::passed_over::PassedOver;
use crate::DataError;
use std::path::{Path, PathBuf};

/// Where training images lie.
#[derive(Debug)]
pub(super) struct Layout {
    /// The folder of the class folders.
    pub(super) top: PathBuf,
    /// Whether it is a `train`, which validation images may lie beside.
    pub(super) has_train: bool,
    /// What lies beside it and is not read.
    pub(super) passed_over: PassedOver,
}

/// Finds the training images below `root`: in `train` or `training`, whatever the case, or else right there.
///
/// # Errors
/// Several such folders; or none, beside one of validation images or with one further down.
pub(super) fn find(root: &Path) -> Result<Layout, DataError> {
    let folders = folders(root)?;
    let called =
        |known: &[&str]| -> Vec<&PathBuf> { folders.iter().filter(|path| is_one_of(&last(path), known)).collect() };
    match called(&TRAINING)[..] {
        [] => {}
        [train] => {
            let mut passed_over = PassedOver::default();
            let beside = folders.iter().map(|path| last(path));
            beside
                .filter(|name| !is_one_of(name, &TRAINING) && !is_one_of(name, &VALIDATION))
                .for_each(|name| passed_over.beside(name));
            return Ok(Layout {
                top: train.clone(),
                has_train: true,
                passed_over,
            });
        }
        ref several => {
            let names: Vec<String> = several.iter().map(|path| last(path)).collect();
            let problem = format!(
                "holds {}, which all say that they hold training images; keep one",
                listed(&names)
            );
            return Err(DataError::file(root, problem));
        }
    }
    if let Some(validation) = called(&VALIDATION).first() {
        let problem = format!(
            "holds `{name}` and no `train` beside it; move the class folders that are trained on into `train`, or rename \
             `{name}` if it is a class",
            name = last(validation)
        );
        return Err(DataError::file(root, problem));
    }
    for folder in &folders {
        if let Some(train) = self::folders(folder)?
            .iter()
            .find(|path| is_one_of(&last(path), &TRAINING))
        {
            let problem = format!(
                "holds `{}`, which has a `{}` of its own; set `data.path` to it",
                last(folder),
                last(train)
            );
            return Err(DataError::file(root, problem));
        }
    }
    Ok(Layout {
        top: root.to_path_buf(),
        has_train: false,
        passed_over: PassedOver::default(),
    })
}

/// The folder of validation images beside `train`.
///
/// # Errors
/// There is none.
pub(super) fn find_validation(root: &Path) -> Result<PathBuf, DataError> {
    let has_train = find(root)?.has_train;
    let folders = folders(root)?;
    let called = |known: &&str| folders.iter().find(|path| is_one_of(&last(path), &[known]));
    let found = VALIDATION.iter().find_map(called).filter(|_| has_train);
    found.cloned().ok_or_else(|| {
        let problem = "holds no `train` with a `test`, `val`, `valid` or `validation` beside it, so there are no \
                       validation images; add them or set `validation.every = 0`";
        DataError::file(root, problem)
    })
}

/// The folders of the classes in `top`, by name.
///
/// # Errors
/// There are fewer than two; or one that is none of a class.
pub(super) fn class_folders(top: &Path, passed_over: &mut PassedOver) -> Result<Vec<PathBuf>, DataError> {
    let mut classes = Vec::new();
    for child in children(top)? {
        let path = match child {
            Child::File(path) if is_picture(&path) => {
                passed_over.in_no_class();
                continue;
            }
            Child::File(path) => {
                passed_over.file(&path);
                continue;
            }
            Child::Folder(path, _) => path,
        };
        let name = last(&path);
        if is_of_system(&name) {
            passed_over.of_system();
        } else if is_of_copies(&name) {
            return Err(copies(&path));
        } else if is_one_of(&name, &TRAINING) || is_one_of(&name, &VALIDATION) {
            let problem = format!("holds `{name}` among the class folders; move it out, or rename it if it is a class");
            return Err(DataError::file(top, problem));
        } else {
            classes.push(path);
        }
    }
    if classes.len() < 2 {
        let problem = format!(
            "holds {} class folders, and a classifier needs at least two; images lie in `train/<class>/` or `<class>/`",
            classes.len()
        );
        return Err(DataError::file(top, problem));
    }
    Ok(classes)
}

/// A folder of small copies of pictures, which would be trained on beside them.
pub(super) fn copies(path: &Path) -> DataError {
    DataError::file(
        path,
        "holds small copies of other pictures, by its name; move it elsewhere, or rename it if it holds others",
    )
}
