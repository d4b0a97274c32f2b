//! A worker that the kernel kills for want of memory: a control group with little of it, and this test program run
//! inside: see [`as_a_runner`].

use crate::support::{Study, job, outcome, watched, with_shared_folder, work};
use seedband_core::files::layout::StudyDir;
use seedband_core::protocol::FailureClass;
use seedband_runner::RunEvent;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const STUDY: &str = "SEEDBAND_TEST_SHORT_STUDY";
const SAID: &str = "SEEDBAND_TEST_SHORT_SAID";

/// A control group of cgroup v1 with 200 MiB, removed when dropped.
struct Group(PathBuf);

impl Group {
    /// None where nobody may make one.
    fn new() -> Option<Self> {
        let path = Path::new("/sys/fs/cgroup/memory").join(format!("seedband-test-{}", std::process::id()));
        fs::create_dir(&path).ok()?;
        let group = Self(path);
        fs::write(group.0.join("memory.limit_in_bytes"), "209715200").ok()?;
        Some(group)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

/// Not a test by itself: a runner whose second trial needs more memory than there is, once.
#[test]
fn as_a_runner() {
    let (Ok(study), Ok(said)) = (std::env::var(STUDY), std::env::var(SAID)) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let outcome = runtime.block_on(async {
        let beside = Study::new();
        let mut job = with_shared_folder(
            &beside,
            job(
                StudyDir::new(study),
                work(0..4),
                2,
                "*/1=times:1:allocate:400;*/*=slow:5",
            ),
        );
        job.settings.retries = 1;
        let (result, events) = watched(job, |_, _| ()).await;
        let of = |event: &RunEvent| match event {
            RunEvent::TrialRetried { class, .. } => Some(*class),
            _ => None,
        };
        let put_off: Vec<FailureClass> = events.iter().filter_map(of).collect();
        format!("finished {} put off {put_off:?}", result.unwrap().finished)
    });
    fs::write(said, outcome).unwrap();
}

/// Where no control group can be made, as in most containers, or where it is cgroup v2, this says so and checks
/// nothing.
#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stderr, reason = "a test that checks nothing has to say so")]
async fn a_worker_killed_for_want_of_memory_is_told_from_one_that_was_killed() {
    let Some(group) = Group::new() else {
        eprintln!("this machine lets nobody make a control group: want of memory is not tried");
        return;
    };
    let (study, whole) = (Study::new(), Study::new());
    outcome(whole.job(0..4, 1, "")).await;
    let status = Command::new("sh")
        .args(["-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\""])
        .arg(&group.0)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "memory::as_a_runner", "--nocapture"])
        .env(STUDY, study.dir.root())
        .env(SAID, study.beside("said"))
        .status()
        .unwrap();
    assert!(status.success());
    let said = fs::read_to_string(study.beside("said")).unwrap();
    assert_eq!(said, "finished 4 put off [HostOutOfMemory]");
    assert_eq!(study.curves(), whole.curves());
}
