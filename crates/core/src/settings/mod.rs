//! What a study can set, one file a table of the TOML.
//!
//! Every struct here is one table: flat, kebab-case, strict, with a default for each key, so that a file may say any part of it. What a key
//! means, its unit and its default stand beside the field and in `configs/reference.toml`.

mod augment;
mod data;
mod gpu_slots;
mod group;
mod init;
mod loss;
mod model;
mod optimizer;
mod pixels;
mod run;
mod statistics;
mod streams;
mod training;
mod validation;

pub use augment::{Augment, PaddingMode};
pub use data::{Data, Source};
pub use gpu_slots::GpuSlots;
pub use group::{Group, fits};
pub use init::{DenseBias, Init, Missing, Scheme};
pub use loss::{Loss, Shown};
pub use model::{Architecture, Model};
pub use optimizer::{Algorithm, DecayMode, Optimizer};
pub use pixels::{Normalize, Pixels};
pub use run::{Devices, Run};
pub use statistics::{EarlyEnd, LrSpace, Statistics};
pub use streams::{StreamSeed, Streams};
pub use training::{BatchSettings, Dtype};
pub use validation::Validation;

use crate::Invalid;

/// `Err` when `value` is set although `kind` has no such key.
fn only_for<T: std::fmt::Debug>(
    value: Option<&T>,
    key: &str,
    belongs: &str,
    kind_key: &str,
    kind: &str,
) -> Result<(), Invalid> {
    match value {
        None => Ok(()),
        Some(value) => Err(Invalid::new(
            key,
            format!("{value:?}"),
            format!("belongs to `{kind_key} = \"{belongs}\"`, and this is `{kind}`"),
            format!("{kind_key} = \"{belongs}\""),
        )),
    }
}

/// `Err` when `value` is not a finite number from `low` to `high`, both included.
fn within(value: f64, low: f64, high: f64, key: &str, example: &str) -> Result<(), Invalid> {
    if value.is_finite() && value >= low && value <= high {
        return Ok(());
    }
    let problem = if high.is_infinite() {
        format!("has to be a finite number of at least {low}")
    } else {
        format!("has to be a number from {low} to {high}")
    };
    Err(Invalid::new(key, value, problem, example))
}
