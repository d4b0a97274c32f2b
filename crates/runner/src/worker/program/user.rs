//! Finding the program that a study names.

use super::environment::Environment;
use super::{WorkerProgram, WorkerProgramError};
use nix::unistd::{AccessFlags, access};
use seedband_core::study::{expand_word, working_dir};
use seedband_core::trainer::Program;
use std::path::{Path, PathBuf};

/// The command of `program` with its variables filled in, for `environment`.
pub(super) fn find(program: &Program, environment: &Environment) -> Result<WorkerProgram, WorkerProgramError> {
    let folder = working_dir(program)?;
    let working_dir = folder
        .canonicalize()
        .ok()
        .filter(|folder| folder.is_dir())
        .ok_or(WorkerProgramError::NoWorkingDir { path: folder })?;
    let fill_in = |key, word: &str| {
        let word = expand_word(key, word, |name| std::env::var(name).ok())?;
        Ok::<String, WorkerProgramError>(word)
    };
    let (first, rest) = program.command.split_first().ok_or_else(|| no_command(""))?;
    let path = locate(&fill_in("trainer.command", first)?, &working_dir, environment)?;
    let rest = rest.iter().map(|word| fill_in("trainer.command", word));
    let own = program.arguments();
    let own = own.iter().map(|word| fill_in("trainer.args", word));
    // Python holds back what it prints into a pipe, and a script that is killed would leave an empty log.
    let unbuffered = ("PYTHONUNBUFFERED".into(), "1".into());
    Ok(WorkerProgram {
        path,
        arguments: rest.chain(own).collect::<Result<_, _>>()?,
        working_dir: Some(working_dir),
        is_built_in: false,
        variables: if environment.is_unbuffered {
            Vec::new()
        } else {
            vec![unbuffered]
        },
    })
}

fn no_command(program: &str) -> WorkerProgramError {
    WorkerProgramError::NoCommand {
        program: program.to_owned(),
        place: "on the `PATH`".to_owned(),
        similar: None,
    }
}

/// The executable that `name` means: from the working folder where it has a slash, else on the `PATH`.
fn locate(name: &str, folder: &Path, environment: &Environment) -> Result<PathBuf, WorkerProgramError> {
    let is_program = |path: &PathBuf| path.is_file() && access(path, AccessFlags::X_OK).is_ok();
    if name.contains('/') {
        let path = folder.join(name);
        if is_program(&path) {
            return Ok(path);
        }
        let place = if path.is_file() {
            "that may be executed (see `chmod +x`, or name its interpreter first)"
        } else {
            "there"
        };
        return Err(WorkerProgramError::NoCommand {
            program: path.display().to_string(),
            place: place.to_owned(),
            similar: None,
        });
    }
    let folders: Vec<PathBuf> = environment
        .path
        .iter()
        .flat_map(|path| std::env::split_paths(path))
        .collect();
    let on_path = |name: &str| folders.iter().map(|folder| folder.join(name)).find(is_program);
    on_path(name).ok_or_else(|| {
        let is_script = folder.join(name).is_file();
        let similar = if is_script {
            Some(format!("./{name}"))
        } else {
            // The one that is usually missing: Debian has no `python`.
            ["python", "python3"]
                .into_iter()
                .find(|other| name.starts_with("py") && *other != name && on_path(other).is_some())
                .map(str::to_owned)
        };
        WorkerProgramError::NoCommand {
            similar,
            program: name.to_owned(),
            place: "on the `PATH`".to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn environment(path: &Path) -> Environment {
        Environment {
            path: Some(path.into()),
            ..Environment::default()
        }
    }

    fn file(path: &Path, mode: u32) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    fn program(folder: &Path, command: &[&str]) -> Program {
        Program {
            command: command.iter().map(|&word| word.to_owned()).collect(),
            working_dir: Some(folder.display().to_string()),
            args: toml::from_str("width = 32").unwrap(),
            ..Program::default()
        }
    }

    #[test]
    fn a_command_is_found_on_the_path_or_from_the_working_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        file(&root.join("bin/python"), 0o755);
        file(&root.join("train.sh"), 0o755);
        let found = find(
            &program(&root, &["python", "train.py"]),
            &environment(&root.join("bin")),
        )
        .unwrap();
        assert_eq!(found.path, root.join("bin/python"));
        assert_eq!(found.arguments, ["train.py", "--width", "32"]);
        assert_eq!(found.variables, [("PYTHONUNBUFFERED".into(), "1".into())]);
        assert!(!found.is_built_in && found.working_dir.as_ref() == Some(&root));
        let beside = find(&program(&root, &["./train.sh"]), &environment(Path::new("/nowhere"))).unwrap();
        assert_eq!(beside.path, root.join("./train.sh"));
    }

    #[test]
    fn what_is_not_there_is_named_with_a_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        file(&root.join("bin/python3"), 0o755);
        file(&root.join("plain.py"), 0o644);
        file(&root.join("run"), 0o755);
        let message = |command: &[&str]| {
            let found = find(&program(root, command), &environment(&root.join("bin")));
            found.unwrap_err().to_string()
        };
        assert_eq!(
            message(&["python", "train.py"]),
            "`trainer.command` names `python`, and there is no such program on the `PATH`; did you mean `python3`?"
        );
        assert!(message(&["run"]).ends_with("did you mean `./run`?"));
        assert!(message(&["./plain.py"]).contains("no such program that may be executed"));
        assert!(message(&["./gone"]).ends_with("no such program there"));
        assert!(
            find(&program(&root.join("no"), &["a"]), &environment(root))
                .unwrap_err()
                .to_string()
                .contains("no such folder")
        );
    }
}
