//! What a study can set, one file a table of the TOML.
//!
//! Every struct here is one table: flat, kebab-case, strict, with a default for each key, so that a file may say any
//! part of it. What a key means, its unit and its default stand beside the field and in `configs/reference.toml`.

mod augment;
mod data;
mod gpu_slots;
mod group;
mod init;
mod loss;
mod memory_format;
mod model;
mod optimizer;
mod parameter_names;
mod pixels;
mod run;
mod statistics;
mod streams;
mod training;
mod validation;

pub use augment::{Augment, PaddingMode};
pub use data::{ARRAYS, Data, Layout, Source, VALIDATION_ARRAYS};
pub use gpu_slots::GpuSlots;
pub use group::{Group, fits};
pub use init::{DenseBias, Init, Missing, Scheme};
pub use loss::{Loss, Shown};
pub use memory_format::MemoryFormat;
pub use model::{Architecture, Model};
pub use optimizer::{Algorithm, DecayMode, Optimizer};
pub use pixels::{Normalize, Pixels};
pub use run::{Devices, Run};
pub use statistics::{EarlyEnd, LrSpace, Statistics};
pub use streams::{StreamSeed, Streams};
pub use training::{BatchSettings, Dtype, Precision};
pub use validation::Validation;
