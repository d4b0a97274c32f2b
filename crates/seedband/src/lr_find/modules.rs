//! Which files of its own folder a Python script imports.

use std::collections::BTreeSet;
use std::path::Path;

/// Most files that are looked into.
const MOST: usize = 200;

/// Patterns, from `folder`, of the script and of the modules and packages there that it imports, directly or by one
/// another; sorted. Imports are found line by line, as people write them; one that is missed is told by the run, which
/// knows what was loaded.
pub(super) fn local_modules(folder: &Path, script: &str) -> Vec<String> {
    let (mut found, mut to_read) = (BTreeSet::from([script.to_owned()]), vec![script.to_owned()]);
    let mut read = 0;
    while let Some(file) = to_read.pop() {
        read += 1;
        if read > MOST {
            break;
        }
        let text = std::fs::read_to_string(folder.join(&file)).unwrap_or_default();
        for name in text.lines().flat_map(imported) {
            let module = format!("{name}.py");
            if folder.join(&name).join("__init__.py").is_file() || has_modules(&folder.join(&name)) {
                found.insert(format!("{name}/**/*.py"));
            } else if folder.join(&module).is_file() && found.insert(module.clone()) {
                to_read.push(module);
            }
        }
    }
    found.into_iter().collect()
}

/// Whether a folder is a package without an `__init__.py`.
fn has_modules(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files = entries.map(|entry| entry.path());
    files.any(|path| path.extension().is_some_and(|ending| ending == "py"))
}

/// The first names of what a line imports.
fn imported(line: &str) -> Vec<String> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let names: Vec<&str> = if let Some(rest) = line.strip_prefix("from ") {
        rest.split_whitespace().take(1).collect()
    } else if let Some(rest) = line.strip_prefix("import ") {
        rest.split(',')
            .filter_map(|name| name.split_whitespace().next())
            .collect()
    } else {
        Vec::new()
    };
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let is_name =
        |name: &String| !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    names.into_iter().map(first).filter(is_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_of_the_folder_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write(
            "train.py",
            "import os, net as n  # import other\nfrom data.loader import load\n    import late\n",
        );
        write(
            "net.py",
            "from layers import conv\nfrom . import nothing\nimport train\n",
        );
        write("layers.py", "import torch\n");
        write("data/loader.py", "import other\n");
        write("late.py", "");
        write("other.py", "");
        assert_eq!(
            local_modules(folder.path(), "train.py"),
            ["data/**/*.py", "late.py", "layers.py", "net.py", "train.py"]
        );
    }

    #[test]
    fn lines_that_import_nothing() {
        for line in [
            "",
            "important = 1",
            "from",
            "import",
            "# import net",
            "from .. import x",
            "import ",
        ] {
            assert_eq!(imported(line), [] as [String; 0], "{line}");
        }
    }
}
