//! Studies on disk, from curves to tables and summaries.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bands;
mod cache;
mod divergence_risk;
mod golden_answers;
mod golden_study;
mod quantiles;
mod ranges;
mod rules;
mod scaling;
mod stopping;
mod study;
mod support;
mod survival;
mod tables;
mod trainings;
mod validation;
mod variation;
