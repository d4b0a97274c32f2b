//! A disk that is full: a small file system of its own, mounted in a name space that only this program sees, which
//! runs itself there.

use crate::support::{Place, one_file, packed};
use seedband_fetch::{FetchError, FetchOptions, fetch};
use seedband_testkit::http_server::{Answer, Server};
use std::path::PathBuf;
use std::process::Command;

const DISK: &str = "SEEDBAND_TEST_DISK";

/// Not a test by itself: the one below, on a disk with room for so many bytes.
#[test]
fn on_a_small_disk() {
    let Some(disk) = std::env::var_os(DISK).map(PathBuf::from) else {
        return;
    };
    let server = Server::new(|request, _| Answer::ranged(request, &packed()));
    let options = FetchOptions {
        to: disk.join("data"),
        ..Place::new().options()
    };
    let error = fetch(&one_file(&[&server]), &options, &mut |_| {}).unwrap_err();
    assert!(matches!(error, FetchError::DiskFull { needed: 1, .. }), "{error:?}");
    assert!(!disk.join("data/tiny").exists());
}

/// Where a file system cannot be mounted, as in some containers, this says so and checks nothing.
#[test]
#[expect(clippy::print_stderr, reason = "a test that checks nothing has to say so")]
fn a_full_disk_leaves_nothing_half_made() {
    // Full while it downloads, and while it unpacks.
    for size in ["128k", "512k"] {
        let place = Place::new();
        let disk = place.path("disk");
        std::fs::create_dir(&disk).unwrap();
        let small = |command: &[&str]| {
            let mount = format!("mount -t tmpfs -o size={size} none \"$0\" && exec \"$@\"");
            Command::new("unshare")
                .args(["--user", "--map-root-user", "--mount", "sh", "-c", &mount])
                .arg(&disk)
                .args(command)
                .env(DISK, &disk)
                .output()
                .unwrap()
        };
        if !small(&["true"]).status.success() {
            eprintln!("no file system can be mounted here, so full disks are not checked");
            return;
        }
        let program = std::env::current_exe().unwrap();
        let output = small(&[
            program.to_str().unwrap(),
            "--exact",
            "disk::on_a_small_disk",
            "--nocapture",
        ]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("1 passed"), "{size}: {said}");
    }
}
