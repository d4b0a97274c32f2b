//! The devices of a run and their slots: which slot may take a trial now, and what failures mean for the devices.

#[cfg(test)]
mod tests;

use crate::device::autotune::{Autotuner, complete};
use crate::device::concurrency_limit::{ConcurrencyLimit, Shortage};
use crate::device::device_state::DeviceState;
use crate::device::gpu_memory::GpuMemory;
use crate::device::learned_slots::{HOST, Learned, LearnedSlots, Reason};
use crate::device::slot_state::{Occupancy, SlotState};
use crate::device::slots::Slot;
use crate::events::{Events, RunEvent};
use jiff::Timestamp;

/// How the machine is called where a device could stand.
const THIS_MACHINE: &str = "this machine";

/// A memory that trials share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SharedMemory {
    /// That of a CUDA device.
    Device,
    /// That of the machine.
    Host,
}

/// All slots and devices of a run. Slots and devices are named by their index.
#[derive(Debug)]
pub(crate) struct DevicePool {
    slots: Vec<SlotState>,
    devices: Vec<DeviceState>,
    /// Trials that share the machine's memory.
    host: ConcurrencyLimit,
    learned: LearnedSlots,
    autotuner: Autotuner,
    events: Events,
}

impl DevicePool {
    /// The devices of `slots`, with the limits that earlier runs of the study have learnt.
    pub(crate) fn new(slots: Vec<Slot>, learned: LearnedSlots, autotuner: Autotuner, events: Events) -> Self {
        let host = ConcurrencyLimit::new(slots.len());
        let mut devices: Vec<DeviceState> = Vec::new();
        let mut states = Vec::new();
        for slot in slots {
            let key = slot.device.key();
            let known = devices.iter().position(|device| device.key == key);
            let index = known.unwrap_or_else(|| {
                devices.push(DeviceState::new(slot.device.to_string(), key.to_owned()));
                devices.len() - 1
            });
            let limit = &mut devices[index].limit;
            limit.set(limit.most() + 1);
            states.push(SlotState::new(slot, index));
        }
        let mut pool = Self {
            slots: states,
            devices,
            host,
            learned,
            autotuner,
            events,
        };
        pool.apply_learned_limits();
        pool
    }

    /// Takes over how many trials a memory holds where it was short in an earlier run.
    fn apply_learned_limits(&mut self) {
        let host = (HOST, THIS_MACHINE, &mut self.host);
        let devices = self.devices.iter_mut();
        let devices = devices.map(|device| (device.key.as_str(), device.name.as_str(), &mut device.limit));
        for (key, name, limit) in devices.chain([host]) {
            let Some(known) = self.learned.of(key) else { continue };
            if known.reason == Reason::OutOfMemory && known.at_once < limit.most() {
                limit.set(known.at_once.max(1));
                self.events.send(RunEvent::SlotsReduced {
                    device: name.to_owned(),
                    slots: limit.most(),
                    file: self.learned.path().to_path_buf(),
                });
            }
        }
    }

    /// Begins to measure how many trials each device takes. To be called before any worker is started.
    pub(crate) async fn start_autotune(&mut self) {
        self.autotuner.start(&mut self.devices, &self.learned).await;
    }

    /// The slots, each at its index.
    pub(crate) fn slots(&self) -> impl ExactSizeIterator<Item = &Slot> {
        self.slots.iter().map(|state| &state.slot)
    }

    /// The slot of this index.
    pub(crate) fn slot(&self, slot: usize) -> Option<&Slot> {
        self.slots.get(slot).map(|state| &state.slot)
    }

    /// The device of a slot.
    pub(crate) fn device_of(&self, slot: usize) -> usize {
        self.slots[slot].device
    }

    /// The device of a slot as shown, for example `cuda:0`.
    pub(crate) fn device_name(&self, slot: usize) -> &str {
        &self.devices[self.device_of(slot)].name
    }

    /// The devices that still get trials.
    pub(crate) fn usable(&self) -> Vec<usize> {
        let is_usable = |index: &usize| self.devices[*index].is_usable();
        (0..self.devices.len()).filter(is_usable).collect()
    }

    /// How many trials are at work.
    pub(crate) fn running(&self) -> usize {
        self.slots.iter().filter(|slot| slot.is_occupied()).count()
    }

    fn running_on(&self, device: usize) -> usize {
        let here = |slot: &&SlotState| slot.device == device && slot.is_occupied();
        self.slots.iter().filter(here).count()
    }

    /// Whether a trial may begin in this slot: it is free, its device works, and the memories take one more.
    pub(crate) fn may_begin(&self, slot: usize) -> bool {
        let device = self.device_of(slot);
        !self.slots[slot].is_occupied()
            && self.devices[device].is_usable()
            && self.running_on(device) < self.devices[device].limit.most()
            && self.running() < self.host.most()
    }

