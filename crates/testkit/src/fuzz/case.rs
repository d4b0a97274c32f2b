//! One input: which seed it is made of, what is done to it, and how reading it goes.

use super::Fuzz;
use super::damage::Damage;
use crate::{Random, peak};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A seed and the damages that are done to it in turn.
#[derive(Debug, Clone)]
pub(super) struct Case {
    base: usize,
    damages: Vec<Damage>,
}

/// The length of an input and the most bytes of heap that reading it took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Usage {
    pub(super) length: usize,
    pub(super) heap: usize,
}

impl Case {
    /// Case `number` of the run of `seed`: the first `seeds` are the seeds themselves.
    pub(super) fn new(number: u64, seed: u64, seeds: usize) -> Self {
        // Each case has a stream of its own and can be had without those before it.
        let mut random =
            Random::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93));
        match usize::try_from(number) {
            Ok(base) if base < seeds => Self {
                base,
                damages: Vec::new(),
            },
            _ => Self {
                base: random.below(seeds),
                damages: damages(&mut random),
            },
        }
    }
}

/// A few of any kind, one of them, or a few that leave the form of the input as it is: each reaches other depths of a
/// reader.
fn damages(random: &mut Random) -> Vec<Damage> {
    match random.below(3) {
        0 => (0..=random.below(6)).map(|_| Damage::new(random)).collect(),
        1 => vec![Damage::new(random)],
        _ => (0..=random.below(3)).map(|_| Damage::number(random)).collect(),
    }
}

impl<M: Fn(usize) -> usize> Fuzz<'_, M> {
    fn input(&self, case: &Case) -> Vec<u8> {
        let mut bytes = self.seeds.get(case.base).cloned().unwrap_or_default();
        for damage in &case.damages {
            damage.apply(&mut bytes, self.seeds, self.words);
        }
        bytes
    }

    /// Reads the input of `case`; what is wrong with that, if anything is.
    pub(super) fn check<T>(&self, case: &Case, read: &impl Fn(&[u8]) -> T) -> Result<Usage, String> {
        let bytes = self.input(case);
        let length = bytes.len();
        let (result, heap) = peak(|| catch_unwind(AssertUnwindSafe(|| drop(read(&bytes)))));
        result.map_err(|_| "panics".to_owned())?;
        let limit = (self.memory)(length);
        if heap > limit {
            return Err(format!("takes {heap} bytes of heap, and {limit} are allowed"));
        }
        Ok(Usage { length, heap })
    }

    /// Panics with the least damage that is still too much.
    pub(super) fn fail<T>(&self, mut case: Case, read: &impl Fn(&[u8]) -> T, number: u64, seed: u64) -> ! {
        let mut at = 0;
        while at < case.damages.len() {
            let mut fewer = case.clone();
            fewer.damages.remove(at);
            if self.check(&fewer, read).is_err() {
                case = fewer;
            } else {
                at += 1;
            }
        }
        let bytes = self.input(&case);
        let problem = self.check(&case, read).err().unwrap_or_default();
        let path = std::env::temp_dir().join(format!("seedband-fuzz-{}-{number}", std::process::id()));
        let written = std::fs::write(&path, &bytes).map(|()| path.display().to_string());
        let start: String = String::from_utf8_lossy(&bytes).chars().take(2000).collect();
        panic!(
            "an input of {} bytes {problem} (case {number} of seed {seed}, written to {written:?}, damage {:?}):\n\
             {start}",
            bytes.len(),
            case.damages
        );
    }
}
