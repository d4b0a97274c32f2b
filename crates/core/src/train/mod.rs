//! The train stage: trainings after the range test, by what it suggests (`[train]`).
//!
//! A study declares [`Training`]s. Once the range tests that a training depends on have finished, [`plan`] turns it
//! into trials with numbers in place of words: such a [`TrainPlan`] is what a worker trains by, and the numbers are
//! part of the trial's identity.

mod disjoint_pairs;
mod pending;
mod plan;
mod policy;
mod rate;
mod seed_selection;
mod settings;

pub use disjoint_pairs::DisjointPairs;
pub use pending::{PlannedTraining, RangeTests, State, plan};
pub use plan::TrainPlan;
pub use policy::{Anneal, Policy, PolicyKind};
pub use rate::{Floor, MAX_LR, MIN_LR, Rate, RateSource};
pub use seed_selection::{Side, StartWeights, TrainSeeds};
pub use settings::{TrainSettings, Training};
