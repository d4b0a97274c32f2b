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

fn around(root: &Path) -> Surroundings {
    let bin = root.join("bin");
    Surroundings {
        path: Some(bin.into()),
        current_exe: Some(root.join("release/seedband")),
        ..Surroundings::default()
    }
}

#[test]
fn explicit_then_variable_then_beside_then_path() {
    let root = tempfile::tempdir().unwrap();
    let at = |place: &str| root.path().join(place);
    let mut around = around(root.path());
    let Err(WorkerProgramError::NotFound { looked }) = find(None, &around) else {
        panic!("found one")
    };
    assert_eq!(looked.len(), 2);
    for place in ["bin/seedband-worker", "release/seedband-worker", "variable", "explicit"] {
        script(&at(place), "");
    }
    assert_eq!(find(Some(&at("explicit")), &around).unwrap().path, at("explicit"));
    assert_eq!(
        find(None, &around).unwrap(),
        WorkerProgram::new(at("release/seedband-worker"))
    );
    std::fs::remove_file(at("release/seedband-worker")).unwrap();
    assert_eq!(find(None, &around).unwrap().path, at("bin/seedband-worker"));
    around.worker = Some(at("variable").into());
    assert_eq!(find(None, &around).unwrap().path, at("variable"));
    around.worker = Some(at("gone").into());
    let message = find(None, &around).unwrap_err().to_string();
    assert!(message.ends_with("gone`, named by `SEEDBAND_WORKER`"), "{message}");
}

#[test]
fn libtorch_is_looked_for_only_when_the_worker_does_not_start() {
    let root = tempfile::tempdir().unwrap();
    let worker = root.path().join("release/seedband-worker");
    let torch = root.path().join("torch");
    let mut around = around(root.path());
    around.libtorch = Some(torch.clone().into());
    around.library_path = Some("/before".into());
    script(&worker, "");
    assert!(find(None, &around).unwrap().variables.is_empty());

    script(&worker, "torch/lib:/before");
    let Err(WorkerProgramError::DoesNotStart { said, tried, .. }) = find(None, &around) else {
        panic!("it starts")
    };
    assert_eq!(said, "libtorch.so: cannot open");
    assert!(tried[0].starts_with("`LIBTORCH`: "), "{tried:?}");

    std::fs::create_dir_all(torch.join("lib")).unwrap();
    let found = find(None, &around).unwrap();
    assert_eq!(
        found.variables,
        [(
            "LD_LIBRARY_PATH".into(),
            prepended(&torch.join("lib"), Some(&"/before".into()))
        )]
    );
}
