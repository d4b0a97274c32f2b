//! How much memory there is to use.

use crate::os::control_groups::{MemoryGroup, memory_groups};
use seedband_core::files::fsio;
use std::path::{Path, PathBuf};

/// Bytes of memory that this process and its children may use: what the machine has, or what a control group above them
/// allows where that is less. None where neither can be read.
///
/// Sources: `memory.max` of cgroup v2, `memory.limit_in_bytes` of v1 (kernel documentation, cgroup-v2 and
/// cgroup-v1/memory), which bind every group below; `MemTotal` of `/proc/meminfo`.
pub(crate) fn limit() -> Option<u64> {
    let read = |path: &str| fsio::read(Path::new(path)).unwrap_or_default();
    least(
        &read("/proc/self/cgroup"),
        Path::new("/sys/fs/cgroup"),
        &read("/proc/meminfo"),
    )
}

fn least(own: &str, root: &Path, machine: &str) -> Option<u64> {
    let of_groups = memory_groups(own, root).into_iter().flat_map(limits);
    of_groups.chain(total(machine)).min()
}

/// The limits of a group and of all above it.
fn limits(group: MemoryGroup) -> impl Iterator<Item = u64> {
    let file = if group.is_v2 {
        "memory.max"
    } else {
        "memory.limit_in_bytes"
    };
    let limit = move |folder: PathBuf| fsio::read(&folder.join(file)).ok()?.trim().parse().ok();
    group.folders.into_iter().filter_map(limit)
}

fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: &str = "MemTotal:       16384000 kB\nMemFree: 1 kB\n";

    #[test]
    fn the_least_limit_binds() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let found = |own: &str| least(own, root.path(), MACHINE);
        assert_eq!(found("0::/a/b\n"), Some(16_384_000 << 10));
        write("a/b/memory.max", "max\n");
        write("a/memory.max", "1000000\n");
        write("memory/c/memory.limit_in_bytes", "9223372036854771712\n");
        assert_eq!(found("0::/a/b\n"), Some(1_000_000));
        assert_eq!(found("0::/elsewhere\n"), Some(16_384_000 << 10));
        assert_eq!(found("4:cpu,memory:/c\n"), Some(16_384_000 << 10));
        write("memory/c/memory.limit_in_bytes", "5000\n");
        assert_eq!(found("4:cpu,memory:/c/d\n0::/a\n"), Some(5000));
        assert_eq!(least("", root.path(), "what"), None);
    }

    #[test]
    fn this_machine_has_some() {
        assert!(limit().is_some_and(|bytes| bytes > 1 << 20));
    }
}
