//! Dense layer.

use tch::{TchError, Tensor};

/// A dense layer with bias.
#[derive(Debug)]
pub struct Dense {
    pub(super) weight: usize,
}

impl Dense {
    /// `[n, in]` to `[n, out]`.
    pub fn forward(&self, parameters: &[Tensor], x: &Tensor) -> Result<Tensor, TchError> {
        x.f_linear(&parameters[self.weight], Some(&parameters[self.weight + 1]))
    }
}
