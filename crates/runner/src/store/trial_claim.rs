//! Taking a trial's folder for oneself before anything is written into it.

use crate::store::claim::{Claim, ClaimRecord, Claiming};
use crate::store::identity::RunnerIdentity;
use crate::store::plan::owner;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::TrialDir;
use seedband_core::trial::{Trial, TrialId};
use std::path::PathBuf;

/// What came of the wish to write into a trial's folder.
#[derive(Debug)]
pub(crate) enum ClaimedTrial {
    /// It belongs to this runner while the claim is there, and `trial.json` in it names the trial.
    Ours(Claim),
    /// Another runner is at it.
    Held {
        claim: PathBuf,
        /// No record where the claim cannot be read.
        holder: Option<ClaimRecord>,
    },
    /// The folder is that of another trial, with the claim to say so.
    Foreign(Claim, TrialId),
}

/// Claims `trial` for `runner` and gives its folder a `trial.json` if there is none. Claims of hosts in `take_over` do
/// not hold.
///
/// # Errors
/// A file or folder cannot be read or written.
pub(crate) fn claim_trial(
    folder: &TrialDir,
    trial: &Trial,
    runner: &RunnerIdentity,
    take_over: &[String],
) -> Result<ClaimedTrial, FsError> {
    fsio::create_dir_all(folder.root())?;
    let claim = match Claim::take(&folder.claim(), runner, take_over)? {
        Claiming::Ours(claim) => claim,
        Claiming::Held(holder) => {
            let claim = folder.claim();
            return Ok(ClaimedTrial::Held { claim, holder });
        }
    };
    // While the claim is ours others write nothing here but claims of their own, in vain.
    fsio::remove_hidden(folder.root(), "claim")?;
    match owner(folder)? {
        Some(owner) if owner == trial.id => {}
        None => fsio::write_json(&folder.trial(), trial)?,
        Some(owner) => return Ok(ClaimedTrial::Foreign(claim, owner)),
    }
    Ok(ClaimedTrial::Ours(claim))
}
