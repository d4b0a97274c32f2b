//! How much memory of a CUDA device is in use.

use crate::os::process_groups::ProcessGroup;
use crate::os::unsafe_calls;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::time::timeout;

/// A wedged driver must not hold up the study for long.
const LIMIT: Duration = Duration::from_secs(10);

/// Memory of a device, that of all programs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GpuMemory {
    /// In use, in MiB.
    pub(crate) used: u64,
    /// There is, in MiB.
    pub(crate) total: u64,
}

/// Asks `program`, which is `nvidia-smi` or speaks like it, for the memory of the device that `entry` of
/// `CUDA_VISIBLE_DEVICES` names. None where it does not know: of parts of a device (MIG) it tells nothing.
pub(crate) async fn gpu_memory(program: &Path, entry: &str) -> Option<GpuMemory> {
    let mut command = Command::new(program);
    command
        .args(["--query-gpu=memory.used,memory.total", "--format=csv,noheader,nounits"])
        .args(["-i", entry])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    unsafe_calls::prepare(command.as_std_mut(), None);
    // Killed with what it has started, once it is no longer waited for.
    let (child, _group) = ProcessGroup::spawn(&mut command).ok()?;
    let output = timeout(LIMIT, child.wait_with_output()).await.ok()?.ok()?;
    if output.status.success() {
        parse(std::str::from_utf8(&output.stdout).ok()?)
    } else {
        None
    }
}

/// For example `1024, 81559`.
fn parse(text: &str) -> Option<GpuMemory> {
    let (used, total) = text.trim().split_once(',')?;
    let memory = GpuMemory {
        used: used.trim().parse().ok()?,
        total: total.trim().parse().ok()?,
    };
    (memory.total > 0).then_some(memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_of_two_numbers() {
        let memory = GpuMemory {
            used: 1024,
            total: 81_559,
        };
        assert_eq!(parse("1024, 81559\n"), Some(memory));
        for text in ["", "[N/A], [N/A]\n", "1, 2\n3, 4\n", "5, 0", "No devices were found\n"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[tokio::test]
    async fn a_machine_without_the_program_knows_nothing() {
        assert_eq!(gpu_memory(Path::new("/no/such/program"), "0").await, None);
    }
}
