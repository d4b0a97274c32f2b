//! Slots by measurement, on CUDA devices that are none: workers that speed each other up or not, and an `nvidia-smi` of
//! a few lines.

use crate::support::{Study, finish, on_devices, outcome, with_shared_folder};
use seedband_core::settings::GpuSlots;
use seedband_runner::{Job, RunEvent};
use seedband_testkit::files::write_script;
use std::time::Duration;

/// A job whose slots are measured on these devices. Each trial takes `mib` of a device's 10,000 MiB.
fn job(study: &Study, seeds: u64, devices: &[&str], script: &str, mib: u32) -> Job {
    let job = with_shared_folder(study, study.job(0..seeds, 1, script));
    let mut job = on_devices(study, job, devices, "");
    job.settings.gpu_slots = GpuSlots::Auto;
    job.timeouts.measure = Duration::from_millis(200);
    job.smi = study.beside("smi");
    // It is asked before the first worker starts, and then once for each number of trials, which doubles each time.
    let calls = study.beside("calls").display().to_string();
    write_script(
        &job.smi,
        &format!(
            "echo >> '{calls}'; calls=$(wc -l < '{calls}')\n\
             [ $calls = 1 ] && echo 0, 10000 || echo $(({mib} << (calls - 2))), 10000"
        ),
    );
    job
}

fn measured(events: &[RunEvent]) -> Vec<(String, usize, usize, bool)> {
    let of = |event: &RunEvent| match event {
        RunEvent::SlotsMeasured {
            device,
            at_once,
            images_per_second,
            next,
            settled,
        } => {
            assert!(*images_per_second > 0.0);
            Some((device.clone(), *at_once, *next, *settled))
        }
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

fn most_at_once(events: &[RunEvent]) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for event in events {
        match event {
            RunEvent::TrialStarted { .. } => now += 1,
            RunEvent::TrialFinished { .. } => now -= 1,
            _ => {}
        }
        most = most.max(now);
    }
    most
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_not_fit_is_not_tried_whatever_the_speed() {
    let study = Study::new();
    let (result, events) = finish(job(&study, 30, &["GPU-a"], "*/*=slow:2", 6000)).await;
    assert_eq!(result.unwrap().finished, 30);
    assert_eq!(measured(&events), [("cuda:0".to_owned(), 1, 1, true)]);
    assert_eq!(most_at_once(&events), 1);
}

/// Two fit and four do not; whether two are faster than one is for the clock to say.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_measured_is_kept_and_the_next_run_knows() {
    let (study, whole) = (Study::new(), Study::new());
    outcome(whole.job(0..70, 2, "")).await;
    let (result, events) = finish(job(&study, 60, &["GPU-a"], "*/*=slow:2", 3000)).await;
    assert_eq!(result.unwrap().finished, 60);
    let measured_then = measured(&events);
    assert_eq!(measured_then[0], ("cuda:0".to_owned(), 1, 2, false));
    assert_eq!(
        (measured_then.len(), measured_then[1].1, measured_then[1].3),
        (2, 2, true)
    );
    assert_eq!(most_at_once(&events), 2);
    let kept = measured_then[1].2;

    let (result, events) = finish(job(&study, 70, &["GPU-a"], "*/*=slow:2", 3000)).await;
    assert_eq!(result.unwrap().finished, 10);
    assert!(measured(&events).is_empty());
    assert_eq!(most_at_once(&events), kept);
    assert_eq!(study.curves(), whole.curves());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_device_is_measured_by_itself_and_memory_that_was_short_ends_it() {
    let study = Study::new();
    let mut job = job(&study, 80, &["GPU-a", "MIG-b"], "*/*=at-most:1", 100);
    // Of memory nothing is known here.
    write_script(&job.smi, "exit 6");
    job.settings.retries = 0;
    let (result, events) = finish(job).await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.failed.len()), (80, 0), "{result:?}");
    for device in ["cuda:0", "cuda:1"] {
        let own: Vec<_> = measured(&events)
            .into_iter()
            .filter(|(name, ..)| name == device)
            .collect();
        assert_eq!(own, [(device.to_owned(), 1, 2, false)]);
        let of =
            |event: &&RunEvent| matches!(event, RunEvent::SlotsReduced { device: of, slots: 1, .. } if of == device);
        assert_eq!(events.iter().filter(of).count(), 1);
    }
}
