//! Fewer images of each class.

/// Takes the first `limit` of each class; without a limit everything.
pub(super) struct ClassLimit {
    limit: usize,
    taken: Vec<usize>,
}

impl ClassLimit {
    pub(super) fn new(limit: Option<u32>, classes: usize) -> Self {
        Self {
            limit: limit.map_or(usize::MAX, |limit| limit as usize),
            taken: vec![0; classes],
        }
    }

    /// Whether the next image of `class` is in.
    pub(super) fn take(&mut self, class: usize) -> bool {
        let within = self.taken[class] < self.limit;
        self.taken[class] += usize::from(within);
        within
    }
}
