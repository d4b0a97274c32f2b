use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// The network, table `[model]`. Its last layer has as many outputs as the data has classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Model {
    /// The family. Default `resnet`.
    pub architecture: Architecture,
    /// Layers of a `resnet`: 6n+2 for n of 1 and more (He et al. 2015, section 4.2). Default 56.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<u32>,
    /// Channels of the first stage of a `resnet` (default 16) or of the first layer of a `cnn` (default 16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Units of each hidden layer of an `mlp`. Default `[128]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Vec<u32>>,
}

/// A family of networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// CIFAR ResNet v1 of depth 6n+2: three stages of `width`, 2 `width`, 4 `width` channels, conv without bias, batch
    /// norm, 1x1 projection shortcuts without batch norm where the shape changes, global average pool, dense.
    #[default]
    Resnet,
    /// Three 3x3 convolutions of `width`, 2 `width`, 4 `width` channels, each with batch norm, ReLU and 2x2 max pool;
    /// global average pool, dense.
    Cnn,
    /// Flattened pixels, dense layers with ReLU between them.
    Mlp,
}

impl Model {
    /// The same model with every key of its architecture filled in and no other.
    #[must_use]
    pub fn resolved(&self) -> Self {
        let mut model = self.clone();
        match self.architecture {
            Architecture::Resnet => {
                model.depth = Some(self.depth.unwrap_or(56));
                model.width = Some(self.width.unwrap_or(16));
            }
            Architecture::Cnn => model.width = Some(self.width.unwrap_or(16)),
            Architecture::Mlp => model.hidden = Some(self.hidden.clone().unwrap_or_else(|| vec![128])),
        }
        model
    }

    /// Checks ranges, and that no key of another architecture is set.
    pub fn validate(&self) -> Result<(), Invalid> {
        let kind = ("architecture", self.architecture);
        let convolutional = [Architecture::Resnet, Architecture::Cnn];
        check::only_with("depth", self.depth.as_ref(), kind, &[Architecture::Resnet])?;
        check::only_with("width", self.width.as_ref(), kind, &convolutional)?;
        check::only_with("hidden", self.hidden.as_ref(), kind, &[Architecture::Mlp])?;
        if let Some(depth) = self.depth
            && !((8..=1202).contains(&depth) && (depth - 2).is_multiple_of(6))
        {
            return Err(Invalid::new(
                "depth",
                depth,
                "has to be 6n+2: 8, 14, 20, 26, 32, 44, 56, 110, up to 1202",
                "depth = 20",
            ));
        }
        if let Some(width) = self.width
            && !(1..=1024).contains(&width)
        {
            return Err(Invalid::new(
                "width",
                width,
                "has to be from 1 to 1024 channels",
                "width = 16",
            ));
        }
        if let Some(hidden) = &self.hidden
            && (hidden.len() > 64 || hidden.iter().any(|units| !(1..=65_536).contains(units)))
        {
            return Err(Invalid::new(
                "hidden",
                format!("{hidden:?}"),
                "has to be at most 64 layers of 1 to 65536 units",
                "hidden = [256, 128]",
            ));
        }
        Ok(())
    }
}
