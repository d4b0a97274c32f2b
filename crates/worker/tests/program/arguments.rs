//! The command line.

use crate::worker;
use std::process::Stdio;

#[test]
fn devices_and_usage() {
    let run = |arguments: &[&str]| {
        let output = worker().args(arguments).stdin(Stdio::null()).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (status, out, log) = run(&["--device", "cuda:65535"]);
    assert_eq!((status, out.as_str()), (Some(3), ""));
    assert!(
        log.contains("`cuda:65535` is not available") && log.lines().count() == 1,
        "{log}"
    );
    let (status, out, log) = run(&["--device", "tpu"]);
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(log.contains("unknown device `tpu`"), "{log}");
    let (status, out, _) = run(&["--version"]);
    assert_eq!(status, Some(0));
    assert!(
        out.starts_with(concat!(
            "seedband-worker ",
            env!("CARGO_PKG_VERSION"),
            " (libtorch 2.11."
        )),
        "{out}"
    );
    assert!(run(&["--help"]).1.contains("--threads"));
    let (status, out, _) = run(&["--threads", "2"]);
    assert_eq!((status, out.lines().count()), (Some(0), 1));
}
