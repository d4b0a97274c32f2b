//! Telling whether the holder of a claim lives, where its process cannot be looked at: by its signs of life.

use super::{ClaimRecord, says};
use crate::store::heartbeat::{self, MISSED, listen};
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Another runner's claim that is looked at again and again.
///
/// Only time that has passed on the watcher's own monotonic clock counts: clocks of hosts differ, and are set.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) claim: PathBuf,
    /// What the claim said at first.
    pub(crate) text: String,
    /// Who holds it; none where the claim cannot be understood.
    pub(crate) holder: Option<ClaimRecord>,
    /// Where the holder gives signs of life.
    heart: Option<PathBuf>,
    first_sign: Option<Vec<u8>>,
    since: Instant,
    /// After so long without a sign the holder counts as gone.
    pub(crate) patience: Duration,
}

/// What a look at it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Nothing yet.
    Still,
    /// The holder has given a sign: it lives.
    Alive,
    /// No sign for as long as it takes: the holder is gone.
    Gone,
    /// The claim is another now, or there is none.
    Changed,
}

impl Watch {
    /// Begins to watch the claim at `claim`, which says `text`. A holder gives a sign every `period`, unless its claim
    /// says otherwise.
    pub(crate) fn new(dir: &StudyDir, claim: PathBuf, text: String, period: Duration) -> Self {
        let holder = ClaimRecord::parse(&text);
        let heart = holder
            .as_ref()
            .filter(|record| is_file_name(&record.runner))
            .map(|record| dir.heartbeat(&record.runner));
        let said = holder.as_ref().and_then(|record| record.heartbeat_ms);
        let said = said.map(Duration::from_millis);
        // A claim that asks for hours would never be anybody's again.
        let period = said.unwrap_or(period).max(period).min(heartbeat::PERIOD * MISSED);
        Self {
            first_sign: heart.as_deref().and_then(listen),
            claim,
            text,
            holder,
            heart,
            since: Instant::now(),
            patience: period * MISSED,
        }
    }

    /// Removes what a holder that is gone has left beside its journal, so that nobody takes it for alive.
    pub(crate) fn clear_up(&self, dir: &StudyDir) {
        if let (Some(holder), Some(heart)) = (&self.holder, &self.heart) {
            for path in [dir.progress(&holder.runner), heart.clone()] {
                // What cannot be removed harms nobody.
                let _ = dir.check(&path).map(|()| fs::remove_file(&path));
            }
        }
    }

    /// Looks at it.
    ///
    /// # Errors
    /// The claim is there and cannot be read.
    pub(crate) fn look(&self) -> Result<Sight, FsError> {
        if !says(&self.claim, &self.text)? {
            return Ok(Sight::Changed);
        }
        let sign = self.heart.as_deref().and_then(listen);
        if sign.is_some() && sign != self.first_sign {
            return Ok(Sight::Alive);
        }
        Ok(if self.since.elapsed() >= self.patience {
            Sight::Gone
        } else {
            Sight::Still
        })
    }
}

/// Whether a runner's name, which somebody else wrote, is the name of a file and of nothing else.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\0'])
}
