use super::*;
use std::collections::BTreeMap;

fn machine(cuda: &str, cores: usize) -> Machine {
    Machine {
        cuda: cuda.split_terminator(',').map(str::to_owned).collect(),
        cuda_source: "the test",
        cores,
        memory: None,
        core_ids: (0..cores).collect(),
    }
}

fn names(devices: &str, machine: &Machine, trials: usize) -> Vec<String> {
    let settings = Run {
        devices: devices.into(),
        gpu_slots: GpuSlots::Count(2),
        ..Run::default()
    };
    slots(&settings, machine, trials)
        .unwrap()
        .iter()
        .map(|slot| slot.device.to_string())
        .collect()
}

#[test]
fn auto_takes_every_cuda_device_else_the_cpu() {
    assert_eq!(names("auto", &machine("", 3), 9), ["cpu"; 3]);
    assert_eq!(
        names("auto", &machine("5,7", 3), 9),
        ["cuda:0", "cuda:1", "cuda:0", "cuda:1"]
    );
    assert_eq!(names("cuda:1", &machine("5,7", 3), 9), ["cuda:1", "cuda:1"]);
    assert_eq!(names("cpu", &machine("5,7", 3), 9), ["cpu"; 3]);
    // Few trials: one slot on each device before any gets a second.
    assert_eq!(names("cuda", &machine("5,7", 3), 3), ["cuda:0", "cuda:1", "cuda:0"]);
    assert!(names("cuda", &machine("5,7", 3), 0).is_empty());
}

#[test]
fn cpu_slots_share_the_cores() {
    let settings = |threads, cpu_slots| Run {
        devices: "cpu".into(),
        threads,
        cpu_slots,
        ..Run::default()
    };
    let count = |settings: &Run| slots(settings, &machine("", 8), 100).unwrap().len();
    assert_eq!(count(&settings(1, None)), 8);
    assert_eq!(count(&settings(3, None)), 2);
    assert_eq!(count(&settings(16, None)), 1);
    assert_eq!(count(&settings(1, Some(20))), 20);
    let two = slots(&settings(3, None), &machine("", 8), 100).unwrap();
    assert_eq!((two[0].decoders, two[1].index), (4, 1));
    assert_eq!(two[0].arguments(), ["--device", "cpu", "--threads", "3"]);
}

/// What `slot` sets beside a user who has set `theirs`, by name.
fn variables(slot: &Slot, theirs: &[&str]) -> BTreeMap<&'static str, String> {
    slot.variables_beside(|key| theirs.contains(&key)).into_iter().collect()
}

#[test]
fn a_worker_on_the_cpu_has_the_threads_of_the_study() {
    let settings = Run {
        devices: "cpu".into(),
        threads: 3,
        ..Run::default()
    };
    let slot = &slots(&settings, &machine("5", 8), 100).unwrap()[1];
    let set = variables(slot, &[]);
    for (key, value) in [
        ("SEEDBAND_SLOT", "1"),
        ("SEEDBAND_DEVICE", "cpu"),
        ("OMP_NUM_THREADS", "3"),
        ("MKL_NUM_THREADS", "3"),
        ("OPENBLAS_NUM_THREADS", "3"),
        ("RAYON_NUM_THREADS", "4"),
        ("CUDA_VISIBLE_DEVICES", ""),
        ("MALLOC_MMAP_MAX_", "0"),
    ] {
        assert_eq!(set[key], value, "{key}");
    }
    // `threads` is the user's word on it; there is no such key for the others.
    let beside = variables(slot, &["OMP_NUM_THREADS", "RAYON_NUM_THREADS", "MALLOC_MMAP_MAX_"]);
    assert_eq!(beside["OMP_NUM_THREADS"], "3");
    assert!(!beside.contains_key("RAYON_NUM_THREADS") && !beside.contains_key("MALLOC_MMAP_MAX_"));
}

#[test]
fn a_cuda_worker_sees_its_device_alone_and_has_its_share_of_the_cores() {
    let settings = Run {
        devices: "cuda:1".into(),
        gpu_slots: GpuSlots::Count(2),
        ..Run::default()
    };
    let slot = &slots(&settings, &machine("5,GPU-ab", 8), 9).unwrap()[1];
    assert_eq!(slot.arguments(), ["--device", "cuda:0"]);
    let set = variables(slot, &[]);
    for (key, value) in [
        ("SEEDBAND_SLOT", "1"),
        ("SEEDBAND_DEVICE", "cuda:1"),
        ("CUDA_VISIBLE_DEVICES", "GPU-ab"),
        ("CUDA_DEVICE_ORDER", "PCI_BUS_ID"),
        ("OMP_NUM_THREADS", "4"),
        ("MKL_NUM_THREADS", "4"),
        ("OPENBLAS_NUM_THREADS", "4"),
        ("RAYON_NUM_THREADS", "4"),
    ] {
        assert_eq!(set[key], value, "{key}");
    }
    assert!(!set.contains_key("MALLOC_MMAP_MAX_"));

    let beside = variables(slot, &["MKL_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER"]);
    assert!(!beside.contains_key("MKL_NUM_THREADS") && !beside.contains_key("CUDA_DEVICE_ORDER"));
    assert_eq!(beside["OMP_NUM_THREADS"], "4");
    assert_eq!(beside["CUDA_VISIBLE_DEVICES"], "GPU-ab");
    // Set for MKL, it would win over what the user has set for all.
    let beside = variables(slot, &["OMP_NUM_THREADS"]);
    assert!(!THREADS.iter().any(|key| beside.contains_key(key)));
}

#[test]
fn workers_are_bound_to_cores_where_asked() {
    let cores = |devices: &str, threads, pin_cores, trials| {
        let settings = Run {
            devices: devices.into(),
            threads,
            pin_cores,
            ..Run::default()
        };
        let slots = slots(&settings, &machine("5,7", 6), trials).unwrap();
        slots.into_iter().map(|slot| slot.cores).collect::<Vec<_>>()
    };
    assert_eq!(cores("cpu", 3, false, 9), [None, None]);
    assert_eq!(cores("cpu", 3, true, 9), [Some(vec![0, 1, 2]), Some(vec![3, 4, 5])]);
    assert_eq!(cores("cuda", 1, true, 9), [Some(vec![0, 1, 2]), Some(vec![3, 4, 5])]);
    // A single trial has the machine for itself.
    assert_eq!(cores("cuda", 1, true, 1), [Some(vec![0, 1, 2, 3, 4, 5])]);
    assert_eq!(cores("cpu", 1, true, 0), []);
}

#[test]
fn missing_devices_are_named_with_what_was_found() {
    let asked = |devices: &str, cuda| {
        let settings = Run {
            devices: devices.into(),
            ..Run::default()
        };
        slots(&settings, &machine(cuda, 1), 1).unwrap_err().to_string()
    };
    assert_eq!(
        asked("cuda", ""),
        "`cuda` asks for a CUDA device, but the test shows none; use `devices = \"cpu\"` in `[run]`"
    );
    assert_eq!(
        asked("cuda:0,2", "5,7"),
        "there is no `cuda:2` (visible, by the test: `cuda:0`, `cuda:1`); use `devices = \"cuda\"` in `[run]`"
    );
    assert!(asked("tpu", "").contains("known: `auto`"));
}
