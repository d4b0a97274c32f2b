//! One file a command.

pub(crate) mod aggregate;
pub(crate) mod doctor;
pub(crate) mod init;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod weights;
