//! How a folder of images is laid out: which of its folders are classes, and which are sets of images.

use super::children::{Child, Identity, children, folders};
use super::names::{is_of_copies, is_of_system, is_picture, last, listed};
use super::passed_over::PassedOver;
use super::sets::{Set, sets};
use crate::DataError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Where images lie.
#[derive(Debug)]
pub(super) struct Layout {
    /// The folder of the class folders that are trained on.
    pub(super) top: PathBuf,
    /// That of the validation images beside it.
    validation: Option<PathBuf>,
    /// What lies beside both and is not read.
    pub(super) passed_over: PassedOver,
}

/// Finds the images below `root`: those to train on in a folder that is called so, or else right there.
///
/// # Errors
/// Several such folders; or none, beside one of validation images or with one further down.
pub(super) fn find(root: &Path) -> Result<Layout, DataError> {
    let folders = folders(root)?;
    let mut sets = sets(&folders);
    // Of equal purpose the first by name.
    sets.sort_by_key(|set| set.purpose);
    let training = sets.iter().filter(|set| set.is_training()).count();
    if training > 1 {
        let names: Vec<String> = sets[..training].iter().map(|set| last(set.path)).collect();
        let problem = format!(
            "holds {}, which all say that they hold training images; keep one",
            listed(&names)
        );
        return Err(DataError::file(root, problem));
    }
    if let Some(train) = sets.first().filter(|set| set.is_training()) {
        let mut passed_over = PassedOver::default();
        let is_set = |path: &PathBuf| sets.iter().any(|set| set.path == path);
        let others = folders.iter().filter(|path| !is_set(path));
        others.for_each(|path| passed_over.beside(last(path)));
        return Ok(Layout {
            top: inner(train)?,
            validation: sets.get(1).map(inner).transpose()?,
            passed_over,
        });
    }
    if let Some(validation) = sets.first() {
        let problem = format!(
            "holds `{name}` and no `train` beside it; move the class folders that are trained on into `train`, or rename \
             `{name}` if it is a class",
            name = last(validation.path)
        );
        return Err(DataError::file(root, problem));
    }
    no_sets_within(root, &folders)?;
    Ok(Layout {
        top: root.to_path_buf(),
        validation: None,
        passed_over: PassedOver::default(),
    })
}

/// The folder of the classes of a set: archives often pack one into a folder of its own name (`seg_train/seg_train/…`).
fn inner(set: &Set<'_>) -> Result<PathBuf, DataError> {
    let only = match &children(set.path)?[..] {
        [Child::Folder(only, _)] => only.clone(),
        _ => return Ok(set.path.clone()),
    };
    let is_same = last(&only).eq_ignore_ascii_case(&last(set.path));
    Ok(if is_same { only } else { set.path.clone() })
}

/// `Err` when folders that would be classes hold sets of training images.
fn no_sets_within(root: &Path, folders: &[PathBuf]) -> Result<(), DataError> {
    let mut holders = Vec::new();
    for folder in folders {
        let within = self::folders(folder)?;
        if let Some(train) = sets(&within).iter().find(|set| set.is_training()) {
            let has_classes = !self::folders(train.path)?.is_empty();
            holders.push((last(folder), last(train.path), has_classes));
        }
    }
    let names: Vec<String> = holders.iter().map(|(name, ..)| name.clone()).collect();
    let problem = match &holders[..] {
        [] => return Ok(()),
        [(name, train, _)] => format!("holds `{name}`, which has a `{train}` of its own; set `data.path` to it"),
        [(.., true), ..] => format!(
            "holds {}, each with training images of its own; set `data.path` to one of them",
            listed(&names)
        ),
        [(name, train, _), ..] => format!(
            "holds {}, each with training images of its own and no classes in them; if they are the classes, move the \
             images of `{name}/{train}` to `train/{name}`, and so on",
            listed(&names)
        ),
    };
    Err(DataError::file(root, problem))
}

/// The folder of validation images beside `train`.
///
/// # Errors
/// There is none.
pub(super) fn find_validation(root: &Path) -> Result<PathBuf, DataError> {
    find(root)?.validation.ok_or_else(|| {
        let problem = "holds no `train` with a `test`, `val`, `valid` or `validation` beside it, so there are no \
                       validation images; add them or set `validation.every = 0`";
        DataError::file(root, problem)
    })
}

/// The folders of the classes in `top`, by name.
///
/// # Errors
/// There are fewer than two; one that is none of a class; or one twice.
pub(super) fn class_folders(top: &Path, passed_over: &mut PassedOver) -> Result<Vec<PathBuf>, DataError> {
    let mut classes = Vec::new();
    for child in children(top)? {
        let (path, identity) = match child {
            Child::File(path, _) if is_picture(&path) => {
                passed_over.in_no_class();
                continue;
            }
            Child::File(path, _) => {
                passed_over.file(&path);
                continue;
            }
            Child::Folder(path, identity) => (path, identity),
        };
        let name = last(&path);
        if is_of_system(&name) {
            passed_over.of_system();
        } else if is_of_copies(&name) {
            return Err(copies(&path));
        } else {
            classes.push((path, identity));
        }
    }
    let paths: Vec<PathBuf> = classes.iter().map(|(path, _)| path.clone()).collect();
    if let Some(set) = sets(&paths).first() {
        let name = last(set.path);
        let problem = format!("holds `{name}` among the class folders; move it out, or rename it if it is a class");
        return Err(DataError::file(top, problem));
    }
    one_folder_each(top, &classes)?;
    match &paths[..] {
        [] => Err(too_few(top, "no class folder")),
        [only] if folders(only)?.len() > 1 => {
            let problem = format!(
                "holds `{}` alone, and that holds folders; set `data.path` to it if these are the classes",
                last(only)
            );
            Err(DataError::file(top, problem))
        }
        [_] => Err(too_few(top, "1 class folder")),
        _ => Ok(paths),
    }
}

fn too_few(top: &Path, what: &str) -> DataError {
    let problem =
        format!("holds {what}, and a classifier needs at least two; images lie in `train/<class>/` or `<class>/`");
    DataError::file(top, problem)
}

/// `Err` when two classes are one folder, by a link.
fn one_folder_each(top: &Path, classes: &[(PathBuf, Identity)]) -> Result<(), DataError> {
    let mut seen = HashMap::new();
    for (path, identity) in classes {
        if let Some(first) = seen.insert(identity, path) {
            let problem = format!(
                "holds `{}` and `{}`, which are one folder by a link; remove one of them",
                last(first),
                last(path)
            );
            return Err(DataError::file(top, problem));
        }
    }
    Ok(())
}

/// A folder of small copies of pictures, which would be trained on beside them.
pub(super) fn copies(path: &Path) -> DataError {
    DataError::file(
        path,
        "holds small copies of other pictures, by its name; move it elsewhere, or rename it if it holds others",
    )
}
