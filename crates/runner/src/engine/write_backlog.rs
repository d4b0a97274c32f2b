//! What waits for room on a full disk.

use crate::engine::completion::Filing;
use seedband_core::files::fsio::FsError;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// Ends of attempts that are to be written, and whether the disk takes them.
pub(crate) struct Room {
    unwritten: VecDeque<Filing>,
    /// Between two looks at a full disk.
    pause: Duration,
    state: State,
    has_given_up: bool,
}

/// How the disk was found.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Free,
    /// Full, and not to be tried before this moment.
    Full(Instant),
    /// Full when last tried, and about to be tried again.
    Trying,
}

impl Room {
    /// Looks at a full disk every `pause`.
    pub(crate) fn new(pause: Duration) -> Self {
        Self {
            unwritten: VecDeque::new(),
            pause,
            state: State::Free,
            has_given_up: false,
        }
    }

    /// Whether nothing waits to be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.unwritten.is_empty()
    }

    /// Whether nothing further should be begun now.
    pub(crate) fn is_short(&self) -> bool {
        matches!(self.state, State::Full(_))
    }

    /// When a full disk is to be tried again.
    pub(crate) fn next_look(&self) -> Option<Instant> {
        match self.state {
            State::Full(at) => Some(at),
            State::Free | State::Trying => None,
        }
    }

    /// Lets it be tried.
    pub(crate) fn look(&mut self) {
        if self.is_short() {
            self.state = State::Trying;
        }
    }

    /// From now on a full disk is an error.
    pub(crate) fn give_up(&mut self) {
        self.has_given_up = true;
        self.look();
    }

    pub(crate) fn has_given_up(&self) -> bool {
        self.has_given_up
    }

    pub(crate) fn push(&mut self, filing: Filing) {
        self.unwritten.push_back(filing);
    }

    /// The next to be written, unless the disk is known to be full.
    pub(crate) fn next(&mut self) -> Option<Filing> {
        if self.is_short() {
            None
        } else {
            self.unwritten.pop_front()
        }
    }

    pub(crate) fn put_back(&mut self, filing: Filing) {
        self.unwritten.push_front(filing);
    }

    /// Takes note of a full disk; true if it was not known before.
    pub(crate) fn is_full(&mut self, error: &FsError) -> bool {
        tracing::debug!(%error, "the disk is full");
        let is_new = self.state == State::Free;
        self.state = State::Full(Instant::now() + self.pause);
        is_new
    }

    /// Takes note that something could be written; true if that is news.
    pub(crate) fn has_room(&mut self) -> bool {
        std::mem::replace(&mut self.state, State::Free) != State::Free
    }
}
