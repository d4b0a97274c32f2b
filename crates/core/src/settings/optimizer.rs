use super::Group;
use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// The optimizer, table `[optimizer]`. Defaults mean what PyTorch means by them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Optimizer {
    /// Default `sgd`.
    pub algorithm: Algorithm,
    /// `sgd`: momentum, in [0, 1). Default 0.9.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub momentum: Option<f64>,
    /// `sgd`: Nesterov momentum. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nesterov: Option<bool>,
    /// `adam`, `adamw`: decay rates of the two moments. Default `[0.9, 0.999]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub betas: Option<[f64; 2]>,
    /// `adam`, `adamw`: added to the denominator. Default 1e-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eps: Option<f64>,
    /// Weight decay on every parameter. Default 0 (`adamw`: 0.01).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_decay: Option<f64>,
    /// `sgd`: where the decay acts. Default `coupled`; `adam` is always coupled, `adamw` always decoupled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_decay_mode: Option<DecayMode>,
    /// Largest global L2 norm of all gradients together; larger ones are scaled down to it before the update. Default:
    /// no clipping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip_norm: Option<f64>,
    /// Parameters with a learning rate of their own, or frozen. Default: none. Not written where there is none, so that
    /// trials from before there were groups keep their ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group: Vec<Group>,
}

/// An optimizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// Stochastic gradient descent, PyTorch's form: v = momentum v + g, w = w - lr v.
    #[default]
    Sgd,
    /// Adam (Kingma and Ba 2014).
    Adam,
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2017).
    Adamw,
}

/// Where weight decay acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum DecayMode {
    /// Added to the gradient, so it passes through the momentum (PyTorch's SGD and Adam).
    #[default]
    Coupled,
    /// w = w (1 - lr decay) before the update (fastai's `true_wd`, `AdamW`).
    Decoupled,
}

impl Optimizer {
    /// The same optimizer with every key of its algorithm filled in.
    #[must_use]
    pub fn resolved(&self) -> Self {
        let mut resolved = self.clone();
        let adamw = self.algorithm == Algorithm::Adamw;
        resolved.group = self.group.iter().map(Group::resolved).collect();
        if self.algorithm == Algorithm::Sgd {
            resolved.momentum = Some(self.momentum.unwrap_or(0.9));
            resolved.nesterov = Some(self.nesterov.unwrap_or(false));
        } else {
            resolved.betas = Some(self.betas.unwrap_or([0.9, 0.999]));
            resolved.eps = Some(self.eps.unwrap_or(1e-8));
        }
        resolved.weight_decay = Some(self.weight_decay.unwrap_or(if adamw { 0.01 } else { 0.0 }));
        resolved.weight_decay_mode = Some(match self.algorithm {
            Algorithm::Sgd => self.weight_decay_mode.unwrap_or_default(),
            Algorithm::Adam => DecayMode::Coupled,
            Algorithm::Adamw => DecayMode::Decoupled,
        });
        resolved
    }

    /// Checks ranges, and that no key of another algorithm is set.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.reject_unused()?;
        let momentum = self.momentum.unwrap_or(0.9);
        if !(0.0..1.0).contains(&momentum) {
            return Err(Invalid::new(
                "momentum",
                momentum,
                "has to be at least 0 and below 1",
                "momentum = 0.9",
            ));
        }
        if self.nesterov == Some(true) && momentum == 0.0 {
            return Err(Invalid::new(
                "nesterov",
                true,
                "needs a momentum above 0",
                "momentum = 0.9",
            ));
        }
        for beta in self.betas.iter().flatten() {
            if !(0.0..1.0).contains(beta) {
                return Err(Invalid::new(
                    "betas",
                    beta,
                    "each has to be at least 0 and below 1",
                    "betas = [0.9, 0.999]",
                ));
            }
        }
        check::within("eps", self.eps.unwrap_or(1e-8), 0.0, 1.0, "eps = 1e-8")?;
        check::within(
            "weight-decay",
            self.weight_decay.unwrap_or(0.0),
            0.0,
            f64::INFINITY,
            "weight-decay = 1e-4",
        )?;
        check::within(
            "clip-norm",
            self.clip_norm.unwrap_or(1.0),
            1e-12,
            f64::INFINITY,
            "clip-norm = 1.0",
        )?;
        self.group.iter().try_for_each(Group::validate)
    }

    /// Rejects options that the algorithm leaves without effect.
    fn reject_unused(&self) -> Result<(), Invalid> {
        let kind = ("algorithm", self.algorithm);
        let adams = [Algorithm::Adam, Algorithm::Adamw];
        check::only_with("betas", self.betas.as_ref(), kind, &adams)?;
        check::only_with("eps", self.eps.as_ref(), kind, &adams)?;
        check::only_with("momentum", self.momentum.as_ref(), kind, &[Algorithm::Sgd])?;
        check::only_with("nesterov", self.nesterov.as_ref(), kind, &[Algorithm::Sgd])?;
        let decaying = match self.weight_decay_mode.unwrap_or_default() {
            DecayMode::Coupled => [Algorithm::Sgd, Algorithm::Adam],
            DecayMode::Decoupled => [Algorithm::Sgd, Algorithm::Adamw],
        };
        check::only_with("weight-decay-mode", self.weight_decay_mode.as_ref(), kind, &decaying)
    }
}
