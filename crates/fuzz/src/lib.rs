//! Damaged inputs for tests of what reads files and lines: no panic, no hang, and no more memory than an input of that size may take.
//!
//! ```
//! #[global_allocator]
//! static HEAP: seedband_fuzz::Heap = seedband_fuzz::Heap;
//!
//! let seeds = [b"1 2 3".to_vec()];
//! seedband_fuzz::Fuzz::new(&seeds).memory(|length| 100 + 30 * length).run(|bytes| {
//!     let text = String::from_utf8_lossy(bytes);
//!     let _: Vec<f64> = text.split(' ').filter_map(|number| number.parse().ok()).collect();
//! });
//! ```
//!
//! Every run damages alike, so that what passed once passes again. `SEEDBAND_FUZZ_CASES` asks for more cases than the usual 1000, and
//! `SEEDBAND_FUZZ_SEED` for others; `SEEDBAND_FUZZ_FROM` passes over those before the one of that number, which a hang was told of.

mod damage;
mod heap;
mod random;

pub use heap::{Heap, peak};
pub use random::Random;

use damage::Damage;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Cases where nobody asks for more: a second or so of each reader.
const CASES: u64 = 1000;

/// No case takes a thousandth of this, on however busy a machine. It only turns a hang into a failure that says which case it is.
const CEILING: Duration = Duration::from_mins(1);

/// Inputs for one reader.
#[derive(Debug, Clone)]
pub struct Fuzz<'a, M> {
    seeds: &'a [Vec<u8>],
    words: &'a [&'a str],
    cases: u64,
    memory: M,
}

impl<'a> Fuzz<'a, fn(usize) -> usize> {
    /// Inputs made from `seeds`, which are good ones or were made to hurt.
    pub fn new(seeds: &'a [Vec<u8>]) -> Self {
        Self {
            seeds,
            words: &[],
            cases: CASES,
            memory: |_| usize::MAX,
        }
    }
}

impl<'a, M: Fn(usize) -> usize> Fuzz<'a, M> {
    /// Words that mean something to the reader, put in place of others.
    #[must_use]
    pub fn words(self, words: &'a [&'a str]) -> Self {
        Self { words, ..self }
    }

    /// Fewer cases, or more, than the usual 1000, for a reader that is slow or quick.
    #[must_use]
    pub fn cases(self, cases: u64) -> Self {
        Self { cases, ..self }
    }

    /// The most bytes of heap that reading an input of so many bytes may take at once. Needs [`Heap`] as the allocator of the test program.
    #[must_use]
    pub fn memory<N: Fn(usize) -> usize>(self, memory: N) -> Fuzz<'a, N> {
        Fuzz {
            seeds: self.seeds,
            words: self.words,
            cases: self.cases,
            memory,
        }
    }

    /// Gives each seed and then one damaged input after the other to `read`.
    ///
    /// # Panics
    /// `read` panics or takes too much memory. The message has the input with no more damage than that takes.
    pub fn run<T>(self, read: impl Fn(&[u8]) -> T) {
        // As many times the usual number as is asked for, so that slow readers have fewer here too.
        let cases = number("SEEDBAND_FUZZ_CASES").map_or(self.cases, |cases| self.cases * cases / CASES);
        let seed = number("SEEDBAND_FUZZ_SEED").unwrap_or(0);
        let (started, watched) = channel::<u64>();
        let watch = std::thread::spawn(move || {
            let mut case = 0;
            loop {
                match watched.recv_timeout(CEILING) {
                    Ok(next) => case = next,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => hangs(case, seed),
                }
            }
        });
        let heaviest = self.all(cases, seed, &read, &|case| {
            // The watch lives as long as its channel.
            let _ = started.send(case);
        });
        drop(started);
        let _ = watch.join();
        if std::env::var_os("SEEDBAND_FUZZ_CASES").is_some() {
            tell(&format!(
                "{cases} cases; nearest to its limit: {} bytes of heap for an input of {}",
                heaviest.1, heaviest.0
            ));
        }
    }

    /// The length and the memory of the input that came nearest to what it may take.
    fn all<T>(&self, cases: u64, seed: u64, read: &impl Fn(&[u8]) -> T, started: &impl Fn(u64)) -> (usize, usize) {
        let mut heaviest = (0, 0);
        for case in number("SEEDBAND_FUZZ_FROM").unwrap_or(0)..self.seeds.len() as u64 + cases {
            started(case);
            // Each case has a stream of its own and can be had without those before it.
            let mut random =
                Random::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ case.wrapping_mul(0xd6e8_feb8_6659_fd93));
            let (base, damages) = match usize::try_from(case) {
                Ok(case) if case < self.seeds.len() => (case, Vec::new()),
                _ => {
                    let base = random.below(self.seeds.len());
                    (base, damages(&mut random))
                }
            };
            match self.fate(base, &damages, read) {
                Ok((length, memory)) => {
                    let share = |(length, memory): (usize, usize)| memory as f64 / (self.memory)(length) as f64;
                    if share((length, memory)) > share(heaviest) {
                        heaviest = (length, memory);
                    }
                }
                Err(_) => self.fail(base, damages, read, case, seed),
            }
        }
        heaviest
    }

    fn input(&self, base: usize, damages: &[Damage]) -> Vec<u8> {
        let mut bytes = self.seeds.get(base).cloned().unwrap_or_default();
        for damage in damages {
            damage.apply(&mut bytes, self.seeds, self.words);
        }
        bytes
    }

    /// The length of an input and the memory that it takes to read, or what is wrong with that.
    fn fate<T>(&self, base: usize, damages: &[Damage], read: &impl Fn(&[u8]) -> T) -> Result<(usize, usize), String> {
        let bytes = self.input(base, damages);
        let (result, memory) = peak(|| catch_unwind(AssertUnwindSafe(|| drop(read(&bytes)))));
        result.map_err(|_| "panics".to_owned())?;
        let limit = (self.memory)(bytes.len());
        if memory > limit {
            return Err(format!("takes {memory} bytes of heap, and {limit} are allowed"));
        }
        Ok((bytes.len(), memory))
    }

    /// Panics with the least damage that is still too much.
    fn fail<T>(&self, base: usize, mut damages: Vec<Damage>, read: &impl Fn(&[u8]) -> T, case: u64, seed: u64) -> ! {
        let mut at = 0;
        while at < damages.len() {
            let mut fewer = damages.clone();
            fewer.remove(at);
            if self.fate(base, &fewer, read).is_err() {
                damages = fewer;
            } else {
                at += 1;
            }
        }
        let bytes = self.input(base, &damages);
        let problem = self.fate(base, &damages, read).err().unwrap_or_default();
        let path = std::env::temp_dir().join(format!("seedband-fuzz-{}-{case}", std::process::id()));
        let kept = std::fs::write(&path, &bytes).map(|()| path.display().to_string());
        let start: String = String::from_utf8_lossy(&bytes).chars().take(2000).collect();
        panic!(
            "an input of {} bytes {problem} (case {case} of seed {seed}, kept as {kept:?}, damage {damages:?}):\n{start}",
            bytes.len()
        );
    }
}

