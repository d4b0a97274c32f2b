use super::*;
use crate::store::identity::this_host;
use seedband_testkit::Fuzz;

fn other(change: impl FnOnce(&mut ClaimRecord)) -> String {
    let me = RunnerIdentity::this_process();
    let at = Timestamp::UNIX_EPOCH;
    let mut record = ClaimRecord {
        runner: "other".into(),
        host: me.host,
        pid: me.pid,
        process_start: me.process_start,
        at,
    };
    change(&mut record);
    seedband_core::protocol::to_line(&record)
}

fn take(path: &Path) -> ClaimResult {
    Claim::take(path, &RunnerIdentity::this_process(), &[]).unwrap()
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
    assert_eq!(holder.pid, std::process::id());
    drop(claim);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn of_many_that_claim_at_once_one_gets_it_stale_or_not() {
    for stale in [false, true] {
        let (folder, path) = folder();
        if stale {
            fs::write(&path, other(|claim| claim.process_start += 1)).unwrap();
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
    let changes: [fn(&mut ClaimRecord); 2] = [|claim| claim.process_start += 1, |claim| claim.pid = 5_000_000];
    for change in changes {
        let (_folder, path) = folder();
        fs::write(&path, other(change)).unwrap();
        assert!(matches!(take(&path), ClaimResult::Taken(_)));
    }
}

#[test]
fn a_live_process_another_host_and_a_riddle_hold() {
    let far = other(|claim| {
        claim.host = "elsewhere".into();
        claim.pid = 5_000_000;
    });
    for (text, readable) in [(other(|_| ()), true), (far, true), (String::new(), false)] {
        let (_folder, path) = folder();
        fs::write(&path, &text).unwrap();
        let ClaimResult::Held(holder) = take(&path) else {
            panic!("claimed over `{text}`")
        };
        assert_eq!(holder.is_some(), readable);
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_host_that_the_user_says_is_gone_holds_nothing_but_this_one_is_looked_at() {
    let me = RunnerIdentity::this_process();
    let hosts = ["elsewhere".to_owned(), me.host.clone()];
    let far = other(|claim| claim.host = "elsewhere".into());
    for (text, ours) in [(far, true), (other(|_| ()), false)] {
        let (_folder, path) = folder();
        fs::write(&path, text).unwrap();
        let claiming = Claim::take(&path, &me, &hosts).unwrap();
        assert_eq!(matches!(claiming, ClaimResult::Taken(_)), ours);
    }
}

/// Whoever clears a claim waits for whoever is at it, and then looks again.
#[test]
fn a_claim_is_cleared_by_one_at_a_time() {
    let (folder, path) = folder();
    fs::write(&path, "stale").unwrap();
    let lock = File::open(folder.path()).unwrap();
    lock.lock().unwrap();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| clear_stale(&path, "stale"));
        // Time enough for the other to remove it, if it did not wait.
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert_eq!(fs::read_to_string(&path).unwrap(), "stale");
        fs::write(&path, "new").unwrap();
        lock.unlock().unwrap();
        other.join().unwrap().unwrap();
    });
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
        other(|claim| claim.pid = 5_000_000).into_bytes(),
        other(|claim| claim.host = "elsewhere".into()).into_bytes(),
    ];
    let host = this_host();
    let words = ["pid", "host", &host, "process-start"];
    // The text, once more as a record, and paths.
    let fuzz = Fuzz::new(&seeds).words(&words).memory(|length| 100_000 + 10 * length);
    fuzz.run(|bytes| {
        fs::write(&path, bytes).unwrap();
        let record = serde_json::from_str::<ClaimRecord>(&String::from_utf8_lossy(bytes)).ok();
        match Claim::take(&path, &RunnerIdentity::this_process(), &[]) {
            Ok(ClaimResult::Taken(_)) => assert!(record.is_some_and(|record| !record.is_live(&host))),
            Ok(ClaimResult::Held(holder)) => {
                assert_eq!(holder, record);
                assert_eq!(fs::read(&path).unwrap(), bytes);
            }
            Err(error) => panic!("{error}"),
        }
    });
}
