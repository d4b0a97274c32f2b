//! The optimizers, in PyTorch's form (`torch.optim` 2.11, `_single_tensor_sgd` and `_single_tensor_adam`).
//!
//! Two roundings differ from PyTorch's: it fuses `w - lr v` into one operation, here product and sum are rounded apart.

use crate::failure::Unfit;
use crate::groups::multipliers;
use crate::layers::Spec;
use seedband_core::settings::{Algorithm, DecayMode, Optimizer as Settings};
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
    /// `velocity` is empty before the first step.
    Sgd {
        momentum: f64,
        nesterov: bool,
        velocity: Vec<Tensor>,
    },
    /// Both moments are empty before the first step; `steps` counts finished ones.
    Adam {
        betas: [f64; 2],
        eps: f64,
        first: Vec<Tensor>,
        second: Vec<Tensor>,
        steps: i32,
    },
}

impl Optimizer {
    /// The optimizer of `settings` for the parameters of `specs`, which has taken no step yet.
    ///
    /// # Errors
    /// The groups of `settings` do not fit these parameters.
    pub fn new(settings: &Settings, specs: &[Spec]) -> Result<Self, Unfit> {
        let settings = settings.resolved();
        // `resolved` fills in every key of the algorithm, so the fallbacks here are never taken.
        let update = match settings.algorithm {
            Algorithm::Sgd => Update::Sgd {
                momentum: settings.momentum.unwrap_or_default(),
                nesterov: settings.nesterov.unwrap_or_default(),
                velocity: Vec::new(),
            },
            Algorithm::Adam | Algorithm::Adamw => Update::Adam {
                betas: settings.betas.unwrap_or_default(),
                eps: settings.eps.unwrap_or_default(),
                first: Vec::new(),
                second: Vec::new(),
                steps: 0,
            },
        };
        Ok(Self {
            update,
            decay: settings.weight_decay.unwrap_or_default(),
            decoupled: settings.weight_decay_mode == Some(DecayMode::Decoupled),
            clip_norm: settings.clip_norm,
            multipliers: multipliers(&settings.group, specs)?,
        })
    }

    /// Uses another momentum from the next step on: that of SGD, or the first beta of Adam, as PyTorch's `OneCycleLR` cycles them.
    pub fn set_momentum(&mut self, value: f64) {
        match &mut self.update {
            Update::Sgd { momentum, .. } => *momentum = value,
            Update::Adam { betas, .. } => betas[0] = value,
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

    /// One step: clip, decay, update. `parameters` are all there are, and `gradients` belong to the [trained](Self::trained) ones one by one; the
    /// others are left alone. Weight decay acts on every parameter that is trained. Each has its own multiple of `lr`.
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
            for ((parameter, lr), gradient) in trained.iter_mut().zip(&mut gradients) {
                if self.decoupled {
                    let _ = parameter.f_mul_scalar_(1.0 - *lr * self.decay)?;
                } else {
                    *gradient = gradient.f_add(&parameter.f_mul_scalar(self.decay)?)?;
                }
            }
        }
        match &mut self.update {
            Update::Sgd {
                momentum,
                nesterov,
                velocity,
            } => sgd(&mut trained, gradients, velocity, *momentum, *nesterov),
            Update::Adam {
                betas,
                eps,
                first,
                second,
                steps,
            } => {
                if first.is_empty() {
                    *first = gradients.iter().map(Tensor::f_zeros_like).collect::<Result<_, _>>()?;
                    *second = gradients.iter().map(Tensor::f_zeros_like).collect::<Result<_, _>>()?;
                }
                *steps += 1;
                let adam = Adam {
                    betas: *betas,
                    eps: *eps,
                    steps: *steps,
                };
                let moments = first.iter_mut().zip(second);
                trained.into_iter().zip(gradients).zip(moments).try_for_each(
                    |(((parameter, lr), gradient), (first, second))| adam.step(parameter, &gradient, first, second, lr),
                )
            }
        }
    }
}

/// Scales all gradients so that their global L2 norm is at most `limit`, as `torch.nn.utils.clip_grad_norm_` does: by
/// `limit / (norm + 1e-6)`, at most 1. Keras' `clipnorm` leaves the 1e-6 out, which differs by a millionth at a norm of 1.
fn clip(gradients: &[Tensor], limit: f64) -> Result<Vec<Tensor>, TchError> {
    let norms = gradients.iter().map(Tensor::f_norm).collect::<Result<Vec<_>, _>>()?;
    let norm = Tensor::f_stack(&norms, 0)?.f_norm()?;
    let scale = norm
        .f_add_scalar(1e-6)?
        .f_reciprocal()?
        .f_mul_scalar(limit)?
        .f_clamp_max(1.0)?;
    gradients.iter().map(|gradient| gradient.f_mul(&scale)).collect()
}

