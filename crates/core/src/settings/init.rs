use serde::{Deserialize, Serialize};

/// Initial weights, table `[init]`. Batch norm always starts at weight 1 and bias 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Init {
    /// Distribution of every conv and dense weight. Default `he-uniform`.
    pub scheme: Scheme,
    /// Bias of dense layers (convs have none). Default `zeros`.
    pub dense_bias: DenseBias,
}

/// How a conv or dense weight is drawn. `fan_in` is input channels times kernel area, `fan_out` output channels times kernel area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// `U(-b, b)`, `b = sqrt(6 / fan_in)` (He et al. 2015; Keras `he_uniform`, PyTorch `kaiming_uniform_` with a = 0).
    #[default]
    HeUniform,
    /// `N(0, 2 / fan_in)`, not truncated (PyTorch `kaiming_normal_`; Keras truncates at two standard deviations).
    HeNormal,
    /// `U(-b, b)`, `b = sqrt(6 / (fan_in + fan_out))` (Glorot and Bengio 2010; PyTorch `xavier_uniform_`).
    GlorotUniform,
    /// `N(0, 2 / (fan_in + fan_out))`, not truncated (PyTorch `xavier_normal_`).
    GlorotNormal,
    /// `U(-b, b)`, `b = 1 / sqrt(fan_in)`: what PyTorch's conv and linear layers draw by default (`kaiming_uniform_` with a = sqrt(5)).
    Pytorch,
}

/// How the bias of a dense layer starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum DenseBias {
    /// 0.
    #[default]
    Zeros,
    /// `U(-b, b)`, `b = 1 / sqrt(fan_in)`: PyTorch's default.
    Pytorch,
}
