//! A slot as the pool of devices sees it: whether a trial is at work in it, and whether it has a worker.

use crate::device::slots::Slot;

/// A slot and what is in it.
#[derive(Debug)]
pub(crate) struct SlotState {
    pub(crate) slot: Slot,
    /// Index of its device.
    pub(crate) device: usize,
    /// The trial at work.
    pub(crate) occupancy: Option<Occupancy>,
    /// Whether it may have a worker.
    pub(crate) has_worker: bool,
}

/// What a trial shares its memories with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Occupancy {
    /// The generations of the limits of its device and of the machine when it began.
    pub(crate) device_generation: u32,
    pub(crate) host_generation: u32,
    /// The most trials that were at work beside it since it began, on its device and on the machine. Those that have
    /// ended in the meantime count: they were there when memory was asked for.
    pub(crate) device_neighbours: usize,
    pub(crate) host_neighbours: usize,
}

impl SlotState {
    /// An empty slot.
    pub(crate) fn new(slot: Slot, device: usize) -> Self {
        Self {
            slot,
            device,
            occupancy: None,
            has_worker: false,
        }
    }

    /// Whether a trial is at work in it.
    pub(crate) fn is_occupied(&self) -> bool {
        self.occupancy.is_some()
    }
}