    /// Takes note that a trial begins in this slot.
    pub(crate) fn begin(&mut self, slot: usize) {
        let device = self.device_of(slot);
        let state = &mut self.slots[slot];
        state.has_worker = true;
        state.occupancy = Some(Occupancy {
            device_generation: self.devices[device].limit.generation(),
            host_generation: self.host.generation(),
            device_neighbours: 0,
            host_neighbours: 0,
        });
        let (here, all) = (self.running_on(device), self.running());
        for state in &mut self.slots {
            if let Some(occupancy) = &mut state.occupancy {
                occupancy.host_neighbours = occupancy.host_neighbours.max(all - 1);
                if state.device == device {
                    occupancy.device_neighbours = occupancy.device_neighbours.max(here - 1);
                }
            }
        }
    }

    /// Takes note that the trial in this slot has ended; gives what it shared its memories with.
    pub(crate) fn end(&mut self, slot: usize) -> Option<Occupancy> {
        self.slots[slot].occupancy.take()
    }

    /// Takes note that the worker of this slot is gone.
    pub(crate) fn lost_worker(&mut self, slot: usize) {
        self.slots[slot].has_worker = false;
    }

    /// The slots whose workers train nothing and are not likely to, so that their memory should be free for the others;
    /// from now on they count as without one. `more_to_come` says whether there will be further trials.
    pub(crate) fn release_idle(&mut self, more_to_come: bool) -> Vec<usize> {
        let mut released = Vec::new();
        for slot in 0..self.slots.len() {
            let state = &self.slots[slot];
            let is_idle = state.has_worker && !state.is_occupied();
            if is_idle && !(more_to_come && self.is_worth_keeping(slot)) {
                self.slots[slot].has_worker = false;
                released.push(slot);
            }
        }
        released
    }

    /// Whether the memories hold the worker of this slot too. Of workers that are too many, those of later slots go.
    fn is_worth_keeping(&self, slot: usize) -> bool {
        let device = self.device_of(slot);
        let workers = || self.slots[..=slot].iter().filter(|state| state.has_worker);
        self.devices[device].is_usable()
            && workers().filter(|state| state.device == device).count() <= self.devices[device].limit.most()
            && workers().count() <= self.host.most()
    }

    /// Takes note that a trial in this slot has its curve.
    pub(crate) fn count_success(&mut self, slot: usize) {
        let device = self.device_of(slot);
        self.devices[device].count_success();
    }

    /// Takes note that the device of this slot did not start a worker or stopped working, as `message` says.
    pub(crate) fn count_failure(&mut self, slot: usize, message: &str) {
        let index = self.device_of(slot);
        let device = &mut self.devices[index];
        if device.count_failure() {
            self.events.send(RunEvent::DeviceExcluded {
                device: device.name.clone(),
                message: message.to_owned(),
            });
        }
    }

    /// Lowers the number of trials that share a memory which was short for the one in this slot, and remembers it for
    /// the study.
    pub(crate) fn shortage(&mut self, memory: SharedMemory, slot: usize, occupancy: &Occupancy) -> Shortage {
        let index = self.device_of(slot);
        let device = &mut self.devices[index];
        let (shortage, key, name) = match memory {
            SharedMemory::Device => {
                let limit = &mut device.limit;
                let shortage = limit.shortage(occupancy.device_generation, occupancy.device_neighbours);
                if shortage != Shortage::Alone {
                    device.search = None;
                }
                (shortage, device.key.as_str(), device.name.as_str())
            }
            SharedMemory::Host => {
                let shortage = self.host.shortage(occupancy.host_generation, occupancy.host_neighbours);
                (shortage, HOST, THIS_MACHINE)
            }
        };
        if let Shortage::Lowered(slots) = shortage {
            let known = Learned {
                at_once: slots,
                reason: Reason::OutOfMemory,
                at: Timestamp::now(),
                measures: Vec::new(),
            };
            self.learned.remember(key, known);
            self.events.send(RunEvent::SlotsReduced {
                device: name.to_owned(),
                slots,
                file: self.learned.path().to_path_buf(),
            });
        }
        shortage
    }

    /// Takes note of a step in this slot on so many images.
    pub(crate) fn step(&mut self, slot: usize, images: u64) {
        let device = self.device_of(slot);
        self.autotuner.step(device, &mut self.devices[device], slot, images);
    }

    /// The next measurement that can be completed; never ready while there is none. Nothing is lost when the future is
    /// dropped before it is ready.
    pub(crate) async fn next_measurement(&mut self) -> (usize, Option<GpuMemory>) {
        self.autotuner.next_answer().await
    }

    /// Draws the consequence of a measurement on `device`.
    pub(crate) fn complete_measurement(&mut self, device: usize, memory: Option<GpuMemory>) {
        complete(&mut self.devices[device], memory, &mut self.learned, &self.events);
    }
}
