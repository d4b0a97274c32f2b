//! Links in a results folder: nothing is written through them.

use crate::support::{Study, finish, outcome, trial};
use seedband_core::files::fsio;
use seedband_core::protocol::FailureClass;
use seedband_testkit::files::files_below;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

/// Makes `path` a link to a folder outside with a file in it.
fn link(study: &Study, path: &Path) {
    let outside = study.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("precious"), "x").unwrap();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    symlink(&outside, path).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_folder_of_a_study_is_reached_through_a_link() {
    for place in ["journal", "trials", "config", "trial", "attempts"] {
        let study = Study::new();
        let folder = study.folder(0);
        let path = match place {
            "journal" => study.dir.journals(),
            "trials" => study.dir.trials(),
            "config" => folder.root().parent().unwrap().to_path_buf(),
            "trial" => folder.root().to_path_buf(),
            _ => {
                fs::create_dir_all(folder.root()).unwrap();
                fsio::write_json(&folder.trial(), &trial(0)).unwrap();
                folder.attempts()
            }
        };
        link(&study, &path);
        let (result, _) = finish(study.job(0..1, 1, "")).await;
        // A trial that is somewhere else fails by itself.
        let error = match result {
            Err(error) => error.to_string(),
            Ok(outcome) => {
                assert_eq!(outcome.failed[0].class, FailureClass::Storage);
                outcome.failed[0].message.clone()
            }
        };
        let expected = format!("`{}` is a link, and nothing is written", path.display());
        assert!(error.contains(&expected), "{place}: {error}");
        let outside = study.beside("outside");
        assert_eq!(files_below(&outside), [outside.join("precious")], "{place}");
    }
}

/// People put results on another disk.
#[tokio::test(flavor = "multi_thread")]
async fn the_results_folder_itself_may_be_a_link() {
    let study = Study::new();
    let disk = study.beside("disk");
    fs::create_dir(&disk).unwrap();
    symlink(&disk, study.dir.root()).unwrap();
    assert_eq!(outcome(study.job(0..2, 2, "")).await.finished, 2);
    assert!(disk.join("trials").is_dir());
}
