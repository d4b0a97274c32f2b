use super::*;
use seedband_testkit::Fuzz;

fn other(change: impl FnOnce(&mut ClaimRecord)) -> String {
    let mut record = ClaimRecord {
        runner: "other".into(),
        process: Process::this(),
        heartbeat_ms: None,
        at: Timestamp::UNIX_EPOCH,
    };
    change(&mut record);
    seedband_core::protocol::to_line(&record)
}

fn take(path: &Path) -> ClaimResult {
    Claim::take(path, &Claimant::this_process()).unwrap()
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claim");
    (folder, path)
}

#[test]
fn a_claim_is_exclusive_and_ends_when_dropped() {
    let (folder, path) = folder();
    let ClaimResult::Taken(claim) = take(&path) else {
        panic!("not claimed")
    };
    let ClaimResult::Held(Some(holder)) = take(&path) else {
        panic!("claimed twice")
    };
    assert_eq!(holder.process.pid, std::process::id());
    drop(claim);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn of_many_that_claim_at_once_one_gets_it_stale_or_not() {
    for stale in [false, true] {
        let (folder, path) = folder();
        if stale {
            fs::write(&path, other(|claim| claim.process.start += 1)).unwrap();
        }
        let all: Vec<ClaimResult> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| take(&path))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(
            all.iter()
                .filter(|claiming| matches!(claiming, ClaimResult::Taken(_)))
                .count(),
            1
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_dead_process_of_this_host_holds_nothing() {
    // Above the kernel's highest process id, 4194304.
    let changes: [fn(&mut ClaimRecord); 2] = [|claim| claim.process.start += 1, |claim| claim.process.pid = 5_000_000];
    for change in changes {
        let (_folder, path) = folder();
        fs::write(&path, other(change)).unwrap();
        assert!(matches!(take(&path), ClaimResult::Taken(_)));
    }
}

#[test]
fn a_live_process_another_host_and_a_riddle_hold() {
    let far = other(|claim| {
        claim.process.host = "elsewhere".into();
        claim.process.pid = 5_000_000;
    });
    let container = other(|claim| {
        claim.process.namespaces = Some("pid:[1] time:[1]".into());
        claim.process.pid = 5_000_000;
    });
    for text in [far, container, String::new(), "{".into()] {
        let (_folder, path) = folder();
        fs::write(&path, &text).unwrap();
        let ClaimResult::Unknown(said) = take(&path) else {
            panic!("claimed over `{text}`")
        };
        assert_eq!(said, text);
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        // Once it is known to be gone.
        let mut claimant = Claimant::this_process();
        claimant.gone.insert(text);
        assert!(matches!(Claim::take(&path, &claimant).unwrap(), ClaimResult::Taken(_)));
    }
    let (_folder, path) = folder();
    fs::write(&path, other(|_| ())).unwrap();
    assert!(matches!(take(&path), ClaimResult::Held(_)));
}

#[test]
fn a_link_to_nothing_is_no_claim_and_is_named() {
    let (_folder, path) = folder();
    std::os::unix::fs::symlink("nowhere", &path).unwrap();
    let error = Claim::take(&path, &Claimant::this_process()).unwrap_err();
    assert!(
        seedband_core::one_line(&error).contains("link that leads nowhere"),
        "{error}"
    );
}

/// An answer that got lost on a network disk: the link was made, and is asked for again.
#[test]
fn a_claim_that_says_what_we_would_say_is_ours() {
    let (_folder, path) = folder();
    fs::write(&path, "ours").unwrap();
    assert!(create(&path, "ours").unwrap());
    assert!(!create(&path, "other").unwrap());
}

/// A runner that was taken for dead comes back.
#[test]
fn what_has_been_taken_over_is_not_written_to() {
    let (_folder, path) = folder();
    let ClaimResult::Taken(claim) = take(&path) else {
        panic!("not claimed")
    };
    assert_eq!(claim.while_held(|| Ok(1)).unwrap(), Some(1));
    fs::write(&path, other(|_| ())).unwrap();
    assert_eq!(claim.while_held(|| Ok(1)).unwrap(), None);
    drop(claim);
    assert!(path.exists(), "it is another's");
}

#[test]
fn a_holder_is_watched_by_its_signs_of_life() {
    let root = tempfile::tempdir().unwrap();
    let dir = seedband_core::files::layout::StudyDir::new(root.path());
    fs::create_dir(dir.journals()).unwrap();
    let path = root.path().join("claim");
    let period = Duration::from_millis(20);
    let text = other(|_| ());
    fs::write(&path, &text).unwrap();
    let watch = || Watch::new(&dir, path.clone(), text.clone(), period);
    let heart = dir.heartbeat("other");

    fs::write(&heart, "0000000001\n").unwrap();
    let (beating, silent) = (watch(), watch());
    assert_eq!(beating.look().unwrap(), Sight::Still);
    fs::write(&heart, "0000000002\n").unwrap();
    assert_eq!(beating.look().unwrap(), Sight::Alive);
    fs::write(&heart, "0000000001\n").unwrap();
    std::thread::sleep(silent.patience);
    assert_eq!(silent.look().unwrap(), Sight::Gone);

    // One that never gave a sign, and a claim that nobody can understand.
    fs::remove_file(&heart).unwrap();
    let none = watch();
    std::thread::sleep(none.patience);
    assert_eq!(none.look().unwrap(), Sight::Gone);
    fs::write(&path, "").unwrap();
    assert_eq!(none.look().unwrap(), Sight::Changed);
    let empty = Watch::new(&dir, path.clone(), String::new(), period);
    assert!(empty.holder.is_none());
    std::thread::sleep(empty.patience);
    assert_eq!(empty.look().unwrap(), Sight::Gone);
    fs::remove_file(&path).unwrap();
    assert_eq!(empty.look().unwrap(), Sight::Changed);

    // Names of files elsewhere are not listened to, and nobody asks for hours of patience.
    let far = other(|claim| {
        claim.runner = "../../x".into();
        claim.heartbeat_ms = Some(u64::MAX);
    });
    let watch = Watch::new(&dir, path.clone(), far, period);
    assert_eq!(watch.patience, Duration::from_mins(6));
}

#[test]
fn a_host_that_the_user_says_is_gone_holds_nothing_but_this_one_is_looked_at() {
    let mut claimant = Claimant::this_process();
    let host = claimant.runner.process.host.clone();
    claimant.take_over = vec!["elsewhere".to_owned(), host];
    let far = other(|claim| claim.process.host = "elsewhere".into());
    for (text, ours) in [(far, true), (other(|_| ()), false)] {
        let (_folder, path) = folder();
        fs::write(&path, text).unwrap();
        let claiming = Claim::take(&path, &claimant).unwrap();
        assert_eq!(matches!(claiming, ClaimResult::Taken(_)), ours);
    }
}

/// Whoever clears a claim waits for whoever is at it, and then looks again.
#[test]
fn a_claim_is_cleared_by_one_at_a_time() {
    let (folder, path) = folder();
    fs::write(&path, "stale").unwrap();
    let lock = fs::File::open(folder.path()).unwrap();
    lock.lock().unwrap();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| clear_stale(&path, "stale"));
        // Time enough for the other to remove it, if it did not wait.
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert_eq!(fs::read_to_string(&path).unwrap(), "stale");
        fs::write(&path, "new").unwrap();
        lock.unlock().unwrap();
        assert!(other.join().unwrap().unwrap());
    });
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    // Somebody was stopped in the middle: nothing is done without the lock.
    lock.lock().unwrap();
    assert!(!clear_stale(&path, "new").unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
}

#[test]
fn a_claim_made_in_the_meantime_stays() {
    let (folder, path) = folder();
    fs::write(&path, "new").unwrap();
    clear_stale(&path, "stale").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    clear_stale(&path, "new").unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    clear_stale(&path, "new").unwrap();
}

/// Only a claim that can be read, and whose process is gone, is taken over.
#[test]
fn damaged_claims_are_held_or_taken_over() {
    let folder = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    let path = folder.path().join("claim");
    let seeds = [
        other(|_| ()).into_bytes(),
        other(|claim| claim.process.pid = 5_000_000).into_bytes(),
        other(|claim| claim.process.host = "elsewhere".into()).into_bytes(),
    ];
    let here = Process::this();
    let words = ["pid", "host", &here.host, "process-start"];
    // The text, once more as a record, and paths.
    let fuzz = Fuzz::new(&seeds).words(&words).memory(|length| 100_000 + 10 * length);
    fuzz.run(|bytes| {
        fs::write(&path, bytes).unwrap();
        let record = serde_json::from_str::<ClaimRecord>(&String::from_utf8_lossy(bytes)).ok();
        match Claim::take(&path, &Claimant::this_process()) {
            Ok(ClaimResult::Taken(_)) => assert!(record.is_some_and(|record| !record.may_hold(&here))),
            Ok(ClaimResult::Held(holder)) => {
                assert_eq!(holder, record);
                assert_eq!(fs::read(&path).unwrap(), bytes);
            }
            Ok(ClaimResult::Unknown(_)) => {
                let alive = |record: ClaimRecord| record.process.liveness(&here) == Liveness::Alive;
                assert!(!record.is_some_and(alive));
                assert_eq!(fs::read(&path).unwrap(), bytes);
            }
            Err(error) => panic!("{error}"),
        }
    });
}
