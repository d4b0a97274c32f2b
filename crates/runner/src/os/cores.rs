//! Which cores this process may use, and which of them a worker is bound to.

use nix::sched::{CpuSet, sched_getaffinity};
use nix::unistd::Pid;

/// The numbers of the cores this process may run on, rising; none where the kernel does not say.
pub(crate) fn allowed() -> Vec<usize> {
    let Ok(set) = sched_getaffinity(Pid::from_raw(0)) else {
        return Vec::new();
    };
    (0..CpuSet::count())
        .filter(|&core| set.is_set(core) == Ok(true))
        .collect()
}

/// The cores of slot `slot` of `slots`: contiguous, disjoint and together all of `cores`, as long as each has at least
/// `threads`. Otherwise `threads` each, one after the other and from the front again.
pub(crate) fn block(cores: &[usize], slots: usize, slot: usize, threads: usize) -> Vec<usize> {
    let count = cores.len();
    if count >= slots * threads {
        return cores[slot * count / slots..(slot + 1) * count / slots].to_vec();
    }
    let mut block: Vec<usize> = (0..threads.min(count))
        .map(|thread| cores[(slot * threads + thread) % count])
        .collect();
    block.sort_unstable();
    block
}

/// `cores` as the kernel takes them. It counts up to 1024 here; those beyond are left out.
pub(crate) fn set(cores: &[usize]) -> CpuSet {
    let mut set = CpuSet::new();
    for &core in cores {
        let _ = set.set(core);
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn blocks(cores: &[usize], slots: usize, threads: usize) -> Vec<Vec<usize>> {
        (0..slots).map(|slot| block(cores, slots, slot, threads)).collect()
    }

    #[test]
    fn shares_by_hand() {
        let eight: Vec<usize> = (0..8).collect();
        assert_eq!(blocks(&eight, 2, 1), [[0, 1, 2, 3], [4, 5, 6, 7]]);
        assert_eq!(blocks(&eight, 3, 1), [vec![0, 1], vec![2, 3, 4], vec![5, 6, 7]]);
        // Three slots of three threads on eight cores do not fit beside each other.
        assert_eq!(blocks(&eight, 3, 3), [[0, 1, 2], [3, 4, 5], [0, 6, 7]]);
        assert_eq!(blocks(&eight, 9, 1).last().unwrap(), &[0]);
        // What a scheduler gave need not begin at 0 or hang together.
        assert_eq!(blocks(&[4, 6, 9], 2, 1), [vec![4], vec![6, 9]]);
        assert_eq!(blocks(&[4, 6], 1, 16), [[4, 6]]);
        assert!(block(&[], 1, 0, 1).is_empty());
    }

    proptest! {
        #[test]
        fn no_worker_has_fewer_cores_than_threads(count in 1..200_usize, slots in 1..50_usize, threads in 1..20_usize) {
            let cores: Vec<usize> = (100..100 + count).collect();
            let blocks = blocks(&cores, slots, threads);
            for block in &blocks {
                prop_assert!(block.len() >= threads.min(count));
                prop_assert!(block.is_sorted_by(|a, b| a < b) && block.iter().all(|core| cores.contains(core)));
            }
            if count >= slots * threads {
                prop_assert_eq!(blocks.concat(), cores);
            }
        }
    }

    #[test]
    fn this_process_may_use_some_cores() {
        let cores = allowed();
        assert!(cores.len() >= std::thread::available_parallelism().unwrap().get());
        assert_eq!(set(&cores), sched_getaffinity(Pid::from_raw(0)).unwrap());
    }
}
