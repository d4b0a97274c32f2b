//! One heavy dependency, one crate; and which crate may know which.

use std::process::Command;

/// The crates of this workspace that each one is built with.
const CRATES: [(&str, &[&str]); 9] = [
    ("seedband-core", &[]),
    ("seedband-data", &["seedband-core"]),
    ("seedband-fetch", &[]),
    ("seedband-worker", &["seedband-core", "seedband-data"]),
    ("seedband-runner", &["seedband-core"]),
    ("seedband-aggregator", &["seedband-core"]),
    ("seedband-report", &["seedband-core"]),
    (
        "seedband",
        &[
            "seedband-aggregator",
            "seedband-core",
            "seedband-data",
            "seedband-fetch",
            "seedband-report",
            "seedband-runner",
        ],
    ),
    ("seedband-cli", &["seedband"]),
];

/// What `package` depends on when it is built, one crate a line, through so many others at most.
fn tree(package: &str, depth: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", package, "--depth", depth])
        .args(["--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The names in a tree, that of the package itself first.
fn names(tree: &str) -> Vec<&str> {
    tree.lines().filter_map(|line| line.split(' ').next()).collect()
}

fn reaches(package: &str, dependency: &str) -> bool {
    names(&tree(package, "99")).contains(&dependency)
}

#[test]
fn crates_know_only_those_below_them() {
    for (package, expected) in CRATES {
        let tree = tree(package, "1");
        let mut known: Vec<&str> = names(&tree)
            .into_iter()
            .skip(1)
            .filter(|name| name.starts_with("seedband"))
            .collect();
        known.sort_unstable();
        assert_eq!(known, expected, "{package}");
    }
}

#[test]
fn only_the_worker_reaches_libtorch() {
    for (package, _) in CRATES {
        let is_worker = package == "seedband-worker";
        for dependency in ["torch-sys", "tch"] {
            assert_eq!(reaches(package, dependency), is_worker, "{package} and {dependency}");
        }
    }
}
#[test]
fn each_heavy_dependency_has_one_home() {
    for (dependency, home) in [
        ("polars", "seedband-aggregator"),
        ("plotters", "seedband-report"),
        ("tokio", "seedband-runner"),
        ("ureq", "seedband-fetch"),
        ("rustls", "seedband-fetch"),
    ] {
        for package in [
            "seedband-core",
            "seedband-data",
            "seedband-fetch",
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

/// HTTP and TLS stacks come along unasked with some features of data-frame libraries.
#[test]
fn one_client_talks_to_a_network() {
    for dependency in ["reqwest", "hyper", "openssl", "object_store"] {
        assert!(!reaches("seedband-cli", dependency), "{dependency}");
    }
}
