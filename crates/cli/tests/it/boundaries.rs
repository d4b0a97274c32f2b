//! One heavy dependency, one crate.

use std::process::Command;

/// What `package` depends on when it is built, one crate a line.
fn tree(package: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--package",
            package,
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn reaches(package: &str, dependency: &str) -> bool {
    tree(package)
        .lines()
        .any(|line| line.split(' ').next() == Some(dependency))
}

#[test]
fn only_the_worker_reaches_libtorch() {
    for package in [
        "seedband",
        "seedband-core",
        "seedband-runner",
        "seedband-aggregator",
        "seedband-report",
    ] {
        assert!(!reaches(package, "torch-sys") && !reaches(package, "tch"), "{package}");
    }
    // The check itself sees what it looks for.
    assert!(reaches("seedband-worker", "torch-sys"));
}

#[test]
fn each_heavy_dependency_has_one_home() {
    for (dependency, home) in [
        ("polars", "seedband-aggregator"),
        ("plotters", "seedband-report"),
        ("tokio", "seedband-runner"),
    ] {
        for package in [
            "seedband-core",
            "seedband-worker",
            "seedband-runner",
            "seedband-aggregator",
            "seedband-report",
        ] {
            if dependency == "tokio" && package == "seedband-aggregator" {
                // polars brings its own.
                continue;
            }
            assert_eq!(
                reaches(package, dependency),
                package == home,
                "{package} and {dependency}"
            );
        }
    }
}

#[test]
fn runner_aggregator_and_report_do_not_know_each_other() {
    let parts = ["seedband-runner", "seedband-aggregator", "seedband-report"];
    for package in parts {
        for other in parts.iter().filter(|other| **other != package) {
            assert!(!reaches(package, other), "{package} and {other}");
        }
    }
}

/// HTTP and TLS stacks come along unasked with some features of data-frame libraries.
#[test]
fn nothing_talks_to_a_network() {
    for dependency in ["reqwest", "hyper", "rustls", "openssl", "object_store"] {
        assert!(!reaches("seedband", dependency), "{dependency}");
    }
}
