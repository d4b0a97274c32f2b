//! Control groups that count this process's memory.
//!
//! Sources: cgroup v2 and cgroup-v1/memory of the kernel documentation; `cgroups(7)` for `/proc/self/cgroup`.

use std::path::{Path, PathBuf};

/// A group of this process.
pub(super) struct MemoryGroup {
    /// Whether it is one of version 2, whose files have other names than those of version 1.
    pub(super) is_v2: bool,
    /// Its folder and those of the groups above it, up to the root of all. Inside a container the group's path can be
    /// that of the outside; then its files lie at the root, and the others are not there.
    pub(super) folders: Vec<PathBuf>,
}

/// The groups of this process that count memory, by the text of `/proc/self/cgroup` and the folder of all groups.
pub(super) fn memory_groups(own: &str, root: &Path) -> Vec<MemoryGroup> {
    own.lines().filter_map(|line| of_line(line, root)).collect()
}

fn of_line(line: &str, root: &Path) -> Option<MemoryGroup> {
    let mut parts = line.splitn(3, ':').skip(1);
    let (controllers, path) = (parts.next()?, parts.next()?);
    let is_v2 = controllers.is_empty();
    if !is_v2 && !controllers.split(',').any(|controller| controller == "memory") {
        return None;
    }
    let root = if is_v2 { root.to_path_buf() } else { root.join("memory") };
    let own = root.join(path.trim_start_matches('/'));
    let folders = own.ancestors().take_while(|folder| folder.starts_with(&root));
    Some(MemoryGroup {
        is_v2,
        folders: folders.map(Path::to_path_buf).collect(),
    })
}
