//! What a report is about: one folder a topic, with its words and its figure.

pub(crate) mod bands;
pub(crate) mod compare;
pub(crate) mod decade_groups;
pub(crate) mod divergence_risk;
pub(crate) mod figures;
mod file_names;
pub(crate) mod lr_grid;
pub(crate) mod overlap;
pub(crate) mod partial;
pub(crate) mod ranges;
pub(crate) mod rules;
pub(crate) mod scaling;
pub(crate) mod trainings;
pub(crate) mod validation;
pub(crate) mod variation;
pub(crate) mod verdict;
pub(crate) mod warnings;
