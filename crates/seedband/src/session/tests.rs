//! How often a run reads its curves.

use crate::{Control, OpenOptions, RunOptions, StudySession};
use seedband_testkit::program;

/// Seeds are added in steps, and trainings follow by what the range tests came to: each looks at all curves so far.
const STUDY: &str = "name = \"grown\"
seeds = \"until 0.001, at most 18\"
run.devices = \"cpu\"
schedule.steps = 40
[[config]]
name = \"plain\"
[[config]]
name = \"decay\"
optimizer.weight-decay = 1e-3
[train]
steps = 2
lr = \"median\"
";

#[test]
fn a_run_with_added_seeds_and_trainings_reads_each_curve_once() {
    let folder = tempfile::tempdir().unwrap();
    let study = folder.path().join("study.toml");
    std::fs::write(&study, STUDY).unwrap();
    let options = OpenOptions::default().results(folder.path());
    let mut session = StudySession::open(&study, &options).unwrap();
    let run = RunOptions {
        worker: Some(program("fake-worker")),
        ..RunOptions::default()
    };
    let result = session.run(&run, &Control::new(), |_| ()).unwrap();
    let (seeds, curves) = (session.study().seeds.seeds().len(), result.outcome.finished);
    assert!(seeds > 5, "no seed was added to the first five");
    assert_eq!(curves, 2 * (seeds + seeds), "a range test and a training of each");
    assert_eq!(session.cache().files_read(), curves as u64);
    session.report().unwrap();
    assert_eq!(session.cache().files_read(), curves as u64);
}
