//! One file a command.

pub(crate) mod aggregate;
pub(crate) mod check_trainer;
pub(crate) mod data;
pub(crate) mod doctor;
pub(crate) mod gc;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod logs;
pub(crate) mod lr_find;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod weights;
