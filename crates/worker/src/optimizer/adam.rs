//! Adam.

use tch::{TchError, Tensor};

/// Adam (Kingma and Ba 2014, algorithm 1). Both moments have one entry a trained parameter and are empty before the
/// first step; `steps` counts finished ones.
#[derive(Debug)]
pub(super) struct Adam {
    pub(super) betas: [f64; 2],
    eps: f64,
    first: Vec<Tensor>,
    second: Vec<Tensor>,
    steps: i32,
}

impl Adam {
    pub(super) fn new(betas: [f64; 2], eps: f64) -> Self {
        Self {
            betas,
            eps,
            first: Vec::new(),
            second: Vec::new(),
            steps: 0,
        }
    }

    /// m = beta1 m + (1 - beta1) g and v = beta2 v + (1 - beta2) g^2, both from 0; with their bias corrected, then
    /// w = w - lr m / (sqrt(v) + eps). Each parameter comes with its lr.
    pub(super) fn step(&mut self, parameters: &mut [(&mut Tensor, f64)], gradients: &[Tensor]) -> Result<(), TchError> {
        if self.first.is_empty() {
            self.first = gradients.iter().map(Tensor::f_zeros_like).collect::<Result<_, _>>()?;
            self.second = gradients.iter().map(Tensor::f_zeros_like).collect::<Result<_, _>>()?;
        }
        self.steps += 1;
        let [beta1, beta2] = self.betas;
        let (correction1, correction2) = (1.0 - beta1.powi(self.steps), 1.0 - beta2.powi(self.steps));
        let moments = self.first.iter_mut().zip(&mut self.second);
        for (((parameter, lr), gradient), (first, second)) in parameters.iter_mut().zip(gradients).zip(moments) {
            let _ = first.f_lerp_(gradient, 1.0 - beta1)?;
            let _ = second
                .f_mul_scalar_(beta2)?
                .f_add_(&gradient.f_square()?.f_mul_scalar(1.0 - beta2)?)?;
            let denominator = second
                .f_sqrt()?
                .f_div_scalar(correction2.sqrt())?
                .f_add_scalar(self.eps)?;
            let _ = parameter.f_sub_(&first.f_div(&denominator)?.f_mul_scalar(*lr / correction1)?)?;
        }
        Ok(())
    }
}
