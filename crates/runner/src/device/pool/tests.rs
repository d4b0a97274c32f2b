use super::*;
use crate::device::detect::Device;
use crate::store::identity::RunnerIdentity;
use seedband_core::files::layout::StudyDir;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A pool of one slot for each of `entries` of `CUDA_VISIBLE_DEVICES`, and what it tells.
fn pool(root: &tempfile::TempDir, entries: &[&str]) -> (DevicePool, UnboundedReceiver<RunEvent>) {
    let slot = |(index, entry): (usize, &&str)| Slot {
        index,
        device: Device::Cuda {
            index,
            entry: (*entry).to_owned(),
        },
        decoders: 1,
        cores: None,
    };
    let slots = entries.iter().enumerate().map(slot).collect();
    let learned = LearnedSlots::open(&StudyDir::new(root.path()), &RunnerIdentity::this_process());
    let autotuner = Autotuner::new("/no/such/program".into(), Duration::ZERO);
    let (sender, receiver) = unbounded_channel();
    (DevicePool::new(slots, learned, autotuner, Events(sender)), receiver)
}

fn may_begin(pool: &DevicePool) -> Vec<usize> {
    (0..pool.slots.len()).filter(|slot| pool.may_begin(*slot)).collect()
}

#[test]
fn slots_of_one_entry_share_a_device() {
    let root = tempfile::tempdir().unwrap();
    let (pool, _events) = pool(&root, &["GPU-a", "MIG-b", "GPU-a"]);
    assert_eq!([0, 1, 2].map(|slot| pool.device_of(slot)), [0, 1, 0]);
    let most: Vec<usize> = pool.devices.iter().map(|device| device.limit.most()).collect();
    assert_eq!((most, pool.host.most()), (vec![2, 1], 3));
}

#[test]
fn a_device_that_fails_again_and_again_is_excluded_and_told_once() {
    let root = tempfile::tempdir().unwrap();
    let (mut pool, mut events) = pool(&root, &["0", "1"]);
    for _ in 0..4 {
        pool.count_failure(0, "it is dead");
    }
    assert_eq!((pool.usable(), may_begin(&pool)), (vec![1], vec![1]));
    let RunEvent::DeviceExcluded { device, message } = events.try_recv().unwrap() else {
        panic!("another event")
    };
    assert_eq!((device.as_str(), message.as_str()), ("cuda:0", "it is dead"));
    assert!(events.try_recv().is_err());
}

#[test]
fn a_shortage_takes_a_slot_from_its_device_for_this_run_and_the_next() {
    let root = tempfile::tempdir().unwrap();
    let (mut first, mut events) = pool(&root, &["a", "b", "a"]);
    (0..3).for_each(|slot| first.begin(slot));
    let early = first.end(0).unwrap();
    assert_eq!((early.device_neighbours, early.host_neighbours), (1, 2));
    let shortage = first.shortage(SharedMemory::Device, 0, &early);
    assert_eq!((shortage, may_begin(&first)), (Shortage::Lowered(1), vec![]));
    // The other one on the device failed for the same reason.
    let other = first.end(2).unwrap();
    assert_eq!(
        first.shortage(SharedMemory::Device, 2, &other),
        Shortage::AlreadyLowered
    );
    assert_eq!(may_begin(&first), [0, 2]);
    first.begin(2);
    assert!(may_begin(&first).is_empty());
    assert!(matches!(events.try_recv(), Ok(RunEvent::SlotsReduced { slots: 1, .. })));
    assert!(events.try_recv().is_err());

    let (mut next, mut events) = pool(&root, &["a", "b", "a"]);
    next.begin(0);
    assert_eq!(may_begin(&next), [1]);
    let RunEvent::SlotsReduced { device, slots: 1, file } = events.try_recv().unwrap() else {
        panic!("another event")
    };
    assert!(device == "cuda:0" && file.is_file());
}

#[test]
fn idle_workers_are_released_where_nothing_more_comes_or_memory_was_short() {
    let root = tempfile::tempdir().unwrap();
    let (mut pool, _events) = pool(&root, &["a", "a", "a"]);
    (0..3).for_each(|slot| pool.begin(slot));
    assert!(pool.release_idle(true).is_empty());
    let ended = pool.end(0).unwrap();
    pool.end(1);
    pool.lost_worker(1);
    assert!(pool.release_idle(true).is_empty());
    pool.shortage(
        SharedMemory::Host,
        0,
        &Occupancy {
            host_neighbours: 1,
            ..ended
        },
    );
    pool.end(2);
    // One fits beside none: the first stays.
    assert_eq!(pool.release_idle(true), [2]);
    assert_eq!(pool.release_idle(false), [0]);
    assert!(pool.release_idle(false).is_empty());
}
