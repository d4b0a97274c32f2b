use super::*;
use std::os::unix::fs::PermissionsExt;

/// A shell script that starts only with a library path that contains `needs`.
fn script(path: &Path, needs: &str) {
    let text = format!(
        "#!/bin/sh\ncase \"$LD_LIBRARY_PATH\" in\n*{needs}*) echo worker 1;;\n\
         *) echo 'libtorch.so: cannot open' >&2; exit 127;;\nesac\n"
    );
    executable(path, &text);
}

/// A program that the shell runs.
fn executable(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    // A process that another test forks meanwhile holds the file open for writing until it has become its program.
    let busy = || {
        let started = std::process::Command::new(path).output();
        started.is_err_and(|error| error.kind() == std::io::ErrorKind::ExecutableFileBusy)
    };
    while busy() {
        std::thread::yield_now();
    }
}

fn environment(root: &Path) -> Environment {
    let bin = root.join("bin");
    Environment {
        path: Some(bin.into()),
        current_exe: Some(root.join("release/seedband")),
        ..Environment::default()
    }
}

#[test]
fn explicit_then_variable_then_beside_then_path() {
    let root = tempfile::tempdir().unwrap();
    let at = |place: &str| root.path().join(place);
    let mut environment = environment(root.path());
    let Err(WorkerProgramError::NotFound { looked }) = find(None, &environment) else {
        panic!("found one")
    };
    assert_eq!(looked.len(), 2);
    for place in ["bin/seedband-worker", "release/seedband-worker", "variable", "explicit"] {
        script(&at(place), "");
    }
    assert_eq!(find(Some(&at("explicit")), &environment).unwrap().path, at("explicit"));
    assert_eq!(
        find(None, &environment).unwrap(),
        WorkerProgram::new(at("release/seedband-worker"))
    );
    std::fs::remove_file(at("release/seedband-worker")).unwrap();
    assert_eq!(find(None, &environment).unwrap().path, at("bin/seedband-worker"));
    environment.worker = Some(at("variable").into());
    assert_eq!(find(None, &environment).unwrap().path, at("variable"));
    environment.worker = Some(at("gone").into());
    let message = find(None, &environment).unwrap_err().to_string();
    assert!(message.ends_with("gone`, named by `SEEDBAND_WORKER`"), "{message}");
}

#[test]
fn libtorch_is_looked_for_only_when_the_worker_does_not_start() {
    let root = tempfile::tempdir().unwrap();
    let worker = root.path().join("release/seedband-worker");
    let torch = root.path().join("torch");
    let mut environment = environment(root.path());
    environment.libtorch = Some(torch.clone().into());
    environment.library_path = Some("/before".into());
    script(&worker, "");
    assert!(find(None, &environment).unwrap().variables.is_empty());

    script(&worker, "torch/lib:/before");
    let Err(WorkerProgramError::DoesNotStart { said, tried, .. }) = find(None, &environment) else {
        panic!("it starts")
    };
    assert_eq!(said, "libtorch.so: cannot open");
    assert!(tried[0].starts_with("`LIBTORCH`: "), "{tried:?}");

    std::fs::create_dir_all(torch.join("lib")).unwrap();
    let found = find(None, &environment).unwrap();
    assert_eq!(
        found.variables,
        [(
            "LD_LIBRARY_PATH".into(),
            prepended(&torch.join("lib"), Some(&"/before".into()))
        )]
    );
}

/// A Python that finds PyTorch 2.11 in `package`, which this makes; the libraries in it make a worker start.
fn python_with_torch(python: &Path, package: &Path) {
    std::fs::create_dir_all(package.join("lib")).unwrap();
    std::fs::write(package.join("version.py"), "__version__ = '2.11.0'\n").unwrap();
    executable(python, &format!("#!/bin/sh\necho '{}'\n", package.display()));
}

#[test]
fn the_python_of_an_environment_that_is_not_active_is_asked_first() {
    let root = tempfile::tempdir().unwrap();
    let at = |place: &str| root.path().join(place);
    let mut environment = environment(root.path());
    environment.current_exe = Some(at("venv/bin/seedband"));
    script(&at("venv/bin/seedband-worker"), "torch/lib");
    let library_path = |environment: &Environment| find(None, environment).unwrap().variables[0].1.clone();
    python_with_torch(&at("bin/python3"), &at("other/torch"));
    assert_eq!(library_path(&environment), at("other/torch/lib"));
    python_with_torch(&at("venv/bin/python"), &at("own/torch"));
    assert_eq!(library_path(&environment), at("own/torch/lib"));
    executable(&at("venv/bin/python"), "#!/bin/sh\nexit 1\n");
    assert_eq!(library_path(&environment), at("other/torch/lib"));
    executable(&at("bin/python3"), "#!/bin/sh\nexit 1\n");
    let message = find(None, &environment).unwrap_err().to_string();
    let own = format!("torch of `{}`: not installed", at("venv/bin/python").display());
    assert!(
        message.contains(&format!("{own}, torch of `python3`: not installed")),
        "{message}"
    );
}
