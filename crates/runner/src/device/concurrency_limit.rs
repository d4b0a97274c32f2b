//! How many trials at once may share a memory.

/// How many trials at once may share a memory: a device's, or the machine's. Lowered where memory was short.
#[derive(Debug)]
pub(crate) struct ConcurrencyLimit {
    most: usize,
    /// How often `most` was lowered.
    generation: u32,
}

/// What follows when memory was short for a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shortage {
    /// From now on there are at most so many at once.
    Lowered(usize),
    /// Fewer are at once already than when the trial began.
    AlreadyLowered,
    /// The trial had no neighbours.
    Alone,
}

impl ConcurrencyLimit {
    /// At most `most` at once.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, generation: 0 }
    }

    /// How many there may be at once.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Lets so many be at once from now on.
    pub(crate) fn set(&mut self, most: usize) {
        self.most = most;
    }

    /// What a trial remembers that begins now, for [`ConcurrencyLimit::shortage`].
    pub(crate) fn generation(&self) -> u32 {
        self.generation
    }

    /// Takes note that memory was short for a trial that began at `generation` and had `others` beside it. Of several
    /// that fail together the first lowers the number, by one; the others began before that and do not lower it
    /// further.
    pub(crate) fn shortage(&mut self, generation: u32, others: usize) -> Shortage {
        if generation < self.generation {
            return Shortage::AlreadyLowered;
        }
        if others == 0 {
            return Shortage::Alone;
        }
        self.most = self.most.min(others);
        self.generation += 1;
        Shortage::Lowered(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_several_that_fail_together_lowers_the_number() {
        let mut limit = ConcurrencyLimit::new(4);
        let early = limit.generation();
        assert_eq!(limit.shortage(early, 3), Shortage::Lowered(3));
        assert_eq!(limit.shortage(early, 2), Shortage::AlreadyLowered);
        let after = limit.generation();
        assert_eq!(limit.shortage(after, 2), Shortage::Lowered(2));
        assert_eq!(limit.shortage(after, 1), Shortage::AlreadyLowered);
        assert_eq!(
            (limit.most(), limit.shortage(limit.generation(), 0)),
            (2, Shortage::Alone)
        );
        // Never raised by a failure, and never below one.
        let mut limit = ConcurrencyLimit::new(1);
        assert_eq!(limit.shortage(limit.generation(), 5), Shortage::Lowered(1));
    }
}
