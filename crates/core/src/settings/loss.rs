use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// The loss that is trained on and recorded, table `[loss]`: mean cross-entropy in nats, plus penalties where set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Loss {
    /// c of `c * sum(w^2)` over all conv weights, added to the loss (Keras `l2(c)`). Default 0.
    pub l2_conv: f64,
    /// c of `c * sum(w^2)` over all dense weights, biases left out. Default 0.
    pub l2_dense: f64,
    /// Which loss is recorded and shown; the sum is trained on either way. Default `total`. Left out where it is the
    /// default, so that trials from before this key keep their ids.
    #[serde(skip_serializing_if = "Shown::is_total")]
    pub shown: Shown,
}

/// What stands in a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// Cross-entropy plus penalties, as Keras shows it.
    #[default]
    Total,
    /// Cross-entropy alone, as PyTorch and fastai show it beside a penalty that the optimizer applies.
    CrossEntropy,
}

impl Shown {
    /// Whether penalties are part of what is shown.
    pub fn is_total(&self) -> bool {
        *self == Self::Total
    }
}

impl Loss {
    /// Checks ranges.
    pub fn validate(&self) -> Result<(), Invalid> {
        check::within("l2-conv", self.l2_conv, 0.0, f64::INFINITY, "l2-conv = 1e-4")?;
        check::within("l2-dense", self.l2_dense, 0.0, f64::INFINITY, "l2-dense = 1e-4")
    }
}
