//! How much memory a piece of code takes.
#![expect(
    unsafe_code,
    reason = "an allocator is unsafe to write; this one hands every call on to the system's"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator with a count, for `#[global_allocator]` in a test program.
#[derive(Debug, Clone, Copy, Default)]
pub struct Heap;

thread_local! {
    /// Bytes that this thread has allocated and not freed, and the most there were since [`peak`] began. Memory that
    /// one thread allocates and another frees is counted by neither correctly, so a reader is watched on one thread
    /// alone.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends has no count any more.
    let _ = LIVE.try_with(|live| {
        live.set(live.get() + bytes);
        MOST.try_with(|most| most.set(most.get().max(live.get())))
    });
}

// SAFETY: every call goes to the system's allocator as it is, and counting allocates nothing: both cells are constants
// without a destructor.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promise is the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// Runs `work` and gives the most bytes of heap that it held at once on this thread, beyond what was held before. 0
/// where [`Heap`] is not the program's allocator.
pub fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = LIVE.get();
    MOST.set(before);
    let result = work();
    (result, usize::try_from(MOST.get() - before).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_counts_what_is_held_at_once_on_this_thread() {
        let (held, heap) = peak(|| {
            drop(vec![0_u8; 3000]);
            drop(std::thread::spawn(|| vec![0_u8; 1_000_000].len()).join());
            vec![0_u8; 1000]
        });
        assert!((3000..10_000).contains(&heap), "{heap}");
        let ((), heap) = peak(|| {
            let mut grown = held;
            grown.extend([0; 1000]);
        });
        assert_eq!(heap, 1000);
    }
}
