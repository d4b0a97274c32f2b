//! The sections of a summary, one file each.

pub(crate) mod answers;
pub(crate) mod bands;
pub(crate) mod config_answer;
pub(crate) mod decades;
pub(crate) mod differences;
pub(crate) mod divergence_risk;
mod edge;
pub(crate) mod lr_grid;
pub(crate) mod metrics;
pub(crate) mod ranges;
pub(crate) mod regret;
pub(crate) mod rule_names;
pub(crate) mod rules;
pub(crate) mod scaling;
mod suggestion;
pub(crate) mod trainings;
pub(crate) mod validation;
pub(crate) mod variation;
