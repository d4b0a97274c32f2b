//! The loss that is trained on and the one that a curve shows.

use crate::layers::{Role, Spec};
use seedband_core::settings::{Loss, Shown};
use tch::{TchError, Tensor};

/// Adds `c * sum(w^2)` over all conv weights and over all dense weights, each with its own c.
pub(super) fn add_penalties(
    entropy: &Tensor,
    settings: &Loss,
    specs: &[Spec],
    parameters: &[Tensor],
) -> Result<Tensor, TchError> {
    let mut loss = entropy.shallow_clone();
    for (factor, role) in [(settings.l2_conv, Role::Conv), (settings.l2_dense, Role::Dense)] {
        if factor == 0.0 {
            continue;
        }
        for (_, weight) in specs.iter().zip(parameters).filter(|(spec, _)| spec.role == role) {
            loss = loss.f_add(&weight.f_square()?.f_sum(None)?.f_mul_scalar(factor)?)?;
        }
    }
    Ok(loss)
}

/// The loss that a curve records; a float32 one is widened, so the value is exact. A sum that is not finite ends the
/// training and is recorded whatever is to be shown.
pub(super) fn shown(what: Shown, entropy: &Tensor, total: &Tensor) -> Result<f64, TchError> {
    let total = total.f_double_value(&[])?;
    if what == Shown::Total || !total.is_finite() {
        return Ok(total);
    }
    entropy.f_double_value(&[])
}
