//! Measuring, in a run, how many trials each of its devices takes at once.

use crate::device::device_state::DeviceState;
use crate::device::gpu_memory::{GpuMemory, gpu_memory};
use crate::device::learned_slots::{Learned, LearnedSlots, Reason};
use crate::device::slot_search::{Decision, SlotSearch};
use crate::events::{Events, RunEvent};
use crate::os::suspend_clock::ActiveInstant;
use jiff::Timestamp;
use std::path::PathBuf;
use std::time::Duration;
use tokio::task::JoinSet;

/// Runs the [`SlotSearch`] of each device: feeds it steps, and asks for memory where a measurement is complete.
#[derive(Debug)]
pub(crate) struct Autotuner {
    /// `nvidia-smi`, or what speaks like it.
    smi: PathBuf,
    /// Time that a measurement takes at least.
    least: Duration,
    /// When the run began.
    began: ActiveInstant,
    /// Devices, by index, whose memory is being asked for.
    queries: JoinSet<(usize, Option<GpuMemory>)>,
}

impl Autotuner {
    /// Asks `smi` for memory, and lets each measurement take `least` or longer.
    pub(crate) fn new(smi: PathBuf, least: Duration) -> Self {
        Self {
            smi,
            least,
            began: ActiveInstant::now(),
            queries: JoinSet::new(),
        }
    }

    /// Begins to measure the devices of which nothing is known yet. To be called before any worker is started.
    pub(crate) async fn start(&self, devices: &mut [DeviceState], learned: &LearnedSlots) {
        for device in devices {
            if let Some(known) = learned.of(&device.key) {
                device.limit.set(known.at_once.clamp(1, device.limit.most()));
                continue;
            }
            let before = gpu_memory(&self.smi, &device.key).await;
            device.search = Some(SlotSearch::new(device.limit.most(), self.least, before));
            device.limit.set(1);
        }
    }

    /// Takes note of a step in `slot`, on `device`, whose index is `index`, on so many images.
    pub(crate) fn step(&mut self, index: usize, device: &mut DeviceState, slot: usize, images: u64) {
        let Some(search) = &mut device.search else { return };
        if search.step(slot, images, self.began.elapsed()) {
            let (smi, key) = (self.smi.clone(), device.key.clone());
            self.queries.spawn(async move { (index, gpu_memory(&smi, &key).await) });
        }
    }

    /// The next device whose memory is known, by index, and what is known of it. Never ready while none is asked for.
    /// Nothing is lost when the future is dropped before it is ready.
    pub(crate) async fn next_answer(&mut self) -> (usize, Option<GpuMemory>) {
        loop {
            match self.queries.join_next().await {
                Some(Ok(answer)) => return answer,
                Some(Err(error)) => tracing::warn!(%error, "the memory of a device was not asked for"),
                None => std::future::pending().await,
            }
        }
    }
}

/// Draws the consequence of a measurement that was complete but for `memory`.
pub(crate) fn complete(
    device: &mut DeviceState,
    memory: Option<GpuMemory>,
    learned: &mut LearnedSlots,
    events: &Events,
) {
    let Some(mut search) = device.search.take() else {
        return;
    };
    let decision = search.complete(memory);
    let Some(throughput) = search.measured().last().cloned() else {
        return;
    };
    let (next, settled) = match decision {
        Decision::Try(at_once) => (at_once, false),
        Decision::Keep(at_once) => (at_once, true),
    };
    device.limit.set(next);
    if settled {
        let known = Learned {
            at_once: next,
            reason: Reason::Measured,
            at: Timestamp::now(),
            measures: search.measured().to_vec(),
        };
        learned.remember(&device.key, known);
    } else {
        device.search = Some(search);
    }
    events.send(RunEvent::SlotsMeasured {
        device: device.name.clone(),
        at_once: throughput.at_once,
        images_per_second: throughput.images_per_second,
        next,
        settled,
    });
}
