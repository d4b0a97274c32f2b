//! What names of folders and files mean.

use std::ffi::OsStr;
use std::path::Path;

/// Folders in which programs keep small copies of other pictures.
const COPIES: [&str; 4] = ["thumbnails", "thumbnail", "thumbs", "thumb"];

/// Folders that a system makes beside pictures: of archives from macOS and of Synology's disks.
const OF_SYSTEMS: [&str; 2] = ["__macosx", "@eadir"];

/// Ends of names of the pictures that are read.
const PICTURES: [&str; 8] = ["jpg", "jpeg", "jfif", "png", "webp", "bmp", "tif", "tiff"];

/// The same, for messages.
pub(super) const PICTURES_TEXT: &str = "`.jpg`, `.jpeg`, `.jfif`, `.png`, `.webp`, `.bmp`, `.tif` or `.tiff`";

/// Whether a name is one of `known`, in whatever case.
fn is_one_of(name: &str, known: &[&str]) -> bool {
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a folder holds small copies of pictures.
pub(super) fn is_of_copies(name: &str) -> bool {
    is_one_of(name, &COPIES)
}

/// Whether a system made a folder.
pub(super) fn is_of_system(name: &str) -> bool {
    is_one_of(name, &OF_SYSTEMS)
}

/// Whether a file is a picture that is read, by its name.
pub(super) fn is_picture(path: &Path) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|end| is_one_of(end, &PICTURES))
}

/// The last part of a path, for people.
pub(super) fn last(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Names for people, the first few of them.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    seedband_core::listed(&names, SHOWN)
}
