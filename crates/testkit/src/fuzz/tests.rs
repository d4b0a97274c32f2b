use super::*;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn message(run: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_reader_that_panics_is_shown_with_what_made_it_panic() {
    let seeds = [b"{\"n\": 12}".to_vec()];
    let panics = |bytes: &[u8]| assert!(!bytes.windows(5).any(|part| part == b"65536"), "too large");
    let message = message(|| Fuzz::new(&seeds).run(panics));
    assert!(
        message.contains("panics") && message.ends_with("{\"n\": 65536}"),
        "{message}"
    );
}

#[test]
fn a_reader_that_trusts_a_length_is_seen() {
    let seeds = [b"\x04\0\0\0abcd".to_vec()];
    let trusting = |bytes: &[u8]| {
        let length = bytes.first_chunk().map_or(0, |length| u32::from_le_bytes(*length));
        Vec::<u8>::with_capacity(length as usize)
    };
    let message = message(|| Fuzz::new(&seeds).memory(|length| 1000 + length).run(trusting));
    assert!(message.contains("bytes of heap, and 10"), "{message}");
}

/// What passes once passes again, and other seeds are other cases.
#[test]
fn cases_are_the_same_each_time() {
    let seeds = [b"some text of 31 letters and so on".to_vec(), b"1,2,3".to_vec()];
    let sum = |seed: u64| {
        let sum = Cell::new((0_u64, 0));
        let read = |bytes: &[u8]| {
            let (mut total, count) = sum.get();
            for byte in bytes {
                total = total.wrapping_mul(31).wrapping_add(u64::from(*byte));
            }
            sum.set((total, count + 1));
        };
        Fuzz::new(&seeds).run_cases(100, seed, &read, &|_| ());
        sum.get()
    };
    assert_eq!(sum(0), sum(0));
    assert_ne!(sum(0).0, sum(1).0);
    assert_eq!(sum(0).1, 102);
}
