//! The names of a batch norm's entries, by those of PyTorch's `BatchNorm2d`.

use crate::layers::{Role, Spec};

/// What a batch norm holds beside its parameters.
pub(super) const RUNNING_MEAN: &str = "running_mean";
pub(super) const RUNNING_VAR: &str = "running_var";
pub(super) const BATCHES: &str = "num_batches_tracked";

/// The scale of each batch norm, which stands for the batch norm itself.
pub(super) fn norms(specs: &[Spec]) -> impl Iterator<Item = &Spec> {
    specs.iter().filter(|spec| spec.role == Role::NormWeight)
}

/// `layer1.0.bn1.running_mean` of `layer1.0.bn1.weight`.
pub(super) fn beside(weight: &Spec, name: &str) -> String {
    let norm = weight.name.strip_suffix("weight").unwrap_or_default();
    format!("{norm}{name}")
}
