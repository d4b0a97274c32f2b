//! Which image files there are.

use super::children::{Child, Identity, Leads, children, identity};
use super::layout::copies;
use super::names::{PICTURES_TEXT, is_of_copies, is_of_system, is_picture, last, listed};
use super::passed_over::PassedOver;
use crate::DataError;
use crate::class_limit::ClassLimit;
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// An image file and its class.
#[derive(Debug)]
pub(super) struct ImageFile {
    pub(super) path: PathBuf,
    pub(super) class: usize,
}

/// The image files of the classes in `folders`, of each the first `limit`; what else there is joins `passed_over`.
///
/// No folder and no picture is read twice, by whatever links it is reached: a link to a folder above would never end.
///
/// # Errors
/// A class without an image; folders that cannot be read; folders that hold sets of images and are no classes.
pub(super) fn list(
    top: &Path,
    folders: &[PathBuf],
    limit: Option<u32>,
    passed_over: &mut PassedOver,
) -> Result<Vec<ImageFile>, DataError> {
    let mut walk = Walk {
        seen: HashSet::new(),
        passed_over,
    };
    // Classes are read as what they are, and not through a link in another one.
    for folder in folders.iter().map(PathBuf::as_path).chain([top]) {
        let metadata = fs::metadata(folder).map_err(|source| DataError::io(folder, source))?;
        walk.seen.insert(identity(&metadata));
    }
    let mut classes = Vec::new();
    for folder in folders {
        let before = walk.passed_over.files();
        let mut files = Vec::new();
        walk.folder(folder, &mut files)?;
        classes.push((folder, files, walk.passed_over.files() - before));
    }
    let mut known: HashSet<Identity> = classes
        .iter()
        .flat_map(|(_, files, _)| files)
        .filter_map(|(_, leads)| match leads {
            Leads::Itself(identity) => Some(*identity),
            Leads::By(_) | Leads::Nowhere => None,
        })
        .collect();
    let mut taken = ClassLimit::new(limit, folders.len());
    let mut images = Vec::new();
    let mut holders = Some(BTreeSet::new());
    for (class, (folder, mut files, others)) in classes.into_iter().enumerate() {
        files.retain(|(_, leads)| {
            let is_new = !matches!(leads, Leads::By(identity) if !known.insert(*identity));
            if !is_new {
                passed_over.link_to_picture();
            }
            is_new
        });
        let files: Vec<PathBuf> = files.into_iter().map(|(path, _)| path).collect();
        if files.is_empty() {
            return Err(empty(folder, others));
        }
        holders = holders.zip(folders_of_pictures(folder, &files)).map(|(mut all, some)| {
            all.extend(some);
            all
        });
        images.extend(
            files
                .into_iter()
                .filter(|_| taken.take(class))
                .map(|path| ImageFile { path, class }),
        );
    }
    match holders {
        None => Ok(images),
        Some(holders) => Err(no_classes(top, folders, &holders)),
    }
}

/// The names of the folders in a class that hold its pictures, where these are two or more and all pictures lie in them.
fn folders_of_pictures(class: &Path, files: &[PathBuf]) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for file in files {
        let mut parts = file.strip_prefix(class).ok()?.components();
        let first = parts.next()?;
        parts.next()?;
        names.insert(first.as_os_str().to_string_lossy().into_owned());
    }
    (names.len() > 1).then_some(names)
}

fn no_classes(top: &Path, folders: &[PathBuf], holders: &BTreeSet<String>) -> DataError {
    let outer: Vec<String> = folders.iter().map(|folder| last(folder)).collect();
    let inner: Vec<String> = holders.iter().cloned().collect();
    let problem = format!(
        "holds {}, and none of them has a picture of its own, only folders of pictures ({}); set `data.path` to the folder \
         whose folders are the classes",
        listed(&outer),
        listed(&inner)
    );
    DataError::file(top, problem)
}

fn empty(folder: &Path, others: u64) -> DataError {
    let problem = if others == 0 {
        format!("holds no image ({PICTURES_TEXT}); remove the folder or fill it")
    } else {
        format!(
            "holds no image that is read ({PICTURES_TEXT}) and {others} other files; convert them, or remove the folder"
        )
    };
    DataError::file(folder, problem)
}

struct Walk<'a> {
    seen: HashSet<Identity>,
    passed_over: &'a mut PassedOver,
}

impl Walk<'_> {
    /// All image files below `folder`, sorted by path.
    fn folder(&mut self, folder: &Path, files: &mut Vec<(PathBuf, Leads)>) -> Result<(), DataError> {
        for child in children(folder)? {
            match child {
                Child::File(path, leads) if is_picture(&path) => files.push((path, leads)),
                Child::File(path, _) => self.passed_over.file(&path),
                Child::Folder(path, _) if is_of_system(&last(&path)) => self.passed_over.of_system(),
                Child::Folder(path, _) if is_of_copies(&last(&path)) => return Err(copies(&path)),
                Child::Folder(_, identity) if !self.seen.insert(identity) => self.passed_over.link(),
                Child::Folder(path, _) => self.folder(&path, files)?,
            }
        }
        Ok(())
    }
}
