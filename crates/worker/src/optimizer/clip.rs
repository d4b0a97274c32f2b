//! Gradients of bounded length.

use tch::{TchError, Tensor};

/// Scales all gradients so that their global L2 norm is at most `limit`, as `torch.nn.utils.clip_grad_norm_` does: by
/// `limit / (norm + 1e-6)`, at most 1. Keras' `clipnorm` leaves the 1e-6 out, which differs by a millionth at a norm
/// of 1.
pub(super) fn clip(gradients: &[Tensor], limit: f64) -> Result<Vec<Tensor>, TchError> {
    let norms = gradients.iter().map(Tensor::f_norm).collect::<Result<Vec<_>, _>>()?;
    let norm = Tensor::f_stack(&norms, 0)?.f_norm()?;
    let scale = norm
        .f_add_scalar(1e-6)?
        .f_reciprocal()?
        .f_mul_scalar(limit)?
        .f_clamp_max(1.0)?;
    gradients.iter().map(|gradient| gradient.f_mul(&scale)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small gradient keeps its length, to the last bit.
    #[test]
    fn clipping_leaves_small_gradients_alone() {
        let gradients = [Tensor::from_slice(&[0.3_f64]), Tensor::from_slice(&[0.4_f64])];
        let clipped = clip(&gradients, 1.0).unwrap();
        assert!(
            clipped
                .iter()
                .zip(&gradients)
                .all(|(clipped, gradient)| clipped.equal(gradient))
        );
        let halved = clip(&gradients, 0.25).unwrap();
        // 0.25 / (0.5 + 1e-6) = 0.499999000002
        assert!((halved[1].double_value(&[0]) - 0.4 * 0.499_999_000_002).abs() < 1e-12);
    }
}
