use crate::Invalid;
use serde::{Deserialize, Serialize};

/// Initial weights, table `[init]`: drawn, or those of a file. A batch norm that is not in a file starts at weight 1
/// and bias 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Init {
    /// Distribution of every conv and dense weight. Default `he-uniform`.
    pub scheme: Scheme,
    /// Bias of dense layers (convs have none). Default `zeros`.
    pub dense_bias: DenseBias,
    /// A safetensors file to start from, in PyTorch's names and layouts; `${NAME}` stands for an environment variable,
    /// a relative path starts at the study file. Default: none, every weight is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// SHA-256 of the file's content in lower-case hexadecimal: what a trial's identity holds in place of the path.
    /// Default: that of the file when the study is read. Where it is said, other content is an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What to do about tensors of the network that the file lacks or has in another shape. Default `error`. Not
    /// written where it is the default, so that trials from before there were files keep their ids.
    #[serde(skip_serializing_if = "Missing::is_error")]
    pub missing: Missing,
}

/// What to do about tensors that a file lacks or has in another shape, such as a head for another number of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// The trial fails and names them.
    #[default]
    Error,
    /// They start as they would without a file: the same values as in a network of the same seed that is drawn whole.
    Draw,
}

impl Missing {
    /// Whether a tensor that is missing fails the trial.
    pub fn is_error(&self) -> bool {
        *self == Self::Error
    }
}

impl Init {
    /// Whether any weight may come from the stream of weights.
    pub fn draws(&self) -> bool {
        self.from.is_none() || self.missing == Missing::Draw
    }

    /// What two trials must share to have started from the same file: its digest in place of its path, and nothing
    /// about drawing where nothing is drawn.
    #[must_use]
    pub fn identity(&self) -> Self {
        let mut init = self.clone();
        if init.sha256.is_some() {
            init.from = None;
        }
        if !self.draws() {
            (init.scheme, init.dense_bias) = (Scheme::default(), DenseBias::default());
        }
        init
    }

    /// Checks that a file has a path, a digest its length, and that neither a digest nor `missing` stands without a
    /// file.
    pub fn validate(&self) -> Result<(), Invalid> {
        const FILE: &str = "from = \"weights.safetensors\"";
        let Some(from) = &self.from else {
            let alone = |key, value: String| Err(Invalid::new(key, value, "has no use without `from`", FILE));
            return match (&self.sha256, self.missing) {
                (Some(digits), _) => alone("sha256", format!("\"{digits}\"")),
                (None, Missing::Draw) => alone("missing", "\"draw\"".into()),
                (None, Missing::Error) => Ok(()),
            };
        };
        if from.trim().is_empty() {
            return Err(Invalid::new(
                "from",
                "\"\"",
                "has to be the path of a safetensors file",
                FILE,
            ));
        }
        let is_digest = |digits: &String| {
            digits.len() == 64 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
        };
        match &self.sha256 {
            Some(digits) if !is_digest(digits) => Err(Invalid::new(
                "sha256",
                format!("\"{digits}\""),
                "has to be 64 lower-case hexadecimal digits, as `sha256sum` prints them",
                format!("sha256 = \"{}\"", "0123456789abcdef".repeat(4)),
            )),
            _ => Ok(()),
        }
    }
}

/// How a conv or dense weight is drawn. `fan_in` is input channels times kernel area, `fan_out` output channels times
/// kernel area.
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
    /// `U(-b, b)`, `b = 1 / sqrt(fan_in)`: what PyTorch's conv and linear layers draw by default (`kaiming_uniform_`
    /// with a = sqrt(5)).
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
