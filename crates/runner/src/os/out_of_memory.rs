//! Whether the kernel has killed for want of memory.

use crate::os::control_groups::{MemoryGroup, memory_groups};
use std::fs;
use std::path::{Path, PathBuf};

/// Processes that the kernel has killed so far because memory was short: in this process's control group and those
/// below it, or, where there is none that counts, on the whole machine. None where neither can be read.
///
/// Sources: `memory.events` of cgroup v2 and `memory.oom_control` of v1 (kernel documentation, cgroup-v2 and
/// cgroup-v1/memory), field `oom_kill`, which counts processes of the group killed by any kind of OOM killer;
/// `/proc/vmstat`, field of the same name.
pub(crate) fn kills_so_far() -> Option<u64> {
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    counted(&own, Path::new("/sys/fs/cgroup"), Path::new("/proc/vmstat"))
}

fn counted(own: &str, root: &Path, machine: &Path) -> Option<u64> {
    files(own, root)
        .iter()
        .map(PathBuf::as_path)
        .chain([machine])
        .find_map(|path| field(&fs::read_to_string(path).ok()?))
}

/// Where the count may stand, by the text of `/proc/self/cgroup`: with the group itself, or at the root.
fn files(own: &str, root: &Path) -> Vec<PathBuf> {
    let of_group = |group: MemoryGroup| {
        let file = if group.is_v2 {
            "memory.events"
        } else {
            "memory.oom_control"
        };
        let places = [group.folders.first(), group.folders.last()];
        places.map(|folder| Some(folder?.join(file)))
    };
    memory_groups(own, root)
        .into_iter()
        .flat_map(of_group)
        .flatten()
        .collect()
}

fn field(text: &str) -> Option<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix("oom_kill "))?
        .trim()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A root folder with these files.
    fn root(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_own_group_counts_and_the_machine_where_there_is_none() {
        let machine = ("vmstat", "pgfault 3\noom_kill 7\n");
        let v2 = ("user/job/memory.events", "oom 9\noom_kill 4\noom_group_kill 8\n");
        let v1 = (
            "memory/job/memory.oom_control",
            "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
        );
        let outside = ("memory.events", "oom_kill 5\n");
        for (own, there, expected) in [
            ("0::/user/job\n", vec![machine, v2], Some(4)),
            ("1:cpu,memory:/job\n0::/\n", vec![machine, v1], Some(2)),
            ("0::/of/the/host\n", vec![machine, outside], Some(5)),
            ("0::/user/job\n", vec![machine], Some(7)),
            ("", vec![machine], Some(7)),
            ("0::/user/job\n", vec![("user/job/memory.events", "oom 9\n")], None),
        ] {
            let root = root(&there);
            assert_eq!(
                counted(own, root.path(), &root.path().join("vmstat")),
                expected,
                "{own}"
            );
        }
    }
}
