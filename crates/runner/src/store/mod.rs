//! What is on disk: whose a trial is, what came of it, and what nobody needs any more.

pub mod gc;

pub(crate) mod attempt;
pub(crate) mod claim;
pub(crate) mod data_check;
pub(crate) mod heartbeat;
pub(crate) mod identity;
pub(crate) mod plan;
pub(crate) mod progress;
pub(crate) mod status;
pub(crate) mod weights_check;
