//! What a failure means for its trial, its device and the slots there are.

use crate::device::concurrency_limit::Short;
use crate::device::detect::Device;
use crate::device::slot_memory::{HOST, Known, Reason};
use crate::device::slot_state::Running;
use crate::engine::completion::Result as Came;
use crate::engine::dispatcher::Dispatcher;
use crate::engine::retry_policy::{Memory, Policy};
use crate::events::RunEvent;
use crate::failure::Failure;
use crate::outcome::RunError;
use jiff::Timestamp;
use seedband_core::protocol::FailureClass;
use std::time::Duration;

/// How the machine is called where a device could stand.
pub(crate) const THIS_MACHINE: &str = "this machine";

impl Dispatcher<'_> {
    /// Decides whether the trial is tried again, and draws the consequences for its device.
    pub(crate) fn judge(&mut self, slot: usize, running: &mut Running, failure: Failure) -> Came {
        let place = &self.places[slot];
        let device = place.device;
        let class = match (failure.class, &place.slot.device) {
            // A worker names its device's memory, and the CPU's is the machine's.
            (FailureClass::OutOfMemory, Device::Cpu { .. }) => FailureClass::HostOutOfMemory,
            (class, _) => class,
        };
        let failure = Failure { class, ..failure };
        let again = match Policy::of(class) {
            Policy::Fail => None,
            Policy::Retry => self.retry(device, running),
            Policy::Fewer(memory) => match self.short_of(memory, device, running) {
                Short::Lowered(_) | Short::Since => Some(Duration::ZERO),
                Short::Alone => self.retry(device, running),
            },
            Policy::Elsewhere => {
                running.task.failed_on.push(device);
                self.strike(device, running, &failure);
                Some(Duration::ZERO)
            }
        };
        Came::Failed { failure, again }
    }

    /// One more retry, if one is left: after which pause.
    fn retry(&self, device: usize, running: &mut Running) -> Option<Duration> {
        let task = &mut running.task;
        if task.retries >= self.limits.retries {
            return None;
        }
        task.retries += 1;
        task.failed_on.push(device);
        Some(self.limits.pause(task.retries))
    }

    /// Lowers the number of trials that share a memory which was short, and remembers it for the study.
    fn short_of(&mut self, memory: Memory, device: usize, running: &Running) -> Short {
        let (of_device, of_host) = running.stamps;
        // Those that have ended in the meantime count: they were there when memory was asked for.
        let (neighbours, all_others) = running.beside;
        let (short, key, name) = match memory {
            Memory::Device => {
                let device = &mut self.fleet.devices[device];
                let short = device.crowd.short(of_device, neighbours);
                if short != Short::Alone {
                    device.probe = None;
                }
                (short, device.key.clone(), device.name.clone())
            }
            Memory::Host => {
                let short = self.fleet.host.short(of_host, all_others);
                (short, HOST.to_owned(), THIS_MACHINE.to_owned())
            }
        };
        if let Short::Lowered(slots) = short {
            let known = Known {
                at_once: slots,
                reason: Reason::OutOfMemory,
                at: Timestamp::now(),
                measures: Vec::new(),
            };
            self.memory.remember(&key, known);
            self.events.send(RunEvent::Fewer {
                device: name,
                slots,
                memory: self.memory.path().to_path_buf(),
            });
        }
        short
    }

    /// Takes note that a device did not start a worker or stopped working.
    fn strike(&mut self, device: usize, running: &Running, failure: &Failure) {
        let device = &mut self.fleet.devices[device];
        if device.strike() {
            self.events.send(RunEvent::DeviceSetAside {
                device: device.name.clone(),
                message: failure.message.clone(),
            });
        }
        if self.fleet.usable().is_empty() {
            self.no_device = Some(RunError::NoDevice {
                message: failure.message.clone(),
                log: running.open.log(),
            });
        }
    }
}
