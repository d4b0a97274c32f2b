//! The optimizers, in PyTorch's form (`torch.optim` 2.11, `_single_tensor_sgd` and `_single_tensor_adam`).
//!
//! Two roundings differ from PyTorch's: it fuses `w - lr v` into one operation, here product and sum are rounded apart.

mod adam;
mod clip;
mod param_groups;
mod sgd;
#[cfg(test)]
mod tests;

use crate::failure::DataMismatch;
use crate::layers::Spec;
use adam::Adam;
use clip::clip;
use param_groups::multipliers;
use seedband_core::settings::{Algorithm, DecayMode, Optimizer as Settings};
use sgd::Sgd;
use tch::{TchError, Tensor};

/// An optimizer with its state, one entry a parameter.
#[derive(Debug)]
pub struct Optimizer {
    update: Update,
    decay: f64,
    decoupled: bool,
    clip_norm: Option<f64>,
    /// What the learning rate of each parameter is multiplied by; 0 for a frozen one.
    multipliers: Vec<f64>,
}

#[derive(Debug)]
enum Update {
    Sgd(Sgd),
    Adam(Adam),
}

impl Optimizer {
    /// The optimizer of `settings` for the parameters of `specs`, which has taken no step yet.
    ///
    /// # Errors
    /// The groups of `settings` do not fit these parameters.
    pub fn new(settings: &Settings, specs: &[Spec]) -> Result<Self, DataMismatch> {
        let settings = settings.resolved();
        // `resolved` fills in every key of the algorithm, so the fallbacks here are never taken.
        let update = match settings.algorithm {
            Algorithm::Sgd => Update::Sgd(Sgd::new(
                settings.momentum.unwrap_or_default(),
                settings.nesterov.unwrap_or_default(),
            )),
            Algorithm::Adam | Algorithm::Adamw => Update::Adam(Adam::new(
                settings.betas.unwrap_or_default(),
                settings.eps.unwrap_or_default(),
            )),
        };
        Ok(Self {
            update,
            decay: settings.weight_decay.unwrap_or_default(),
            decoupled: settings.weight_decay_mode == Some(DecayMode::Decoupled),
            clip_norm: settings.clip_norm,
            multipliers: multipliers(&settings.group, specs)?,
        })
    }

    /// Uses another momentum from the next step on: that of SGD, or the first beta of Adam, as PyTorch's `OneCycleLR`
    /// cycles them.
    pub fn set_momentum(&mut self, value: f64) {
        match &mut self.update {
            Update::Sgd(sgd) => sgd.momentum = value,
            Update::Adam(adam) => adam.betas[0] = value,
        }
    }

    /// Those of all `parameters` that are trained, in their order: all but frozen ones.
    pub fn trained<'a>(&self, parameters: &'a [Tensor]) -> Vec<&'a Tensor> {
        let pairs = parameters.iter().zip(&self.multipliers);
        pairs
            .filter(|(_, multiplier)| **multiplier != 0.0)
            .map(|(parameter, _)| parameter)
            .collect()
    }

    /// One step: clip, decay, update. `parameters` are all there are, and `gradients` belong to the
    /// [trained](Self::trained) ones one by one; the others are left alone. Weight decay acts on every parameter that
    /// is trained. Each has its own multiple of `lr`.
    pub fn step(&mut self, parameters: &mut [Tensor], gradients: Vec<Tensor>, lr: f64) -> Result<(), TchError> {
        let _guard = tch::no_grad_guard();
        let pairs = parameters.iter_mut().zip(&self.multipliers);
        let mut trained: Vec<(&mut Tensor, f64)> = pairs
            .filter(|(_, multiplier)| **multiplier != 0.0)
            .map(|(parameter, multiplier)| (parameter, lr * multiplier))
            .collect();
        let mut gradients = match self.clip_norm {
            Some(limit) => clip(&gradients, limit)?,
            None => gradients,
        };
        if self.decay != 0.0 {
            self.apply_decay(&mut trained, &mut gradients)?;
        }
        match &mut self.update {
            Update::Sgd(sgd) => sgd.step(&mut trained, gradients),
            Update::Adam(adam) => adam.step(&mut trained, &gradients),
        }
    }

    /// Weight decay of each parameter by its own lr: on the weights themselves where it is decoupled, else on their
    /// gradients.
    fn apply_decay(&self, trained: &mut [(&mut Tensor, f64)], gradients: &mut [Tensor]) -> Result<(), TchError> {
        for ((parameter, lr), gradient) in trained.iter_mut().zip(gradients) {
            if self.decoupled {
                let _ = parameter.f_mul_scalar_(1.0 - *lr * self.decay)?;
            } else {
                *gradient = gradient.f_add(&parameter.f_mul_scalar(self.decay)?)?;
            }
        }
        Ok(())
    }
}
