//! CUDA slots, as far as they can be seen without a device.

use crate::support::{Study, finish, on_devices, program_of};
use seedband_runner::{Machine, RunError, RunEvent, WorkerProgram};
use seedband_testkit::files::write_script;
use seedband_testkit::program;
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_does_not_work_leaves_the_others_to_run() {
    let study = Study::new();
    let job = study.job(0..12, 1, "*/*=slow:5");
    let bad = "[ \"$CUDA_VISIBLE_DEVICES\" = GPU-bad ] && exit 9";
    let job = on_devices(&study, job, &["GPU-bad", "7"], bad);
    let (result, events) = finish(job).await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.failed.len()), (12, 0), "{result:?}");
    let excluded: Vec<&RunEvent> = events
        .iter()
        .filter(|event| matches!(event, RunEvent::DeviceExcluded { .. }))
        .collect();
    let [RunEvent::DeviceExcluded { device, message }] = excluded[..] else {
        panic!("{excluded:?}")
    };
    assert_eq!(device, "cuda:0");
    assert!(message.contains("exit status 9"), "{message}");
    let ready = events.iter().find_map(|event| match event {
        RunEvent::SlotReady { slot, device, worker } => Some((*slot, device.as_str(), worker.as_str())),
        _ => None,
    });
    // The worker sees its device alone, and calls it the first.
    assert_eq!(ready, Some((1, "cuda:1", "fake-worker 0.2.0 on cuda:0 (no libraries)")));
    let logs: Vec<String> = (0..12).map(|seed| study.log(seed, 1)).collect();
    assert_eq!(
        logs.iter()
            .filter(|log| log.contains("on cuda:0, CUDA_VISIBLE_DEVICES=`7`"))
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_device_ends_the_run_before_it_writes() {
    let study = Study::new();
    let mut job = study.job(0..1, 1, "");
    job.settings.devices = "cuda".into();
    job.machine.cuda.clear();
    let (result, _) = finish(job).await;
    assert!(matches!(result, Err(RunError::Device(_))), "{result:?}");
    assert!(!study.dir.root().exists());
}

/// A worker that first writes its environment and the cores it may run on to its log.
fn telling(study: &Study) -> WorkerProgram {
    let script = study.beside("worker");
    let real = program("fake-worker");
    let commands = format!(
        "env >&2\ngrep Cpus_allowed_list: /proc/self/status >&2\nexec '{}' \"$@\"",
        real.display()
    );
    write_script(&script, &commands);
    WorkerProgram::new(script)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_worker_is_given_its_device_word_for_word() {
    let study = Study::new();
    let mut job = study.job(0..4, 1, "");
    *program_of(&mut job) = telling(&study);
    program_of(&mut job)
        .variables
        .push(("FAKE_WORKER".into(), "*/*=slow:20".into()));
    job.settings.devices = "cuda".into();
    let entries = [
        "3",
        "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6",
        "MIG-GPU-8932f937/1/0",
        "MIG-b2ad",
    ];
    job.machine.cuda = entries.map(str::to_owned).to_vec();
    job.machine.cores = 12;
    assert_eq!(finish(job).await.0.unwrap().finished, 4);
    for (slot, entry) in entries.iter().enumerate() {
        let log = study.log(slot as u64, 1);
        // What whoever runs the tests has set for all programs stays.
        let or_own = |key: &str, value: &str| format!("{key}={}", std::env::var(key).unwrap_or(value.into()));
        for line in [
            format!("CUDA_VISIBLE_DEVICES={entry}"),
            or_own("CUDA_DEVICE_ORDER", "PCI_BUS_ID"),
            format!("SEEDBAND_SLOT={slot}"),
            format!("SEEDBAND_DEVICE=cuda:{slot}"),
            or_own("OMP_NUM_THREADS", "3"),
            or_own("RAYON_NUM_THREADS", "3"),
        ] {
            assert_eq!(log.lines().filter(|said| **said == line).count(), 1, "{line} in {log}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_are_bound_to_their_cores_where_asked() {
    let own = std::fs::read_to_string("/proc/self/status").unwrap();
    let own = own
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))
        .unwrap();
    for pin in [false, true] {
        let study = Study::new();
        let mut job = study.job(0..2, 2, "");
        *program_of(&mut job) = telling(&study);
        program_of(&mut job)
            .variables
            .push(("FAKE_WORKER".into(), "*/*=slow:20".into()));
        job.settings.pin_cores = pin;
        let cores = job.machine.core_ids.clone();
        let (first, last) = (cores[0], cores[cores.len() - 1]);
        // The first and the last core, which are one where there is but one.
        job.machine.core_ids = vec![first, last];
        assert_eq!(finish(job).await.0.unwrap().finished, 2);
        for (seed, core) in [(0, first), (1, last)] {
            let expected = if pin { core.to_string() } else { own.trim().to_owned() };
            let log = study.log(seed, 1);
            let allowed = log.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
            assert_eq!(allowed.map(str::trim), Some(expected.as_str()), "{log}");
        }
    }
}

const DETECTED: &str = "SEEDBAND_TEST_DETECTED";

/// Not a test by itself: writes the devices that are found into the file that the variable names.
#[test]
fn as_a_detector() {
    if let Ok(path) = std::env::var(DETECTED) {
        let Machine { cuda, cuda_source, .. } = Machine::detect();
        std::fs::write(path, format!("{} by {cuda_source}", cuda.join(" "))).unwrap();
    }
}

#[test]
fn devices_are_found_by_the_variable_or_by_the_driver() {
    let study = Study::new();
    let folder = study.beside("bin");
    std::fs::create_dir(&folder).unwrap();
    let commands = "[ \"$*\" = -L ] || exit 9\ncat <<'END'\nGPU 0: NVIDIA H200 (UUID: GPU-1)\n  \
                MIG 3g.71gb     Device  0: (UUID: MIG-1)\n  MIG 3g.71gb     Device  1: (UUID: MIG-2)\n\
                GPU 1: NVIDIA H200 (UUID: GPU-2)\nEND";
    write_script(&folder.join("nvidia-smi"), commands);
    let path = std::env::join_paths([folder, "/usr/bin".into(), "/bin".into()]).unwrap();
    let found = |visible: Option<&str>| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "devices::as_a_detector"])
            .env("PATH", &path)
            .env(DETECTED, study.beside("detected"))
            .env_remove("CUDA_VISIBLE_DEVICES");
        command.envs(visible.map(|list| ("CUDA_VISIBLE_DEVICES", list)));
        assert!(command.output().unwrap().status.success());
        std::fs::read_to_string(study.beside("detected")).unwrap()
    };
    assert_eq!(found(None), "MIG-1 MIG-2 GPU-2 by nvidia-smi -L");
    assert_eq!(found(Some("1, MIG-1,1")), "1 MIG-1 by CUDA_VISIBLE_DEVICES");
    assert_eq!(found(Some("")), " by CUDA_VISIBLE_DEVICES");
}
