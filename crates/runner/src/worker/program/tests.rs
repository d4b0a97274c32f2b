use super::*;
use std::os::unix::fs::PermissionsExt;

/// A shell script that starts only with a library path that contains `needs`.
fn script(path: &Path, needs: &str) {
    let text = format!(
        "#!/bin/sh\ncase \"$LD_LIBRARY_PATH\" in\n*{needs}*) echo worker 1;;\n\
         *) echo 'libtorch.so: cannot open' >&2; exit 127;;\nesac\n"
    );
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
