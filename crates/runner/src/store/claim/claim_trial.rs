//! Taking a trial's folder for oneself before anything is written into it.

use crate::store::claim::{Claim, ClaimRecord, ClaimResult, Claimant};
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::{TrialDir, TrialIndex};
use seedband_core::trial::{Trial, TrialId};
use std::path::PathBuf;

/// What came of the wish to write into a trial's folder.
#[derive(Debug)]
pub(crate) enum ClaimedTrial {
    /// It belongs to this runner while the claim is there, and `trial.json` in it names the trial.
    Taken(TrialDir, Claim),
    /// Another runner is at it.
    Held {
        claim: PathBuf,
        holder: Option<ClaimRecord>,
    },
    /// Another runner was at it, of which nobody knows from here whether it lives.
    Unknown {
        claim: PathBuf,
        /// What the claim says.
        text: String,
    },
    /// The folder that is named by the whole id is that of another trial, which only a person can have brought about.
    Foreign(TrialDir, TrialId),
}

/// Claims `trial` for `claimant`, in its folder or, if it has none, in the one where it belongs, which gets a
/// `trial.json`.
///
/// # Errors
/// A file or folder cannot be read or written.
pub(crate) fn claim_trial(index: &TrialIndex, trial: &Trial, claimant: &Claimant) -> Result<ClaimedTrial, FsError> {
    loop {
        let folder = index.place(trial)?;
        index.study().create(folder.root())?;
        let claim = folder.claim();
        let claim = match Claim::take(&claim, claimant)? {
            ClaimResult::Taken(claim) => claim,
            ClaimResult::Held(holder) => return Ok(ClaimedTrial::Held { claim, holder }),
            ClaimResult::Unknown(text) => return Ok(ClaimedTrial::Unknown { claim, text }),
        };
        // While the claim is ours others write nothing here but claims of their own, in vain.
        fsio::remove_hidden(folder.root(), "claim")?;
        match folder.owner()? {
            Some(owner) if owner == trial.id => {}
            None => fsio::write_json(&folder.trial(), trial)?,
            Some(owner) if folder == index.study().trial_by_whole_id(trial) => {
                return Ok(ClaimedTrial::Foreign(folder, owner));
            }
            // Another runner has put a trial here since, whose id begins alike: there is another place.
            Some(_) => continue,
        }
        return Ok(ClaimedTrial::Taken(folder, claim));
    }
}
