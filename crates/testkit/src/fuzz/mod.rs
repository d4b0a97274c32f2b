//! Damaged inputs for one reader.

mod apply;
mod case;
mod damage;
#[cfg(test)]
mod tests;

use case::{Case, Usage};
use std::io::Write;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Cases where nobody asks for more: a second or so of each reader.
const CASES: u64 = 1000;

/// No case takes a thousandth of this, on however busy a machine. It only turns a hang into a failure that says which
/// case it is.
const TIME_LIMIT: Duration = Duration::from_mins(1);

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

    /// The most bytes of heap that reading an input of so many bytes may take at once. Needs [`Heap`](crate::Heap) as
    /// the allocator of the test program.
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
        let watchdog = std::thread::spawn(move || {
            let mut case = 0;
            loop {
                match watched.recv_timeout(TIME_LIMIT) {
                    Ok(next) => case = next,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => abort(case, seed),
                }
            }
        });
        let largest = self.run_cases(cases, seed, &read, &|case| {
            // The watchdog lives as long as its channel.
            let _ = started.send(case);
        });
        drop(started);
        let _ = watchdog.join();
        if std::env::var_os("SEEDBAND_FUZZ_CASES").is_some() {
            print(&format!(
                "{cases} cases; nearest to its limit: {} bytes of heap for an input of {}",
                largest.heap, largest.length
            ));
        }
    }

    /// Runs all cases; gives the length and the memory of the input that came nearest to what it may take.
    fn run_cases<T>(&self, cases: u64, seed: u64, read: &impl Fn(&[u8]) -> T, started: &impl Fn(u64)) -> Usage {
        let mut largest = Usage::default();
        for number in number("SEEDBAND_FUZZ_FROM").unwrap_or(0)..self.seeds.len() as u64 + cases {
            started(number);
            let case = Case::new(number, seed, self.seeds.len());
            match self.check(&case, read) {
                Ok(usage) => {
                    let share = |usage: &Usage| usage.heap as f64 / (self.memory)(usage.length) as f64;
                    if share(&usage) > share(&largest) {
                        largest = usage;
                    }
                }
                Err(_) => self.fail(case, read, number, seed),
            }
        }
        largest
    }
}

/// Ends the test program: the thread that hangs cannot be ended.
fn abort(case: u64, seed: u64) -> ! {
    print(&format!(
        "case {case} of SEEDBAND_FUZZ_SEED={seed} takes longer than {TIME_LIMIT:?}"
    ));
    std::process::abort()
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// On standard error itself, past what the test harness captures.
fn print(line: &str) {
    let thread = std::thread::current();
    let _ = writeln!(std::io::stderr(), "{}: {line}", thread.name().unwrap_or("fuzz"));
}
