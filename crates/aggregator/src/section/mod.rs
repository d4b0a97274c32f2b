//! The sections of a summary, one file each.

pub(crate) mod answers;
pub(crate) mod bands;
pub(crate) mod decades;
pub(crate) mod divergence_risk;
pub(crate) mod lr_grid;
pub(crate) mod ranges;
pub(crate) mod regret;
pub(crate) mod rule_names;
pub(crate) mod rules;
pub(crate) mod scaling;
pub(crate) mod trainings;
pub(crate) mod validation;
