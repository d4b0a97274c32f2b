use serde::{Deserialize, Serialize};
use std::fmt;

/// How images and activations lie in memory: PyTorch's `memory_format`, key `memory-format` of `[run]`. The same
/// arithmetic in another order, so losses in float32 differ in their last digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum MemoryFormat {
    /// `[n, channels, height, width]`, the last side next to each other.
    #[default]
    Contiguous,
    /// The channels of a pixel next to each other.
    ChannelsLast,
}

impl MemoryFormat {
    /// Whether it is the one that needs no word.
    pub fn is_contiguous(&self) -> bool {
        *self == Self::Contiguous
    }
}

impl fmt::Display for MemoryFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Contiguous => "contiguous",
            Self::ChannelsLast => "channels-last",
        })
    }
}
