use super::*;

fn used(used: u64) -> GpuMemory {
    GpuMemory { used, total: 10_000 }
}

fn of(most: usize, before: Option<GpuMemory>) -> SlotSearch {
    SlotSearch::new(most, Duration::from_secs(2), before)
}

/// Has `search` measured at its number with steps of `images` images, each slot one every `milliseconds`.
fn measure(search: &mut SlotSearch, images: u64, milliseconds: f64, memory: Option<GpuMemory>) -> Decision {
    let slots = search.at_once;
    for step in 1.. {
        let now = Duration::from_secs_f64(f64::from(step) * milliseconds / 1e3);
        for slot in 0..slots {
            if search.step(slot, images, now) {
                return search.complete(memory);
            }
        }
    }
    unreachable!("steps do not end")
}

fn rates(search: &SlotSearch) -> Vec<(usize, f64)> {
    let rate = |measure: &Throughput| (measure.at_once, measure.images_per_second.round());
    search.measured().iter().map(rate).collect()
}

#[test]
fn it_doubles_while_that_is_a_tenth_faster_and_keeps_the_number_before() {
    let mut search = of(16, None);
    // 100 steps a second of 32 images; then twice and four times as many, the last of them for 5 % more.
    assert_eq!(measure(&mut search, 32, 10.0, None), Decision::Try(2));
    assert_eq!(measure(&mut search, 32, 16.0, None), Decision::Try(4));
    assert_eq!(measure(&mut search, 32, 16.0 * 2.0 / 1.05, None), Decision::Keep(2));
    // Of the last round, which completes the two seconds, the first slot's step counts: 200 steps in 2 s, 249 in
    // 2 s, 261 in 66 rounds.
    assert_eq!(rates(&search), [(1, 3200.0), (2, 3984.0), (4, 4152.0)]);
}

#[test]
fn it_goes_no_further_than_allowed() {
    let mut search = of(3, None);
    assert_eq!(measure(&mut search, 1, 10.0, None), Decision::Try(2));
    assert_eq!(measure(&mut search, 1, 10.0, None), Decision::Keep(2));
}

#[test]
fn memory_is_foreseen_by_what_a_trial_takes() {
    // Another program has 1000 MiB; a trial takes 2000: two of them 5000, four of them 9000 of 10,000, just what
    // may be used.
    let mut search = of(16, Some(used(1000)));
    assert_eq!(measure(&mut search, 1, 10.0, Some(used(3000))), Decision::Try(2));
    assert_eq!(measure(&mut search, 1, 10.0, Some(used(5000))), Decision::Try(4));
    assert_eq!(measure(&mut search, 1, 10.0, Some(used(9000))), Decision::Keep(4));
    // A little more each, and four of them would be too much.
    let mut search = of(16, Some(used(1000)));
    assert_eq!(measure(&mut search, 1, 10.0, Some(used(3010))), Decision::Try(2));
    assert_eq!(measure(&mut search, 1, 10.0, Some(used(5020))), Decision::Keep(2));
    // Where nothing is known of the time before, all that is used is the trial's.
    let mut search = of(16, None);
    assert_eq!(measure(&mut search, 1, 10.0, Some(used(4600))), Decision::Keep(1));
}

#[test]
fn the_first_steps_and_a_slot_that_has_not_begun_do_not_count() {
    let mut search = of(16, None);
    assert_eq!(measure(&mut search, 10, 10.0, None), Decision::Try(2));
    let at = Duration::from_secs;
    for second in 0..100 {
        assert!(!search.step(0, 10, at(second)));
    }
    for second in 100..104 {
        assert!(!search.step(1, 10, at(second)));
    }
    // The fifth of the second slot begins the count; 100 steps of ten images in 50 s follow.
    assert!(!search.step(1, 10, at(104)));
    for step in 1..100 {
        assert!(!search.step(step % 2, 10, at(104 + step as u64 / 2)));
    }
    assert!(search.step(0, 10, at(154)));
    assert!(!search.step(0, 10, at(155)));
    search.complete(None);
    assert_eq!(rates(&search)[1], (2, 20.0));
}
