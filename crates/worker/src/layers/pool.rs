//! Pooling.

use tch::{TchError, Tensor};

/// Mean over height and width: `[n, channels, h, w]` to `[n, channels]`.
pub(crate) fn global_average(x: &Tensor) -> Result<Tensor, TchError> {
    x.f_mean_dim(&[2_i64, 3][..], false, None)
}
