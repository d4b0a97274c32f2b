use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// What is done to a pixel before the network sees it, table `[pixels]`: always divided by 255, then perhaps
/// normalised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Pixels {
    /// Default `per-channel`.
    pub normalize: Normalize,
    /// Red, green, blue means in units of 0 to 1. Default: those of the training images in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<[f64; 3]>,
    /// Red, green, blue standard deviations in units of 0 to 1. Default: those of the training images in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std: Option<[f64; 3]>,
}

/// Normalisation of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Normalize {
    /// (x / 255 - mean) / std for each channel.
    #[default]
    PerChannel,
    /// x / 255 and nothing else.
    None,
}

impl Pixels {
    /// Checks that means and deviations are usable and come in pairs.
    pub fn validate(&self) -> Result<(), Invalid> {
        let example = "mean = [0.491, 0.482, 0.447]\nstd = [0.247, 0.243, 0.261]";
        if self.normalize == Normalize::None
            && let Some(values) = self.mean.or(self.std)
        {
            return Err(Invalid::new(
                if self.mean.is_some() { "mean" } else { "std" },
                format!("{values:?}"),
                "has no use with `normalize = \"none\"`",
                "normalize = \"per-channel\"",
            ));
        }
        if self.mean.is_some() != self.std.is_some() {
            return Err(Invalid::new(
                "std",
                "",
                "`mean` and `std` are set together or not at all",
                example,
            ));
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
