//! Files of programs that train: known by what they hold.

use super::config::Config;
use super::data_path::expand;
use super::diagnose::placed;
use super::error::StudyError;
use super::layer::Layers;
use crate::Invalid;
use crate::files::fsio;
use crate::files::fsio::FsError;
use crate::trainer::Program;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Most files that the patterns of one config may name: more are data, which a study names by a path in its arguments.
const MOST_FILES: usize = 10_000;

/// Digests by path from the working folder.
type Digests = BTreeMap<String, String>;

/// Fills in the digests of the files of every program that says none.
pub(super) fn identify(layers: &Layers, configs: &mut [Config]) -> Result<(), StudyError> {
    // A sweep has one program in many configs, and its files are read once.
    let mut known: Vec<(Program, Digests)> = Vec::new();
    for config in configs {
        let Some(program) = config.recipe.trainer.program_mut() else {
            continue;
        };
        if !program.sha256.is_empty() {
            continue;
        }
        let same = |(other, _): &&(Program, Digests)| {
            (&other.command, &other.working_dir, &other.inputs)
                == (&program.command, &program.working_dir, &program.inputs)
        };
        let digests = match known.iter().find(same) {
            Some((_, digests)) => digests.clone(),
            None => program_digests(program).map_err(|error| match error {
                StudyError::Invalid(invalid) => placed(layers, invalid, Some(&config.name)),
                other => other,
            })?,
        };
        known.push((program.clone(), digests.clone()));
        program.sha256 = digests;
    }
    Ok(())
}

/// The folder in which a program runs, with variables filled in.
///
/// # Errors
/// A variable is not set.
pub fn working_dir(program: &Program) -> Result<PathBuf, StudyError> {
    let folder = program.working_dir.as_deref().unwrap_or(".");
    expand("trainer.working-dir", folder, |name| std::env::var(name).ok())
}

/// SHA-256 of the files of a program as they are now, by their path from its working folder.
///
/// # Errors
/// A pattern names no file, too many are named, or one cannot be read.
pub fn program_digests(program: &Program) -> Result<Digests, StudyError> {
    let folder = working_dir(program)?;
    let mut digests = Digests::new();
    for pattern in program.patterns(&folder) {
        // A file below the home folder has its name from there, which is the same for every user.
        let (from, pattern, start) = match pattern.strip_prefix("~/") {
            Some(rest) => (home()?, rest.to_owned(), "~/"),
            None => (folder.clone(), pattern, ""),
        };
        let files = matching(&from, &pattern)?;
        if files.is_empty() {
            let way_out = if pattern.starts_with('~') {
                "; `~` is your own home folder, so write `~/…`"
            } else {
                ""
            };
            let problem = format!("names no file in `{}`{way_out}", from.display());
            return Err(unusable(&format!("{start}{pattern}"), problem).into());
        }
        for path in files {
            let name = format!("{start}{}", path.strip_prefix(&from).unwrap_or(&path).display());
            if digests.len() == MOST_FILES {
                return Err(unusable(&pattern, format!("brings more than {MOST_FILES} files together")).into());
            }
            digests.insert(name, digest(&pattern, &path)?);
        }
    }
    Ok(digests)
}

fn home() -> Result<PathBuf, StudyError> {
    expand("trainer.inputs", "~", |name| std::env::var(name).ok())
}

/// The files in `folder` that a pattern names, sorted.
fn matching(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Invalid> {
    // Patterns are text, and so is the path that they begin with.
    let Some(text) = folder.to_str() else {
        let problem = format!(
            "is looked for in `{}`, whose name is no UTF-8; rename that",
            folder.display()
        );
        return Err(unusable(pattern, problem));
    };
    let escaped = glob::Pattern::escape(text);
    let options = glob::MatchOptions {
        require_literal_separator: true,
        require_literal_leading_dot: true,
        ..glob::MatchOptions::default()
    };
    let paths = glob::glob_with(&format!("{escaped}/{pattern}"), options)
        .map_err(|error| unusable(pattern, format!("is no pattern of paths: {}", error.msg)))?;
    let mut files = Vec::new();
    for path in paths {
        let path = path.map_err(|error| unusable(pattern, error.to_string()))?;
        if path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

fn digest(pattern: &str, path: &Path) -> Result<String, Invalid> {
    fsio::sha256(path).map_err(|error| {
        let problem = match &error {
            FsError::Io { source, .. } => format!("names `{}`, which cannot be read: {source}", path.display()),
            other => other.to_string(),
        };
        unusable(pattern, problem)
    })
}

fn unusable(pattern: &str, problem: String) -> Invalid {
    let example = "inputs = [\"train.py\", \"models/*.py\"]";
    Invalid::new("trainer.inputs", format!("{pattern:?}"), problem, example)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn names(folder: &Path, command: &[&str], inputs: Option<&[&str]>) -> Result<Vec<String>, String> {
        let program = Program {
            command: command.iter().map(|&word| word.to_owned()).collect(),
            working_dir: Some(folder.display().to_string()),
            inputs: inputs.map(|inputs| inputs.iter().map(|&pattern| pattern.to_owned()).collect()),
            ..Program::default()
        };
        let digests = program_digests(&program).map_err(|error| error.to_string())?;
        Ok(digests.into_keys().collect())
    }

    #[test]
    fn patterns_name_files_from_the_working_folder() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("odd [name]");
        for name in [
            "train.py",
            "models/a.py",
            "models/deep/b.py",
            "models/notes.txt",
            ".hidden.py",
        ] {
            write(&folder, name, name);
        }
        let of = |inputs: &[&str]| names(&folder, &["python", "train.py"], Some(inputs)).unwrap();
        assert_eq!(of(&["*.py"]), ["train.py"]);
        assert_eq!(of(&["models/*.py", "train.py"]), ["models/a.py", "train.py"]);
        assert_eq!(of(&["**/*.py"]), ["models/a.py", "models/deep/b.py", "train.py"]);
        assert_eq!(of(&[]), [] as [String; 0]);
        assert_eq!(names(&folder, &["python", "train.py"], None).unwrap(), ["train.py"]);
        assert_eq!(names(&folder, &["/bin/sh", "train.py"], None).unwrap(), ["train.py"]);
        let error = names(&folder, &["python", "train.py"], Some(&["modles/*.py"])).unwrap_err();
        assert!(
            error.contains("`trainer.inputs = \"modles/*.py\"`: names no file in `"),
            "{error}"
        );
    }

    #[test]
    fn a_folder_that_is_no_text_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join(OsStr::from_bytes(b"odd \xff"));
        write(&folder, "train.py", "");
        let error = matching(&folder, "*.py").unwrap_err().to_string();
        assert!(error.contains("whose name is no UTF-8"), "{error}");
    }

    #[test]
    fn content_counts_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "train.py", "print(1)");
        let program = Program {
            command: vec!["python".into(), "train.py".into()],
            working_dir: Some(folder.path().display().to_string()),
            ..Program::default()
        };
        let before = program_digests(&program).unwrap();
        write(folder.path(), "train.py", "print(1)");
        assert_eq!(program_digests(&program).unwrap(), before);
        write(folder.path(), "train.py", "print(2)");
        assert_ne!(program_digests(&program).unwrap(), before);
    }
}
