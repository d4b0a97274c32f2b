use super::*;
use crate::events::TrialName;
use crate::store::progress::runners;
use seedband_core::files::curve::End;
use seedband_core::trial::TrialId;

fn writer(dir: &StudyDir) -> ProgressWriter {
    fs::create_dir_all(dir.journals()).unwrap();
    ProgressWriter::new(dir.clone(), RunnerIdentity::this_process())
}

fn name() -> TrialName {
    TrialName {
        id: TrialId::from("ab".repeat(16)),
        config: "plain".into(),
        seed: 3,
        training: None,
    }
}

fn planned(to_run: usize) -> RunEvent {
    RunEvent::Planned {
        to_run,
        finished: 2,
        slots: 1,
    }
}

#[test]
fn the_file_follows_the_events_and_goes_with_the_last() {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path());
    let mut writer = writer(&dir);
    let events = [
        planned(4),
        RunEvent::SlotReady {
            slot: 0,
            device: "cpu".into(),
            worker: "a worker".into(),
        },
        RunEvent::TrialStarted {
            slot: 0,
            trial: name(),
            attempt: 2,
            steps: 100,
        },
        RunEvent::Step {
            slot: 0,
            step: 39,
            lr: 0.5,
            loss: f64::INFINITY,
        },
    ];
    for event in &events {
        writer.update(event);
    }
    writer.write_if_due();
    let read = runners(&dir).unwrap();
    assert_eq!(read, [writer.progress.clone()]);
    assert_eq!((read[0].to_run, read[0].before, read[0].finished), (4, 2, 0));
    assert!(read[0].seconds_left.is_some_and(|seconds| seconds >= 0.0));
    let slot = &read[0].slots[0];
    assert_eq!((slot.device.as_str(), slot.attempt), ("cpu", 2));
    assert_eq!((slot.step, slot.steps), (40, 100));
    assert_eq!((slot.lr, slot.loss), (Some(0.5), Some(f64::INFINITY)));

    writer.update(&RunEvent::TrialFinished {
        slot: 0,
        trial: name(),
        end: End::NonFinite,
        steps: 40,
        seconds: 1.0,
    });
    assert_eq!(
        runners(&dir).unwrap()[0].slots.len(),
        1,
        "nothing is written before the next tick"
    );
    writer.write_if_due();
    let read = runners(&dir).unwrap();
    assert_eq!((read[0].finished, read[0].slots.len()), (1, 0));

    writer.update(&RunEvent::Done);
    writer.write_if_due();
    assert_eq!(dir.progresses().unwrap(), [] as [std::path::PathBuf; 0]);
}

#[test]
fn a_run_without_trials_keeps_nothing_and_one_that_ends_early_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path());
    let mut idle = writer(&dir);
    idle.update(&planned(0));
    idle.write_if_due();
    assert!(dir.progresses().unwrap().is_empty());
    let mut busy = writer(&dir);
    busy.update(&planned(1));
    busy.write_if_due();
    assert_eq!(dir.progresses().unwrap().len(), 1);
    drop(busy);
    assert!(dir.progresses().unwrap().is_empty());
}

#[test]
fn a_place_that_cannot_be_written_is_no_error_and_is_tried_again() {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path());
    let mut writer = ProgressWriter::new(dir.clone(), RunnerIdentity::this_process());
    writer.update(&planned(1));
    writer.write_if_due();
    assert!(dir.progresses().unwrap().is_empty());
    fs::create_dir(dir.journals()).unwrap();
    writer.write_if_due();
    assert_eq!(dir.progresses().unwrap().len(), 1);
}

#[test]
fn the_first_write_clears_what_dead_runners_left() {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path());
    let mut writer = writer(&dir);
    fs::write(dir.progress("dead"), "torn").unwrap();
    writer.update(&planned(1));
    writer.write_if_due();
    assert_eq!(dir.progresses().unwrap(), [dir.progress(&writer.progress.runner)]);
}

#[test]
fn nothing_is_written_or_removed_behind_a_link() {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path().join("study"));
    let outside = StudyDir::new(root.path().join("outside"));
    fs::create_dir_all(outside.journals()).unwrap();
    fs::create_dir(dir.root()).unwrap();
    std::os::unix::fs::symlink(outside.journals(), dir.journals()).unwrap();
    fs::write(outside.progress("dead"), "torn").unwrap();
    let mut writer = ProgressWriter::new(dir, RunnerIdentity::this_process());
    writer.update(&planned(1));
    writer.write_if_due();
    assert_eq!(outside.progresses().unwrap(), [outside.progress("dead")]);
}
