//! A network's state under PyTorch's names and in its layouts, as a safetensors file.
//!
//! The names are those that `state_dict()` of the same network has as plain PyTorch modules: parameters by their own names, and for each
//! batch norm `running_mean`, `running_var` and `num_batches_tracked` beside its `weight` and `bias`.

mod read;
mod write;

pub use read::{WeightsError, read};
pub use write::to_bytes;

use crate::layers::{Role, Spec};

/// What a batch norm holds beside its parameters, by the names of PyTorch's `BatchNorm2d`.
const RUNNING_MEAN: &str = "running_mean";
const RUNNING_VAR: &str = "running_var";
const BATCHES: &str = "num_batches_tracked";

/// The scale of each batch norm, which stands for the batch norm itself.
fn norms(specs: &[Spec]) -> impl Iterator<Item = &Spec> {
    specs.iter().filter(|spec| spec.role == Role::NormWeight)
}

/// `layer1.0.bn1.running_mean` of `layer1.0.bn1.weight`.
fn beside(weight: &Spec, name: &str) -> String {
    let norm = weight.name.strip_suffix("weight").unwrap_or_default();
    format!("{norm}{name}")
}
