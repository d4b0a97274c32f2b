//! What lies in a folder of images and is not read.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

/// What was passed over, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PassedOver {
    /// Files by the ends of their names, which are no pictures' that are read.
    by_end: BTreeMap<String, u64>,
    /// Pictures that lie in no class's folder.
    in_no_class: u64,
    /// Links to folders that are read already.
    links: u64,
    /// Links to pictures that are read already.
    links_to_pictures: u64,
    /// Folders that a system made.
    of_systems: u64,
    /// Folders beside those that are read.
    beside: Vec<String>,
}

impl PassedOver {
    pub(super) fn file(&mut self, path: &Path) {
        let end = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        *self.by_end.entry(end.unwrap_or_default()).or_default() += 1;
    }

    pub(super) fn in_no_class(&mut self) {
        self.in_no_class += 1;
    }

    pub(super) fn link(&mut self) {
        self.links += 1;
    }

    pub(super) fn link_to_picture(&mut self) {
        self.links_to_pictures += 1;
    }

    pub(super) fn of_system(&mut self) {
        self.of_systems += 1;
    }

    pub(super) fn beside(&mut self, name: String) {
        self.beside.push(name);
    }

    /// Files whose names end otherwise than pictures' do that are read.
    pub(super) fn files(&self) -> u64 {
        self.by_end.values().sum()
    }

    /// A phrase for each reason, most files first.
    pub(super) fn phrases(&self) -> Vec<String> {
        /// Ends that are told apart.
        const SHOWN: usize = 8;
        let mut by_end: Vec<(&str, u64)> = self.by_end.iter().map(|(end, count)| (end.as_str(), *count)).collect();
        by_end.sort_by_key(|(end, count)| (u64::MAX - count, *end));
        let mut phrases: Vec<String> = by_end
            .iter()
            .take(SHOWN)
            .map(|(end, count)| of_end(end, *count))
            .collect();
        let more: u64 = by_end.iter().skip(SHOWN).map(|(_, count)| count).sum();
        let one_or_many = [
            (more, "file that is no picture", "files that are no pictures"),
            (
                self.in_no_class,
                "picture in no class folder",
                "pictures in no class folder",
            ),
            (
                self.links,
                "link to a folder that is read already",
                "links to folders that are read already",
            ),
            (
                self.links_to_pictures,
                "link to a picture that is read already",
                "links to pictures that are read already",
            ),
            (
                self.of_systems,
                "folder that a system made (`__MACOSX`, `@eaDir`)",
                "folders that a system made (`__MACOSX`, `@eaDir`)",
            ),
        ];
        let counted = one_or_many.into_iter().filter(|(count, ..)| *count > 0);
        phrases.extend(counted.map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many })));
        phrases.extend(self.beside.iter().map(|name| format!("the folder `{name}`")));
        phrases
    }
}

fn of_end(end: &str, count: u64) -> String {
    let files = if count == 1 { "file" } else { "files" };
    if end.is_empty() {
        format!("{count} {files} without an extension")
    } else {
        format!("{count} `.{end}` {files}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_phrase() {
        let mut passed = PassedOver::default();
        assert_eq!(passed.phrases(), [] as [&str; 0]);
        for name in ["a.gif", "b.GIF", "c.txt", "README"] {
            passed.file(Path::new(name));
        }
        passed.in_no_class();
        passed.link();
        passed.link();
        passed.beside("raw".into());
        let expected = [
            "2 `.gif` files",
            "1 file without an extension",
            "1 `.txt` file",
            "1 picture in no class folder",
            "2 links to folders that are read already",
            "the folder `raw`",
        ];
        assert_eq!(
            (passed.phrases(), passed.files()),
            (expected.map(str::to_owned).to_vec(), 4)
        );
    }
}
