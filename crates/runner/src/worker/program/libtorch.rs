//! Where libtorch may be.

use crate::os::ask::{LIMIT, ask_program};
use crate::worker::program::environment::Environment;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The release that the worker is built for; its binary interface changes with each.
const RELEASE: &str = "2.11.";

/// Prints the folder of the `torch` package without importing it, which would take seconds.
const LOCATE: &str = "import importlib.util\nspec = importlib.util.find_spec('torch')\n\
    print(list(spec.submodule_search_locations)[0] if spec and spec.submodule_search_locations else '')";

/// A place to look in.
pub(super) struct Candidate {
    /// What it is called in messages.
    pub(super) name: String,
    /// The folder of the libraries, or why there is none.
    pub(super) folder: Result<PathBuf, String>,
}

/// The places to look in, in order. Pythons are only asked when the iterator gets to them.
pub(super) fn candidates(worker: &Path, environment: &Environment) -> impl Iterator<Item = Candidate> + use<> {
    let variable = Candidate {
        name: "`LIBTORCH`".into(),
        folder: match &environment.libtorch {
            Some(root) => existing(Path::new(root).join("lib")).and_then(without_rocm),
            None => Err("not set".into()),
        },
    };
    let folder = worker.parent().unwrap_or(Path::new("."));
    let beside = [folder.join("lib"), folder.join("../lib")].map(|folder| Candidate {
        name: "`lib` by the worker".into(),
        folder: with_libtorch(folder),
    });
    let path = environment.path.clone();
    let pythons = pythons(environment).map(move |python| {
        let name = format!("torch of `{}`", python.display());
        let mut python = Command::new(python);
        if let Some(path) = &path {
            python.env("PATH", path);
        }
        Candidate {
            name,
            folder: of_python(python),
        }
    });
    std::iter::once(variable).chain(beside).chain(pythons)
}

/// The Pythons to ask: that of the environment this program was installed into, which need not be active, then those of
/// the `PATH`.
fn pythons(environment: &Environment) -> impl Iterator<Item = PathBuf> + use<> {
    let names = ["python3", "python"].map(PathBuf::from);
    let folder = environment.current_exe.as_deref().and_then(Path::parent);
    let own = folder.and_then(|folder| {
        let mut beside = names.iter().map(|name| folder.join(name));
        beside.find(|python| python.is_file())
    });
    own.into_iter().chain(names)
}

/// The library that PyTorch for AMD's devices has in place of the one for CUDA.
const ROCM: &str = "libtorch_hip.so";

/// Refuses a libtorch whose devices the worker does not know: it would train on the CPU without a word.
fn without_rocm(folder: PathBuf) -> Result<PathBuf, String> {
    if folder.join(ROCM).exists() {
        let problem = "it is built for ROCm, which the worker cannot use; install the build for CUDA or for the CPU";
        return Err(problem.into());
    }
    Ok(folder)
}

fn existing(folder: PathBuf) -> Result<PathBuf, String> {
    if folder.is_dir() {
        Ok(folder)
    } else {
        Err(format!("no folder `{}`", folder.display()))
    }
}

/// An environment of Python's has a `lib` beside its `bin` too.
fn with_libtorch(folder: PathBuf) -> Result<PathBuf, String> {
    let folder = existing(folder)?;
    if folder.join("libtorch_cpu.so").exists() {
        without_rocm(folder)
    } else {
        Err(format!("no libtorch in `{}`", folder.display()))
    }
}

fn of_python(mut python: Command) -> Result<PathBuf, String> {
    python.args(["-c", LOCATE]);
    let output = ask_program(&mut python, Instant::now() + LIMIT).map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let package = text.trim();
    if !output.status.success() || package.is_empty() {
        return Err("not installed".into());
    }
    of_package(Path::new(package))
}

fn of_package(package: &Path) -> Result<PathBuf, String> {
    let text = std::fs::read_to_string(package.join("version.py")).unwrap_or_default();
    let version = version(&text).ok_or_else(|| format!("`{}` has no version", package.display()))?;
    if !version.starts_with(RELEASE) {
        return Err(format!("it is {version}, 2.11 is needed"));
    }
    existing(package.join("lib")).and_then(without_rocm)
}

/// The value in a line such as `__version__ = '2.11.0+cpu'`.
fn version(text: &str) -> Option<&str> {
    let line = text.lines().find_map(|line| line.strip_prefix("__version__"))?;
    line.split(['\'', '"']).nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_release_it_is_built_for_will_do() {
        let folder = tempfile::tempdir().unwrap();
        let write = |version: &str| {
            let text = format!(
                "from typing import Optional\n\n__all__ = ['__version__']\n__version__ = '{version}'\ndebug = False\n"
            );
            std::fs::write(folder.path().join("version.py"), text).unwrap();
        };
        assert!(of_package(folder.path()).unwrap_err().ends_with("has no version"));
        write("2.10.0+cu128");
        assert_eq!(
            of_package(folder.path()).unwrap_err(),
            "it is 2.10.0+cu128, 2.11 is needed"
        );
        write("2.11.0+cpu");
        assert!(of_package(folder.path()).unwrap_err().starts_with("no folder"));
        std::fs::create_dir(folder.path().join("lib")).unwrap();
        assert_eq!(of_package(folder.path()).unwrap(), folder.path().join("lib"));
    }
}
