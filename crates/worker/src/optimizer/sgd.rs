//! Stochastic gradient descent with momentum.

use tch::{TchError, Tensor};

/// SGD; `velocity` has one entry a trained parameter and is empty before the first step.
#[derive(Debug)]
pub(super) struct Sgd {
    pub(super) momentum: f64,
    nesterov: bool,
    velocity: Vec<Tensor>,
}

impl Sgd {
    pub(super) fn new(momentum: f64, nesterov: bool) -> Self {
        Self {
            momentum,
            nesterov,
            velocity: Vec::new(),
        }
    }

    /// v = momentum v + g with v = g in the first step; then w = w - lr v, or w - lr (g + momentum v) for Nesterov's
    /// form. Each parameter comes with its lr.
    pub(super) fn step(
        &mut self,
        parameters: &mut [(&mut Tensor, f64)],
        gradients: Vec<Tensor>,
    ) -> Result<(), TchError> {
        let directions = self.directions(gradients)?;
        for ((parameter, lr), direction) in parameters.iter_mut().zip(&directions) {
            let _ = parameter.f_sub_(&direction.f_mul_scalar(*lr)?)?;
        }
        Ok(())
    }

    /// What lr is multiplied by.
    fn directions(&mut self, gradients: Vec<Tensor>) -> Result<Vec<Tensor>, TchError> {
        if self.momentum == 0.0 {
            return Ok(gradients);
        }
        if self.velocity.is_empty() {
            // A copy: a gradient may share its memory with another tensor of the graph.
            self.velocity = gradients.iter().map(copy).collect::<Result<_, _>>()?;
        } else {
            for (velocity, gradient) in self.velocity.iter_mut().zip(&gradients) {
                let _ = velocity.f_mul_scalar_(self.momentum)?.f_add_(gradient)?;
            }
        }
        let directions = self.velocity.iter().zip(&gradients).map(|(velocity, gradient)| {
            if self.nesterov {
                gradient.f_add(&velocity.f_mul_scalar(self.momentum)?)
            } else {
                Ok(velocity.shallow_clone())
            }
        });
        directions.collect()
    }
}

fn copy(tensor: &Tensor) -> Result<Tensor, TchError> {
    let mut copy = tensor.f_empty_like()?;
    copy.f_copy_(tensor)?;
    Ok(copy)
}
