//! Which Python runs a script.

use std::path::{Path, PathBuf};

/// The word to start a command with: `python`, as everybody writes it, where that is found on the `PATH`, and `python3`
/// where it is not, as on Debian. Where this program lies in an environment that is not active, its Python by its path:
/// another one would not have the package `seedband`.
pub(super) fn interpreter() -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let own = std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.to_path_buf()));
    choose(&folders, own.as_deref())
}

fn choose(path: &[PathBuf], own: Option<&Path>) -> String {
    let on_path = |name: &str| {
        path.iter()
            .map(|folder| folder.join(name))
            .find(|python| python.is_file())
    };
    let beside = own
        .map(|folder| folder.join("python"))
        .filter(|python| python.is_file());
    if let Some(beside) = beside
        && on_path("python").as_ref() != Some(&beside)
    {
        return beside.display().to_string();
    }
    let name = if on_path("python").is_some() {
        "python"
    } else {
        "python3"
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_python_of_the_environment_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let at = |place: &str| folder.path().join(place);
        for place in ["venv/bin", "usr/bin", "old/bin"] {
            std::fs::create_dir_all(at(place)).unwrap();
        }
        std::fs::write(at("venv/bin/python"), "").unwrap();
        std::fs::write(at("usr/bin/python"), "").unwrap();
        let path = |places: &[&str]| places.iter().map(|place| at(place)).collect::<Vec<_>>();
        let venv = at("venv/bin");
        assert_eq!(choose(&path(&["venv/bin", "usr/bin"]), Some(&venv)), "python");
        assert_eq!(
            choose(&path(&["usr/bin"]), Some(&venv)),
            venv.join("python").display().to_string()
        );
        assert_eq!(choose(&path(&["usr/bin"]), Some(&at("old/bin"))), "python");
        assert_eq!(choose(&path(&["old/bin"]), None), "python3");
    }
}
