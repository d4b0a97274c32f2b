//! Statistics that know nothing of a study: samples in, numbers out.

pub(crate) mod band;
mod clopper_pearson;
mod consensus;
mod median_ci;
pub(crate) mod quantile;

pub(crate) use clopper_pearson::clopper_pearson;
pub use consensus::consensus;
pub use median_ci::median_ci;
pub use quantile::{Sample, Scale};
