//! How many trials may share a memory.

/// Trials that share a memory: a device's, or the machine's.
#[derive(Debug)]
pub(crate) struct Crowd {
    most: usize,
    /// How often `most` was lowered.
    lowered: u32,
}

/// What follows when memory was short.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Short {
    /// From now on there are at most so many at once.
    Lowered(usize),
    /// Fewer are at once already than when the trial began.
    Since,
    /// The trial had no neighbours.
    Alone,
}

impl Crowd {
    /// At most `most` at once.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, lowered: 0 }
    }

    /// How many there may be at once.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Lets so many be at once from now on.
    pub(crate) fn allow(&mut self, most: usize) {
        self.most = most;
    }

    /// What a trial remembers that begins now, for [`Crowd::short`].
    pub(crate) fn stamp(&self) -> u32 {
        self.lowered
    }

    /// Takes note that memory was short for a trial that began at `stamp` and had `others` beside it. Of several that fail together the first
    /// lowers the number, by one; the others began before that and do not lower it further.
    pub(crate) fn short(&mut self, stamp: u32, others: usize) -> Short {
        if stamp < self.lowered {
            return Short::Since;
        }
        if others == 0 {
            return Short::Alone;
        }
        self.most = self.most.min(others);
        self.lowered += 1;
        Short::Lowered(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_several_that_fail_together_lowers_the_number() {
        let mut crowd = Crowd::new(4);
        let early = crowd.stamp();
        assert_eq!(crowd.short(early, 3), Short::Lowered(3));
        assert_eq!(crowd.short(early, 2), Short::Since);
        let later = crowd.stamp();
        assert_eq!(crowd.short(later, 2), Short::Lowered(2));
        assert_eq!(crowd.short(later, 1), Short::Since);
        assert_eq!((crowd.most(), crowd.short(crowd.stamp(), 0)), (2, Short::Alone));
        // Never raised by a failure, and never below one.
        let mut crowd = Crowd::new(1);
        assert_eq!(crowd.short(crowd.stamp(), 5), Short::Lowered(1));
    }
}
