//! The devices there are.

use crate::programs;
use std::fmt;
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::thread::available_parallelism;

/// What the runner found on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Visible CUDA devices, as entries for `CUDA_VISIBLE_DEVICES`: indices or UUIDs.
    pub cuda: Vec<String>,
    /// Where `cuda` comes from, for messages.
    pub cuda_source: &'static str,
    /// Processor cores this process may use, at least 1.
    pub cores: usize,
}

impl Machine {
    /// Looks at this machine.
    ///
    /// If `CUDA_VISIBLE_DEVICES` is set, its entries are all there is, whatever they name. Otherwise NVIDIA's driver is asked: `nvidia-smi -L`,
    /// or `/proc/driver/nvidia/gpus` where that program is missing. Cores respect the scheduler's affinity and control groups.
    pub fn detect() -> Self {
        let (cuda, cuda_source) = match std::env::var("CUDA_VISIBLE_DEVICES") {
            Ok(list) => (visible(&list), "CUDA_VISIBLE_DEVICES"),
            Err(_) => installed(),
        };
        Self {
            cuda,
            cuda_source,
            cores: available_parallelism().map_or(1, NonZero::get),
        }
    }
}

/// The entries of `CUDA_VISIBLE_DEVICES`. As in CUDA, an entry that can be no device hides those after it; containers and Slurm write
/// `NoDevFiles` for none.
fn visible(list: &str) -> Vec<String> {
    let is_device = |entry: &&str| !entry.is_empty() && !entry.starts_with('-') && *entry != "NoDevFiles";
    list.split(',')
        .map(str::trim)
        .take_while(is_device)
        .map(str::to_owned)
        .collect()
}

fn installed() -> (Vec<String>, &'static str) {
    let mut list = Command::new("nvidia-smi");
    list.arg("-L");
    let (count, source) = match programs::output(list) {
        Ok(output) if output.status.success() => {
            (count_listed(&String::from_utf8_lossy(&output.stdout)), "nvidia-smi -L")
        }
        _ => {
            let folder = Path::new("/proc/driver/nvidia/gpus");
            (
                std::fs::read_dir(folder).map_or(0, Iterator::count),
                "/proc/driver/nvidia/gpus",
            )
        }
    };
    ((0..count).map(|index| index.to_string()).collect(), source)
}

/// Lines such as `GPU 0: NVIDIA H200 (UUID: GPU-…)`; those of MIG parts are indented.
fn count_listed(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with("GPU ")).count()
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
    /// What tells it from the others of this machine, in this run and in later ones: `cpu`, or its entry for `CUDA_VISIBLE_DEVICES`.
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
        assert_eq!(visible("0,-1,1"), ["0"]);
        for none in ["", "-1", "NoDevFiles", ",0"] {
            assert!(visible(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn mig_parts_are_not_counted_as_devices() {
        let text = "GPU 0: NVIDIA H200 (UUID: GPU-1)\n  MIG 1g.18gb Device 0: (UUID: MIG-1)\nGPU 1: NVIDIA H200 (UUID: GPU-2)\n";
        assert_eq!(count_listed(text), 2);
        assert_eq!(count_listed("No devices were found\n"), 0);
    }
}
