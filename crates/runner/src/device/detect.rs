//! The devices there are.

use crate::os::ask::{LIMIT, ask_program, program_on_path};
use crate::os::{cores, memory};
use std::fmt;
use std::num::NonZero;
use std::process::Command;
use std::thread::available_parallelism;
use std::time::Instant;

/// What the runner found on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Visible CUDA devices, as entries for `CUDA_VISIBLE_DEVICES`: indices or UUIDs, of whole devices or of MIG parts.
    pub cuda: Vec<String>,
    /// Where `cuda` comes from, for messages.
    pub cuda_source: &'static str,
    /// How many processor cores this process may use at once, at least 1.
    pub cores: usize,
    /// Bytes of memory that this process and its workers may use, a control group's limit respected; none where the
    /// kernel does not say.
    pub memory: Option<u64>,
    /// The numbers of the cores it may run on, rising. More than `cores` where a control group limits the time on them;
    /// none where the kernel does not say.
    pub core_ids: Vec<usize>,
}

impl Machine {
    /// Looks at this machine.
    ///
    /// If `CUDA_VISIBLE_DEVICES` is set, its entries are all there is, whatever they name. Otherwise NVIDIA's driver is
    /// asked: `nvidia-smi -L` gives UUIDs, which mean the same device in whatever order devices are counted;
    /// `/proc/driver/nvidia/gpus`, where that program is missing, gives a number of devices. Cores respect the
    /// scheduler's affinity and control groups.
    pub fn detect() -> Self {
        let (cuda, cuda_source) = match std::env::var("CUDA_VISIBLE_DEVICES") {
            Ok(list) => (visible(&list), "CUDA_VISIBLE_DEVICES"),
            Err(_) => installed(),
        };
        Self {
            cuda,
            cuda_source,
            cores: available_parallelism().map_or(1, NonZero::get),
            memory: memory::limit(),
            core_ids: cores::allowed(),
        }
    }
}

/// The entries of `CUDA_VISIBLE_DEVICES`. As in CUDA, an entry that can be no device hides those after it; containers
/// and Slurm write `NoDevFiles` for none. One that is named twice is one device.
fn visible(list: &str) -> Vec<String> {
    let is_device = |entry: &&str| !entry.is_empty() && !entry.starts_with('-') && *entry != "NoDevFiles";
    let mut devices: Vec<String> = Vec::new();
    for entry in list.split(',').map(str::trim).take_while(is_device) {
        if !devices.iter().any(|known| known == entry) {
            devices.push(entry.to_owned());
        }
    }
    devices
}

fn installed() -> (Vec<String>, &'static str) {
    let mut list = Command::new(program_on_path("nvidia-smi"));
    list.arg("-L");
    match ask_program(&mut list, Instant::now() + LIMIT) {
        Ok(output) if output.status.success() => (listed(&String::from_utf8_lossy(&output.stdout)), "nvidia-smi -L"),
        _ => {
            let folder = "/proc/driver/nvidia/gpus";
            let count = std::fs::read_dir(folder).map_or(0, Iterator::count);
            ((0..count).map(|index| index.to_string()).collect(), folder)
        }
    }
}

/// Lines such as `GPU 0: NVIDIA H200 (UUID: GPU-…)` and, indented below a device that is parted by MIG, `MIG 1g.18gb
/// Device 0: (UUID: MIG-…)`. The parts are then what there is: such a device cannot be used whole, and a process can
/// use one part only.
fn listed(text: &str) -> Vec<String> {
    let mut devices: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        if line.starts_with("GPU ") {
            let whole = uuid(line).unwrap_or_else(|| devices.len().to_string());
            devices.push((whole, Vec::new()));
        } else if let (Some((_, parts)), Some(part)) = (devices.last_mut(), uuid(line)) {
            parts.push(part);
        }
    }
    let entries = |(whole, parts): (String, Vec<String>)| if parts.is_empty() { vec![whole] } else { parts };
    devices.into_iter().flat_map(entries).collect()
}

fn uuid(line: &str) -> Option<String> {
    let (_, rest) = line.rsplit_once("(UUID: ")?;
    let (uuid, _) = rest.split_once(')')?;
    Some(uuid.trim().to_owned()).filter(|uuid| !uuid.is_empty())
}

/// What a slot computes on; shown as `cpu` or `cuda:<index>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Device {
    /// The processor.
    Cpu {
        /// Threads of the worker's arithmetic.
        threads: usize,
    },
    /// A CUDA device.
    Cuda {
        /// Its place among the visible devices, from 0.
        index: usize,
        /// Its entry for `CUDA_VISIBLE_DEVICES`.
        entry: String,
    },
}

impl Device {
    /// What tells it from the others of this machine, in this run and in later ones: `cpu`, or its entry for
    /// `CUDA_VISIBLE_DEVICES`.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Cpu { .. } => "cpu",
            Self::Cuda { entry, .. } => entry,
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu { .. } => f.write_str("cpu"),
            Self::Cuda { index, .. } => write!(f, "cuda:{index}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_devices_are_opaque_and_end_at_the_first_that_is_none() {
        assert_eq!(visible("3, GPU-8932f937,MIG-1"), ["3", "GPU-8932f937", "MIG-1"]);
        assert_eq!(
            visible("MIG-GPU-5f1c/1/0, MIG-b2ad ,GPU-8932f937"),
            ["MIG-GPU-5f1c/1/0", "MIG-b2ad", "GPU-8932f937"]
        );
        assert_eq!(visible("0,-1,1"), ["0"]);
        assert_eq!(visible("2,0,,1"), ["2", "0"]);
        assert_eq!(visible("1,0,1,0"), ["1", "0"]);
        for none in ["", "-1", "NoDevFiles", ",0"] {
            assert!(visible(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn a_parted_device_is_its_parts() {
        let text = "GPU 0: NVIDIA H200 (UUID: GPU-1)\n  MIG 3g.71gb     Device  0: (UUID: MIG-1a)\n  \
                    MIG 1g.18gb     Device  1: (UUID: MIG-1b)\nGPU 1: NVIDIA H200 (UUID: GPU-2)\n\
                    GPU 2: A100 (UUID: GPU-3)\n  MIG 1g.5gb Device 0: (UUID: MIG-GPU-3/7/0)\n";
        assert_eq!(listed(text), ["MIG-1a", "MIG-1b", "GPU-2", "MIG-GPU-3/7/0"]);
        assert_eq!(listed("GPU 0: A (UUID: GPU-1)\nGPU 1: B\n"), ["GPU-1", "1"]);
        assert!(listed("No devices were found\n").is_empty());
        assert!(listed("  MIG 1g.5gb Device 0: (UUID: MIG-1)\n").is_empty());
    }
}
