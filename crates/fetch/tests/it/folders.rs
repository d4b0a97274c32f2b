//! Where a data set goes: what is there before, what changes, and others that fetch it too.

use crate::support::{Place, one_file, packed};
use seedband_fetch::{DATA_SETS, FetchError, FetchOptions, Progress, Size, fetch};
use seedband_testkit::http_server::{Answer, Server};
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

fn good() -> Server {
    Server::new(|request, _| Answer::ranged(request, &packed()))
}

#[test]
fn what_is_there_is_checked_and_not_fetched_again() {
    let server = good();
    let (place, set) = (Place::new(), one_file(&[&server]));
    place.fetch_digits(&set);
    assert!(place.fetch(&set).unwrap().was_there);
    assert_eq!(server.requests().len(), 1);
    let source = fs::read_to_string(place.path("data/tiny/SOURCE.md")).unwrap();
    for part in [set.home, set.terms, set.citation, set.files[0].sha256] {
        assert!(source.contains(part), "{source}");
    }

    fs::write(place.path("data/tiny/digits"), "1, 2, 3").unwrap();
    let said = place.fetch(&set).unwrap_err().to_string();
    assert!(
        said.contains("digits` has changed since it was fetched; remove `"),
        "{said}"
    );
    fs::remove_file(place.path("data/tiny/digits")).unwrap();
    let said = place.fetch(&set).unwrap_err().to_string();
    assert!(said.contains("digits` has gone since it was fetched"), "{said}");
    fs::write(place.path("data/tiny/SHA256SUMS"), "").unwrap();
    let said = place.fetch(&set).unwrap_err().to_string();
    assert!(said.contains("SHA256SUMS` has changed since"), "{said}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn what_is_somebody_elses_stays() {
    let server = good();
    let set = one_file(&[&server]);
    let place = Place::new();
    fs::create_dir_all(place.path("data/tiny")).unwrap();
    fs::write(place.path("data/tiny/digits"), "mine").unwrap();
    assert!(matches!(place.fetch(&set), Err(FetchError::InTheWay { .. })));
    assert_eq!(fs::read(place.path("data/tiny/digits")).unwrap(), b"mine");
    assert!(server.requests().is_empty());

    let place = Place::new();
    fs::create_dir_all(place.path("data/tiny")).unwrap();
    place.fetch_digits(&set);

    let place = Place::new();
    fs::create_dir_all(place.path("data")).unwrap();
    fs::write(place.path("data/tiny"), "a file").unwrap();
    assert!(matches!(place.fetch(&set), Err(FetchError::InTheWay { .. })));
}

#[test]
fn what_a_killed_call_left_is_used_or_removed() {
    let server = good();
    let set = one_file(&[&server]);
    let place = Place::new();
    place.leave_partial(b"");
    let left = |name: &str| place.path("data/.tiny.fetch").join(name);
    fs::create_dir_all(left("unpacked")).unwrap();
    fs::write(left("unpacked/digits"), "half").unwrap();
    fs::write(left("digits.gz"), packed()).unwrap();
    place.fetch_digits(&set);
    assert!(server.requests().is_empty());

    let place = Place::new();
    place.leave_partial(b"");
    fs::write(place.path("data/.tiny.fetch/digits.gz"), vec![0; packed().len()]).unwrap();
    place.fetch_digits(&set);
    assert_eq!(server.ranges(), [None]);
}

#[test]
fn of_many_at_once_one_downloads() {
    let server = Server::new(|request, _| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        Answer::ranged(request, &packed())
    });
    let (place, set) = (Place::new(), one_file(&[&server]));
    let (fetched, waited) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let mut tell = |progress: Progress<'_>| {
                    if matches!(progress, Progress::Waiting) {
                        waited.fetch_add(1, Ordering::Relaxed);
                    }
                };
                let result = fetch(&set, &place.options(), &mut tell).unwrap();
                fetched.fetch_add(usize::from(!result.was_there), Ordering::Relaxed);
            });
        }
    });
    assert_eq!((server.requests().len(), fetched.into_inner()), (1, 1));
    assert!(waited.into_inner() > 0);
    place.check_digits();
}

#[test]
fn addresses_that_are_none_are_refused_at_once() {
    let place = Place::new();
    let options = FetchOptions {
        mirror: Some("mirror/of/mine".into()),
        ..place.options()
    };
    let said = fetch(&one_file(&[]), &options, &mut |_| {}).unwrap_err().to_string();
    assert!(said.starts_with("`mirror/of/mine` is no address of a server"), "{said}");
    assert!(!place.path("data").exists());
}

/// A slip of a digit would show only once somebody fetches.
#[test]
fn the_catalog_is_well_formed() {
    let names: Vec<&str> = DATA_SETS.iter().map(|set| set.name).collect();
    assert_eq!(names, ["cifar10", "cifar100", "mnist", "fashion-mnist"]);
    for set in DATA_SETS {
        assert!(
            set.servers
                .iter()
                .all(|server| server.starts_with("http") && server.ends_with('/'))
        );
        for file in set.files {
            let is_digit = |letter: char| letter.is_ascii_digit() || ('a'..='f').contains(&letter);
            assert!(
                file.sha256.len() == 64 && file.sha256.chars().all(is_digit),
                "{}",
                file.name
            );
        }
    }
    let plain = |name: &str| -> Vec<u64> {
        let files = DATA_SETS.iter().find(|set| set.name == name).unwrap().files;
        let size = |packing: seedband_fetch::Packing| match packing {
            seedband_fetch::Packing::Gz(member) => match member.size {
                Size::Exactly(size) | Size::AtMost(size) => size,
            },
            seedband_fetch::Packing::TarGz(_) => 0,
        };
        files.iter().map(|file| size(file.packing)).collect()
    };
    // As `ls -l` shows them, in every description of MNIST.
    assert_eq!(plain("mnist"), [47_040_016, 60_008, 7_840_016, 10_008]);
    assert_eq!(plain("fashion-mnist"), plain("mnist"));
}
