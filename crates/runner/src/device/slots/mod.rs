//! Places for workers: so many on each device.

#[cfg(test)]
mod tests;

use crate::device::detect::{Device, Machine};
use crate::os::cores;
use seedband_core::settings::{Devices, GpuSlots, Run};

/// Makes glibc's allocator keep the memory of a worker on the CPU until it ends (mallopt(3)). Activations of tens of
/// MiB are freed and asked for again in every step; by default each is a mapping of its own, and the kernel clears all
/// its pages each time. Losses are not touched. What it is worth: docs/performance.md.
const KEEP_MEMORY: [(&str, &str); 3] = [
    ("MALLOC_MMAP_MAX_", "0"),
    // 100 GB free at the top before any goes back.
    ("MALLOC_TRIM_THRESHOLD_", "100000000000"),
    ("MALLOC_TOP_PAD_", "67108864"),
];

/// Trials at once on a CUDA device up to which `gpu-slots = "auto"` goes.
const MOST_MEASURED: usize = 16;

/// What limits the threads of arithmetic libraries. MKL and `OpenBLAS` follow `OpenMP`'s where they have none of their
/// own.
const THREADS: [&str; 3] = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"];

/// A place for one worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Counted from 0.
    pub index: usize,
    /// What its worker computes on.
    pub device: Device,
    /// Threads its worker may decode images with: its share of the cores.
    pub decoders: usize,
    /// The cores its worker is bound to; none where it may use all that the runner may.
    pub cores: Option<Vec<usize>>,
}

impl Slot {
    /// Arguments of its worker.
    pub fn arguments(&self) -> Vec<String> {
        match &self.device {
            Device::Cpu { threads } => vec!["--device".into(), "cpu".into(), "--threads".into(), threads.to_string()],
            // The worker sees this device alone.
            Device::Cuda { .. } => vec!["--device".into(), "cuda:0".into()],
        }
    }

    /// Environment variables of its worker. Those that only improve on a default leave alone what the user has set.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        self.variables_beside(|key| std::env::var_os(key).is_some())
    }

    /// The same, where `has` says what the user has set.
    fn variables_beside(&self, has: impl Fn(&str) -> bool) -> Vec<(&'static str, String)> {
        let share = || self.decoders.to_string();
        let mut set = vec![
            ("SEEDBAND_SLOT", self.index.to_string()),
            ("SEEDBAND_DEVICE", self.device.to_string()),
        ];
        let mut improved = vec![("RAYON_NUM_THREADS", share())];
        match &self.device {
            Device::Cpu { threads } => {
                set.extend(THREADS.map(|key| (key, threads.to_string())));
                set.push(("CUDA_VISIBLE_DEVICES", String::new()));
                improved.extend(KEEP_MEMORY.map(|(key, value)| (key, value.to_owned())));
            }
            Device::Cuda { entry, .. } => {
                set.push(("CUDA_VISIBLE_DEVICES", entry.clone()));
                // Indices then mean the same device here, in nvidia-smi and in the worker. An order that the user has
                // set is the one in which the indices of `CUDA_VISIBLE_DEVICES` were meant.
                improved.push(("CUDA_DEVICE_ORDER", "PCI_BUS_ID".into()));
                // By default each worker would start a thread for each core of the machine.
                if !has(THREADS[0]) {
                    improved.extend(THREADS.map(|key| (key, share())));
                }
            }
        }
        set.extend(improved.into_iter().filter(|(key, _)| !has(key)));
        set
    }
}

/// Devices asked for that are not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// There is none at all.
    #[error("`{asked}` asks for a CUDA device, but {source_of_truth} shows none; use `devices = \"cpu\"` in `[run]`")]
    None {
        /// `run.devices`.
        asked: String,
        /// What was asked for devices.
        source_of_truth: &'static str,
    },
    /// One of the list is missing.
    #[error("there is no `cuda:{index}` (visible, by {source_of_truth}: {found}); use `devices = \"cuda\"` in `[run]`")]
    Missing {
        /// Its index.
        index: usize,
        /// What was asked for devices.
        source_of_truth: &'static str,
        /// The visible devices.
        found: String,
    },
    /// `run.devices` cannot be read.
    #[error(
        "`{asked}` is none of the known devices (known: `auto`, `cpu`, `cuda`, `cuda:<index>,<index>`); use `auto`"
    )]
    Unknown {
        /// `run.devices`.
        asked: String,
    },
}

/// The slots of `settings` on `machine`, at most one for each of `trials`. Slots of several devices take turns, so few
/// trials spread over all.
///
/// # Errors
/// A CUDA device that is asked for is not visible.
pub fn slots(settings: &Run, machine: &Machine, trials: usize) -> Result<Vec<Slot>, DeviceError> {
    let mut devices = devices(settings, machine)?;
    devices.truncate(trials);
    let count = devices.len();
    let is_ceiling = settings.gpu_slots == GpuSlots::Auto && matches!(devices.first(), Some(Device::Cuda { .. }));
    // Of slots that are measured few are used in the end: four of sixteen is a guess, and only how fast images are
    // decoded depends on it.
    let sharing = if is_ceiling { count.div_ceil(4) } else { count };
    let decoders = (machine.cores / sharing.max(1)).max(1);
    let cores = |index, device: &Device| {
        let threads = match device {
            Device::Cpu { threads } => *threads,
            Device::Cuda { .. } => decoders,
        };
        let block = cores::block(&machine.core_ids, count, index, threads);
        Some(block).filter(|block| settings.pin_cores && !block.is_empty())
    };
    let numbered = devices.into_iter().enumerate();
    Ok(numbered
        .map(|(index, device)| Slot {
            index,
            cores: cores(index, &device),
            device,
            decoders,
        })
        .collect())
}

/// The device of each slot.
fn devices(settings: &Run, machine: &Machine) -> Result<Vec<Device>, DeviceError> {
    let asked = settings.devices.as_str();
    let every = || (0..machine.cuda.len()).collect::<Vec<_>>();
    let indices = match Devices::parse(asked) {
        Some(Devices::Cpu) => return Ok(cpu(settings, machine)),
        Some(Devices::Auto) if machine.cuda.is_empty() => return Ok(cpu(settings, machine)),
        Some(Devices::Auto | Devices::Cuda) => every(),
        Some(Devices::Listed(indices)) => indices,
        None => {
            return Err(DeviceError::Unknown {
                asked: asked.to_owned(),
            });
        }
    };
    if machine.cuda.is_empty() {
        return Err(DeviceError::None {
            asked: asked.to_owned(),
            source_of_truth: machine.cuda_source,
        });
    }
    let mut named: Vec<Device> = Vec::new();
    for index in indices {
        let entry = machine.cuda.get(index).cloned().ok_or_else(|| DeviceError::Missing {
            index,
            source_of_truth: machine.cuda_source,
            found: every()
                .iter()
                .map(|index| format!("`cuda:{index}`"))
                .collect::<Vec<_>>()
                .join(", "),
        })?;
        let device = Device::Cuda { index, entry };
        if !named.contains(&device) {
            named.push(device);
        }
    }
    let rounds = match settings.gpu_slots {
        GpuSlots::Count(count) => count.max(1) as usize,
        GpuSlots::Auto => MOST_MEASURED,
    };
    Ok(std::iter::repeat_n(named, rounds).flatten().collect())
}

fn cpu(settings: &Run, machine: &Machine) -> Vec<Device> {
    let threads = settings.threads.max(1) as usize;
    let count = settings
        .cpu_slots
        .map_or((machine.cores / threads).max(1), |slots| slots.max(1) as usize);
    vec![Device::Cpu { threads }; count]
}
