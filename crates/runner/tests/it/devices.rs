//! CUDA slots, as far as they can be seen without a device.

use crate::support::{Study, finish, on_devices};
use seedband_runner::{RunError, RunEvent};

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_does_not_work_leaves_the_others_to_run() {
    let study = Study::new();
    let job = study.job(0..12, 1, "*/*=slow:5");
    let bad = "[ \"$CUDA_VISIBLE_DEVICES\" = GPU-bad ] && exit 9";
    let job = on_devices(&study, job, &["GPU-bad", "7"], bad);
    let (result, events) = finish(job).await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.failed.len()), (12, 0), "{result:?}");
    let set_aside: Vec<&RunEvent> = events
        .iter()
        .filter(|event| matches!(event, RunEvent::DeviceSetAside { .. }))
        .collect();
    let [RunEvent::DeviceSetAside { device, message }] = set_aside[..] else {
        panic!("{set_aside:?}")
    };
    assert_eq!(device, "cuda:0");
    assert!(message.contains("exit status 9"), "{message}");
    let ready = events.iter().find_map(|event| match event {
        RunEvent::SlotReady { slot, device, worker } => Some((*slot, device.as_str(), worker.as_str())),
        _ => None,
    });
    // The worker sees its device alone, and calls it the first.
    assert_eq!(ready, Some((1, "cuda:1", "fake-worker 0.1.0 on cuda:0 (no libraries)")));
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
