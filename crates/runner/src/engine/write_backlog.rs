//! What waits to be written because the disk is full, or the journal refuses.

use crate::engine::completion::Completion;
use seedband_core::files::fsio::FsError;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// How often the journal is tried before the run ends.
const JOURNAL_TRIES: u32 = 5;

/// Ends of attempts that are to be written, and whether the disk takes them.
pub(crate) struct WriteBacklog {
    unwritten: VecDeque<Completion>,
    /// Between two tries at a full disk.
    pause: Duration,
    disk: Disk,
    has_given_up: bool,
    /// How often in a row the journal could not be written for another reason than a full disk.
    journal_failures: u32,
}

/// How the disk was found.
#[derive(Clone, Copy, PartialEq)]
enum Disk {
    Free,
    /// Full, and not to be tried before this moment.
    Full(Instant),
    /// Full when last tried, and about to be tried again.
    Trying,
}

impl WriteBacklog {
    /// Tries a full disk again every `pause`.
    pub(crate) fn new(pause: Duration) -> Self {
        Self {
            unwritten: VecDeque::new(),
            pause,
            disk: Disk::Free,
            has_given_up: false,
            journal_failures: 0,
        }
    }

    /// Ends of attempts that wait.
    pub(crate) fn len(&self) -> usize {
        self.unwritten.len()
    }

    /// Takes note that the journal could not be written; whether that is tried again, after the usual pause.
    pub(crate) fn note_journal_failure(&mut self) -> bool {
        self.journal_failures += 1;
        let is_tried_again = self.journal_failures < JOURNAL_TRIES && !self.has_given_up;
        if is_tried_again {
            self.disk = Disk::Full(Instant::now() + self.pause);
        }
        is_tried_again
    }

    /// Whether nothing waits to be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.unwritten.is_empty()
    }

    /// Whether nothing should be written now.
    pub(crate) fn is_blocked(&self) -> bool {
        matches!(self.disk, Disk::Full(_))
    }

    /// When a full disk is to be tried again.
    pub(crate) fn next_try(&self) -> Option<Instant> {
        match self.disk {
            Disk::Full(at) => Some(at),
            Disk::Free | Disk::Trying => None,
        }
    }

    /// Lets it be tried.
    pub(crate) fn try_again(&mut self) {
        if self.is_blocked() {
            self.disk = Disk::Trying;
        }
    }

    /// From now on a full disk is an error.
    pub(crate) fn give_up(&mut self) {
        self.has_given_up = true;
        self.try_again();
    }

    /// Whether to wait after this error: the disk is full, and it may be waited for.
    pub(crate) fn waits_for(&self, error: &FsError) -> bool {
        error.is_disk_full() && !self.has_given_up
    }

    pub(crate) fn push(&mut self, completion: Completion) {
        self.unwritten.push_back(completion);
    }

    /// The next to be written, unless the disk is known to be full.
    pub(crate) fn next(&mut self) -> Option<Completion> {
        if self.is_blocked() {
            None
        } else {
            self.unwritten.pop_front()
        }
    }

    pub(crate) fn put_back(&mut self, completion: Completion) {
        self.unwritten.push_front(completion);
    }

    /// Takes note of a full disk; true if it was not known before.
    pub(crate) fn note_full(&mut self) -> bool {
        let is_new = self.disk == Disk::Free;
        self.disk = Disk::Full(Instant::now() + self.pause);
        is_new
    }

    /// Takes note that something could be written; true if that is news.
    pub(crate) fn note_written(&mut self) -> bool {
        self.journal_failures = 0;
        std::mem::replace(&mut self.disk, Disk::Free) != Disk::Free
    }
}