/// Ends the test program: the thread that hangs cannot be ended.
fn hangs(case: u64, seed: u64) -> ! {
    tell(&format!(
        "case {case} of SEEDBAND_FUZZ_SEED={seed} takes longer than {CEILING:?}"
    ));
    std::process::abort()
}

/// A few of any kind, one of them, or a few that leave the form of the input as it is: each reaches other depths of a reader.
fn damages(random: &mut Random) -> Vec<Damage> {
    match random.below(3) {
        0 => (0..=random.below(6)).map(|_| Damage::new(random)).collect(),
        1 => vec![Damage::new(random)],
        _ => (0..=random.below(3)).map(|_| Damage::number(random)).collect(),
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// On standard error itself, past what the test harness keeps to itself.
fn tell(line: &str) {
    use std::io::Write;
    let thread = std::thread::current();
    let _ = writeln!(std::io::stderr(), "{}: {line}", thread.name().unwrap_or("fuzz"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[global_allocator]
    static HEAP: Heap = Heap;

    fn message(run: impl FnOnce()) -> String {
        let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    }

    #[test]
    fn a_reader_that_panics_is_shown_with_what_made_it_panic() {
        let seeds = [b"{\"n\": 12}".to_vec()];
        let panics = |bytes: &[u8]| assert!(!bytes.windows(5).any(|part| part == b"65536"), "too large");
        let said = message(|| Fuzz::new(&seeds).run(panics));
        assert!(said.contains("panics") && said.ends_with("{\"n\": 65536}"), "{said}");
    }

    #[test]
    fn a_reader_that_trusts_a_length_is_seen() {
        let seeds = [b"\x04\0\0\0abcd".to_vec()];
        let trusting = |bytes: &[u8]| {
            let length = bytes.first_chunk().map_or(0, |length| u32::from_le_bytes(*length));
            Vec::<u8>::with_capacity(length as usize)
        };
        let said = message(|| Fuzz::new(&seeds).memory(|length| 1000 + length).run(trusting));
        assert!(said.contains("bytes of heap, and 10"), "{said}");
    }

    #[test]
    fn the_peak_counts_what_is_held_at_once_on_this_thread() {
        let (kept, heap) = peak(|| {
            drop(vec![0_u8; 3000]);
            drop(std::thread::spawn(|| vec![0_u8; 1_000_000].len()).join());
            vec![0_u8; 1000]
        });
        assert!((3000..10_000).contains(&heap), "{heap}");
        let ((), heap) = peak(|| {
            let mut grown = kept;
            grown.extend([0; 1000]);
        });
        assert_eq!(heap, 1000);
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
            Fuzz::new(&seeds).all(100, seed, &read, &|_| ());
            sum.get()
        };
        assert_eq!(sum(0), sum(0));
        assert_ne!(sum(0).0, sum(1).0);
        assert_eq!(sum(0).1, 102);
    }
}
