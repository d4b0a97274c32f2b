//! The devices of a run: how many trials each takes at once, and which have been set aside.

use crate::device::autotune::Probe;
use crate::device::concurrency_limit::Crowd;
use crate::device::slots::Slot;

/// After so many failures to start or to work in a row, with no curve in between, a device gets no further trial.
const MOST_STRIKES: u32 = 3;

/// A device of the run.
#[derive(Debug)]
pub(crate) struct DeviceState {
    /// As shown, for example `cuda:0`.
    pub(crate) name: String,
    /// What tells it from others in the memory of the study: `cpu`, or its entry in `CUDA_VISIBLE_DEVICES`.
    pub(crate) key: String,
    /// Trials that share its memory.
    pub(crate) crowd: Crowd,
    /// How many it should take, where that is being measured.
    pub(crate) probe: Option<Probe>,
    strikes: u32,
}

impl DeviceState {
    /// Whether it still gets trials.
    pub(crate) fn is_usable(&self) -> bool {
        self.strikes < MOST_STRIKES
    }

    /// Takes note that it did not start a worker, or stopped working; true if that sets it aside.
    pub(crate) fn strike(&mut self) -> bool {
        self.strikes += 1;
        self.strikes == MOST_STRIKES
    }

    /// Takes note that it has trained a trial to its end. One that was set aside in the meantime stays so.
    pub(crate) fn works(&mut self) {
        if self.is_usable() {
            self.strikes = 0;
        }
    }
}

/// All devices of the run.
#[derive(Debug)]
pub(crate) struct Fleet {
    pub(crate) devices: Vec<DeviceState>,
    /// Trials that share the machine's memory.
    pub(crate) host: Crowd,
}

impl Fleet {
    /// The devices of `slots`, and of each slot the index of its device.
    pub(crate) fn new(slots: &[Slot]) -> (Self, Vec<usize>) {
        let mut devices: Vec<DeviceState> = Vec::new();
        let mut indices = Vec::new();
        for slot in slots {
            let key = slot.device.key();
            let index = devices.iter().position(|device| device.key == key);
            let index = index.unwrap_or_else(|| {
                devices.push(DeviceState {
                    name: slot.device.to_string(),
                    key: key.to_owned(),
                    crowd: Crowd::new(0),
                    probe: None,
                    strikes: 0,
                });
                devices.len() - 1
            });
            let crowd = &mut devices[index].crowd;
            crowd.allow(crowd.most() + 1);
            indices.push(index);
        }
        let host = Crowd::new(slots.len());
        (Self { devices, host }, indices)
    }

    /// Indices of the devices that still get trials.
    pub(crate) fn usable(&self) -> Vec<usize> {
        let usable = |index: &usize| self.devices[*index].is_usable();
        (0..self.devices.len()).filter(usable).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::detect::Device;

    fn fleet(entries: &[&str]) -> (Fleet, Vec<usize>) {
        let slot = |(index, entry): (usize, &&str)| Slot {
            index,
            device: Device::Cuda {
                index,
                entry: (*entry).to_owned(),
            },
            decoders: 1,
            cores: None,
        };
        Fleet::new(&entries.iter().enumerate().map(slot).collect::<Vec<_>>())
    }

    #[test]
    fn slots_of_one_entry_share_a_device() {
        let (fleet, of_slots) = fleet(&["GPU-a", "MIG-b", "GPU-a"]);
        assert_eq!(of_slots, [0, 1, 0]);
        let most: Vec<usize> = fleet.devices.iter().map(|device| device.crowd.most()).collect();
        assert_eq!((most, fleet.host.most()), (vec![2, 1], 3));
    }

    #[test]
    fn three_strikes_without_a_curve_set_a_device_aside() {
        let (mut fleet, _) = fleet(&["0", "1"]);
        let device = &mut fleet.devices[0];
        assert!(!device.strike() && !device.strike());
        device.works();
        assert!(!device.strike() && !device.strike() && device.strike() && !device.strike());
        device.works();
        assert_eq!(fleet.usable(), [1]);
    }
}
