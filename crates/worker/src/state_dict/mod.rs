//! A network's state under PyTorch's names and in its layouts, as a safetensors file.
//!
//! The names are those that `state_dict()` of the same network has as plain PyTorch modules: parameters by their own
//! names, and for each batch norm `running_mean`, `running_var` and `num_batches_tracked` beside its `weight` and
//! `bias`.

mod entries;
mod error;
mod read;
mod reader;
mod state;
mod write;

pub use error::WeightsError;
pub use read::read;
pub use state::NetworkState;
pub use write::to_bytes;
