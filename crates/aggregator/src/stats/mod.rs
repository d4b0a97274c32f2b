//! Statistics that know nothing of a study's files: samples in, numbers out.

mod band;
mod clopper_pearson;
mod groups;
mod median_ci;
mod quantile;
mod spread;
mod support;
mod survival;

pub use median_ci::median_ci;
pub use quantile::{Sample, Scale};
pub use survival::Followed;

pub(crate) use band::{BandRows, Extent, band_frame, bands};
pub(crate) use clopper_pearson::clopper_pearson;
pub(crate) use groups::Groups;
pub(crate) use quantile::quantiles;
pub use support::{SeedRange, Shared, holds, most_shared, shared_range, widest_shared};
pub(crate) use support::{held_out_ranges, held_out_rates, ninety_percent};
pub(crate) use spread::{estimate, spreads, usable};
pub(crate) use survival::{Ends, Survival};
