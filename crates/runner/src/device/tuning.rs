//! How many trials each device takes at once: what is known from earlier runs, and what is measured in this one.

use crate::device::autotune::{Next, Probe};
use crate::device::gpu_memory::{GpuMemory, gpu_memory};
use crate::device::slot_memory::{HOST, Known, Reason};
use crate::engine::dispatcher::Dispatcher;
use crate::engine::failure_handling::THIS_MACHINE;
use crate::events::RunEvent;
use jiff::Timestamp;

impl Dispatcher<'_> {
    /// Takes over from earlier runs of the study how many trials a memory holds.
    pub(crate) fn recall(&mut self) {
        let fleet = &mut self.fleet;
        let machine = (HOST, THIS_MACHINE, &mut fleet.host);
        let devices = fleet
            .devices
            .iter_mut()
            .map(|device| (device.key.as_str(), device.name.as_str(), &mut device.crowd));
        for (key, name, crowd) in devices.chain([machine]) {
            let Some(known) = self.memory.of(key) else { continue };
            if known.reason == Reason::OutOfMemory && known.at_once < crowd.most() {
                crowd.allow(known.at_once.max(1));
                self.events.send(RunEvent::Fewer {
                    device: name.to_owned(),
                    slots: crowd.most(),
                    memory: self.memory.path().to_path_buf(),
                });
            }
        }
    }

    /// Begins to measure the devices of which nothing is known yet. To be called before any worker is started.
    pub(crate) async fn start_probes(&mut self) {
        for device in &mut self.fleet.devices {
            if let Some(known) = self.memory.of(&device.key) {
                device.crowd.allow(known.at_once.clamp(1, device.crowd.most()));
                continue;
            }
            let before = gpu_memory(&self.smi, &device.key).await;
            device.probe = Some(Probe::new(device.crowd.most(), self.limits.patience.measure, before));
            device.crowd.allow(1);
        }
    }

    /// Takes note of a step in `slot` on so many images.
    pub(crate) fn probe_step(&mut self, device: usize, slot: usize, images: u64) {
        let state = &mut self.fleet.devices[device];
        let Some(probe) = &mut state.probe else { return };
        if probe.step(slot, images, self.began.elapsed()) {
            let (smi, key) = (self.smi.clone(), state.key.clone());
            self.measuring
                .spawn(async move { (device, gpu_memory(&smi, &key).await) });
        }
    }

    /// Draws the consequence of a measurement.
    pub(crate) fn measured(&mut self, device: usize, memory: Option<GpuMemory>) {
        let state = &mut self.fleet.devices[device];
        let Some(mut probe) = state.probe.take() else { return };
        let next = probe.measured(memory);
        let Some(measure) = probe.measures().last().cloned() else {
            return;
        };
        let (at_once, settled) = match next {
            Next::Try(at_once) => (at_once, false),
            Next::Keep(at_once) => (at_once, true),
        };
        state.crowd.allow(at_once);
        if settled {
            let known = Known {
                at_once,
                reason: Reason::Measured,
                at: Timestamp::now(),
                measures: probe.measures().to_vec(),
            };
            self.memory.remember(&state.key, known);
        } else {
            state.probe = Some(probe);
        }
        self.events.send(RunEvent::Measured {
            device: state.name.clone(),
            at_once: measure.at_once,
            images_per_second: measure.images_per_second,
            next: at_once,
            settled,
        });
    }
}
