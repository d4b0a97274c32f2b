use super::*;
use crate::store::gc::{Garbage, InUse, find};
use seedband_core::recipe::Recipe;
use seedband_core::trial::Trial;

/// A study with the folder of one trial, which nothing uses, and what is found of it.
fn study() -> (tempfile::TempDir, StudyDir, TrialDir, Garbage) {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path());
    let trial = Trial::new("a", 1, &Recipe::default());
    let folder = dir.trial(&trial);
    fs::create_dir_all(folder.attempt(1)).unwrap();
    fsio::write_json(&folder.trial(), &trial).unwrap();
    fs::write(folder.log(1), "1234567").unwrap();
    let garbage = find(&dir, &InUse::default()).unwrap();
    (root, dir, folder, garbage)
}

#[test]
fn an_unused_trial_goes_with_the_folder_of_its_config() {
    let (root, dir, folder, garbage) = study();
    let [item] = garbage.items.as_slice() else {
        panic!("{garbage:?}")
    };
    let json = fs::metadata(folder.trial()).unwrap().len();
    assert_eq!((item.kind, item.bytes), (Kind::UnusedTrial, json + 7));
    assert_eq!(remove(&dir, item).unwrap(), Removal::Gone);
    assert_eq!(fs::read_dir(root.path().join("trials")).unwrap().count(), 0);
    assert_eq!(
        remove(&dir, item).unwrap(),
        Removal::Gone,
        "as if another gc had been faster"
    );
    assert_eq!(fs::read_dir(root.path().join("trials")).unwrap().count(), 0);
}

/// Between the look and the removal anything can happen.
#[test]
fn what_has_changed_since_it_was_found_stays() {
    let (_root, dir, folder, garbage) = study();
    let ClaimResult::Taken(claim) = Claim::take(&folder.claim(), &Claimant::this_process()).unwrap() else {
        panic!("not claimed")
    };
    assert_eq!(
        remove(&dir, &garbage.items[0]).unwrap(),
        Removal::Stays,
        "a runner has begun it"
    );
    drop(claim);
    let note = folder.attempts().join("note");
    fs::write(&note, "keep").unwrap();
    assert_eq!(
        remove(&dir, &garbage.items[0]).unwrap(),
        Removal::Stays,
        "somebody has left a note"
    );
    fs::remove_file(note).unwrap();
    let text = fs::read_to_string(folder.trial()).unwrap();
    fs::write(folder.trial(), text.replacen("\"id\": \"", "\"id\": \"x", 1)).unwrap();
    assert_eq!(
        remove(&dir, &garbage.items[0]).unwrap(),
        Removal::Stays,
        "it is another trial's"
    );
    assert!(folder.log(1).is_file() && !folder.claim().exists());
}

#[test]
fn a_stale_claim_that_a_runner_has_taken_over_stays() {
    let (_root, dir, folder, _) = study();
    let item = |kind, path| Item { kind, path, bytes: 0 };
    let stale = item(Kind::StaleClaim, folder.claim());
    assert_eq!(
        remove(&dir, &stale).unwrap(),
        Removal::Gone,
        "its owner has come back and gone"
    );
    let ClaimResult::Taken(_claim) = Claim::take(&folder.claim(), &Claimant::this_process()).unwrap() else {
        panic!("not claimed")
    };
    assert_eq!(remove(&dir, &stale).unwrap(), Removal::Stays);
    assert!(folder.claim().exists());
}
