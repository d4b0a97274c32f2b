//! Curves of a study from disk, read by each config's rules.

mod load;

pub use load::{ConfigCurves, Curves, Outcome, ReadCurve, TrialCurve, load};