/// v = momentum v + g with v = g in the first step; then w = w - lr v, or w - lr (g + momentum v) for Nesterov's form. Each parameter comes with
/// its lr.
fn sgd(
    parameters: &mut [(&mut Tensor, f64)],
    gradients: Vec<Tensor>,
    velocity: &mut Vec<Tensor>,
    momentum: f64,
    nesterov: bool,
) -> Result<(), TchError> {
    let directions = if momentum == 0.0 {
        gradients
    } else {
        if velocity.is_empty() {
            // A copy: a gradient may share its memory with another tensor of the graph.
            *velocity = gradients.iter().map(own_copy).collect::<Result<_, _>>()?;
        } else {
            for (velocity, gradient) in velocity.iter_mut().zip(&gradients) {
                let _ = velocity.f_mul_scalar_(momentum)?.f_add_(gradient)?;
            }
        }
        let directions = velocity.iter().zip(&gradients).map(|(velocity, gradient)| {
            if nesterov {
                gradient.f_add(&velocity.f_mul_scalar(momentum)?)
            } else {
                Ok(velocity.shallow_clone())
            }
        });
        directions.collect::<Result<_, _>>()?
    };
    for ((parameter, lr), direction) in parameters.iter_mut().zip(&directions) {
        let _ = parameter.f_sub_(&direction.f_mul_scalar(*lr)?)?;
    }
    Ok(())
}

fn own_copy(tensor: &Tensor) -> Result<Tensor, TchError> {
    let mut copy = tensor.f_empty_like()?;
    copy.f_copy_(tensor)?;
    Ok(copy)
}

/// The numbers of one Adam step (Kingma and Ba 2014, algorithm 1).
struct Adam {
    betas: [f64; 2],
    eps: f64,
    steps: i32,
}

