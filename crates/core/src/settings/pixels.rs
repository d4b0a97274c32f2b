use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// What is done to a pixel before the network sees it, table `[pixels]`: bytes are always divided by 255, other numbers
/// taken as they are; then perhaps normalised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Pixels {
    /// Default `per-channel`.
    pub normalize: Normalize,
    /// Red, green, blue means in units of 0 to 1, or one for grey images, or one a feature. Default: those of the
    /// training data in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<Vec<f64>>,
    /// The same for standard deviations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std: Option<Vec<f64>>,
}

/// Normalisation of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Normalize {
    /// (x / 255 - mean) / std for each channel; of data without bytes (x - mean) / std, for each feature where it has no
    /// pixels.
    #[default]
    PerChannel,
    /// x / 255, or x, and nothing else.
    None,
}

impl Pixels {
    /// Checks that means and deviations are usable and come in pairs.
    pub fn validate(&self) -> Result<(), Invalid> {
        let example = "mean = [0.491, 0.482, 0.447]\nstd = [0.247, 0.243, 0.261]";
        if self.normalize == Normalize::None
            && let Some(values) = self.mean.as_ref().or(self.std.as_ref())
        {
            return Err(Invalid::new(
                if self.mean.is_some() { "mean" } else { "std" },
                format!("{values:?}"),
                "has no use with `normalize = \"none\"`",
                "normalize = \"per-channel\"",
            ));
        }
        let lengths = [&self.mean, &self.std].map(|values| values.as_ref().map(Vec::len));
        if lengths[0] != lengths[1] {
            let problem = "`mean` and `std` are set together or not at all, and have one number a channel";
            return Err(Invalid::new("std", "", problem, example));
        }
        if lengths[0] == Some(0) {
            return Err(Invalid::new("mean", "[]", "has no number", example));
        }
        for value in self.mean.iter().flatten() {
            check::within("mean", *value, -10.0, 10.0, example)?;
        }
        for value in self.std.iter().flatten() {
            check::within("std", *value, 1e-6, 10.0, example)?;
        }
        Ok(())
    }
}