impl Adam {
    fn step(
        &self,
        parameter: &mut Tensor,
        gradient: &Tensor,
        first: &mut Tensor,
        second: &mut Tensor,
        lr: f64,
    ) -> Result<(), TchError> {
        let [beta1, beta2] = self.betas;
        let _ = first.f_lerp_(gradient, 1.0 - beta1)?;
        let _ = second
            .f_mul_scalar_(beta2)?
            .f_add_(&gradient.f_square()?.f_mul_scalar(1.0 - beta2)?)?;
        let (correction1, correction2) = (1.0 - beta1.powi(self.steps), 1.0 - beta2.powi(self.steps));
        let denominator = second
            .f_sqrt()?
            .f_div_scalar(correction2.sqrt())?
            .f_add_scalar(self.eps)?;
        let _ = parameter.f_sub_(&first.f_div(&denominator)?.f_mul_scalar(lr / correction1)?)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Builder;
    use seedband_core::settings::Group;

    /// `a.weight` and `b.weight`.
    fn specs() -> Vec<Spec> {
        let mut builder = Builder::default();
        builder.conv("a", 1, 1, 1, 1);
        builder.conv("b", 1, 1, 1, 1);
        builder.finish()
    }

    /// Three steps from w = (1, -2) with fixed gradients and learning rates.
    fn walked(settings: &Settings) -> [f64; 2] {
        // Two parameters, so that the norm to clip is global.
        let mut parameters = [Tensor::from_slice(&[1.0_f64]), Tensor::from_slice(&[-2.0_f64])];
        let mut optimizer = Optimizer::new(settings, &specs()).unwrap();
        for (gradient, lr) in [([0.5_f64, 1.0], 0.1), ([-0.25, 2.0], 0.2), ([1.0, 1.0], 0.05)] {
            let gradients = gradient.map(|value| Tensor::from_slice(&[value]));
            // What is picked among parameters is picked among their gradients.
            let trained = optimizer.trained(&gradients).into_iter().map(Tensor::shallow_clone);
            let gradients = trained.collect();
            optimizer.step(&mut parameters, gradients, lr).unwrap();
        }
        parameters.each_ref().map(|parameter| parameter.double_value(&[0]))
    }

    fn check(settings: &Settings, expected: [f64; 2]) {
        let walked = walked(settings);
        // Some ten roundings of numbers near 1 to 3.
        assert!(
            walked
                .iter()
                .zip(expected)
                .all(|(value, expected)| (value - expected).abs() < 1e-14),
            "{settings:?}: {walked:?}"
        );
    }

    // The expected values come from the update rules on the documentation pages of `torch.optim.SGD`, `Adam` and `AdamW`, computed in Python
    // floats apart from this crate; those of the first two were checked by hand.

    #[test]
    fn sgd() {
        let base = Settings {
            momentum: Some(0.0),
            ..Settings::default()
        };
        check(&base, [0.95, -2.55]);
        let momentum = Settings {
            momentum: Some(0.9),
            ..base.clone()
        };
        check(&momentum, [0.851, -2.8605]);
        check(
            &Settings {
                nesterov: Some(true),
                ..momentum.clone()
            },
            [0.8159, -3.324_45],
        );
        let decay = Settings {
            weight_decay: Some(0.1),
            ..momentum
        };
        check(&decay, [0.791_604, -2.732_528]);
        let decoupled = Settings {
            weight_decay_mode: Some(DecayMode::Decoupled),
            nesterov: Some(true),
            ..decay.clone()
        };
        check(&decoupled, [0.783_544_5, -3.245_807]);
        check(
            &Settings {
                clip_norm: Some(1.0),
                ..base
            },
            [0.944_730_301_000_778_8, -2.323_253_430_040_652],
        );
        // Clipping comes before the decay.
        check(
            &Settings {
                clip_norm: Some(1.0),
                ..decay
            },
            [0.792_228_615_677_914_6, -2.438_568_056_828_722_7],
        );
    }

    #[test]
    fn adam() {
        let adam = Settings {
            algorithm: Algorithm::Adam,
            ..Settings::default()
        };
        check(&adam, [0.813_827_015_900_314_5, -2.340_133_371_116_501_3]);
        check(
            &Settings {
                weight_decay: Some(0.1),
                ..adam
            },
            [0.772_415_327_862_489, -2.336_504_275_521_615],
        );
    }

    #[test]
    fn adamw() {
        let adamw = Settings {
            algorithm: Algorithm::Adamw,
            ..Settings::default()
        };
        check(&adamw, [0.810_607_048_598_608_7, -2.332_793_950_917_029]);
        let other = Settings {
            betas: Some([0.8, 0.9]),
            eps: Some(1e-3),
            weight_decay: Some(0.5),
            clip_norm: Some(1.0),
            ..adamw
        };
        check(&other, [0.630_739_249_833_472_7, -1.999_008_641_924_293]);
    }

    fn with_group(settings: &Settings, multiplier: f64) -> Settings {
        let group = Group {
            parameters: vec!["b.*".into()],
            lr_multiplier: Some(multiplier),
            freeze: false,
        };
        Settings {
            group: vec![group],
            ..settings.clone()
        }
    }

    /// With the first parameter alone, clipping sees the norm of its gradient: 0.5 and 0.25 stay, 1 becomes 1 / (1 + 1e-6).
    #[test]
    fn a_frozen_parameter_stays_and_has_no_part_in_the_others() {
        let sgd = Settings {
            momentum: Some(0.9),
            weight_decay: Some(0.1),
            ..Settings::default()
        };
        check(&with_group(&sgd, 0.0), [0.791_604, -2.0]);
        let decoupled = Settings {
            weight_decay_mode: Some(DecayMode::Decoupled),
            nesterov: Some(true),
            ..sgd
        };
        check(&with_group(&decoupled, 0.0), [0.783_544_5, -2.0]);
        let adam = Settings {
            algorithm: Algorithm::Adam,
            ..Settings::default()
        };
        check(&with_group(&adam, 0.0), [0.813_827_015_900_314_5, -2.0]);
        let clipped = Settings {
            momentum: Some(0.0),
            clip_norm: Some(1.0),
            ..Settings::default()
        };
        check(
            &with_group(&clipped, 0.0),
            [1.0 - 0.05 + 0.05 - 0.05 / (1.0 + 1e-6), -2.0],
        );
    }

    /// By hand: without momentum the second parameter goes 3 (0.1 + 0.4 + 0.05) the way it went once; decoupled, each step first takes a tenth of
    /// its own rate: -2 (1 - 0.03) - 0.3 = -2.24, -2.24 (1 - 0.06) - 1.2 = -3.3056, -3.3056 (1 - 0.015) - 0.15 = -3.406016.
    #[test]
    fn a_multiplier_is_a_learning_rate_of_its_own() {
        let plain = Settings {
            momentum: Some(0.0),
            ..Settings::default()
        };
        check(&with_group(&plain, 3.0), [0.95, -2.0 - 3.0 * 0.55]);
        let decoupled = Settings {
            weight_decay: Some(0.1),
            weight_decay_mode: Some(DecayMode::Decoupled),
            ..plain
        };
        let [_, moved] = walked(&with_group(&decoupled, 3.0));
        assert!((moved + 3.406_016).abs() < 1e-14, "{moved}");
        // Adam's step is a multiple of the rate: without decay the way is that many times as long.
        let adam = Settings {
            algorithm: Algorithm::Adam,
            ..Settings::default()
        };
        let way = |settings: &Settings| walked(settings)[1] + 2.0;
        assert!((way(&with_group(&adam, 3.0)) - 3.0 * way(&adam)).abs() < 1e-14);
    }

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
