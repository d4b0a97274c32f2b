use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Trials at once on each CUDA device: key `gpu-slots` of `[run]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GpuSlots {
    /// So many.
    Count(u32),
    /// As many as a measurement says, while the study runs; `"auto"` in TOML.
    Auto,
}

impl Serialize for GpuSlots {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(count) => serializer.serialize_u32(*count),
            Self::Auto => serializer.serialize_str("auto"),
        }
    }
}

impl<'de> Deserialize<'de> for GpuSlots {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct GpuSlotsVisitor;
        impl Visitor<'_> for GpuSlotsVisitor {
            type Value = GpuSlots;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"auto\", or a number of trials at once, for example 4")
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<GpuSlots, E> {
                if value == "auto" {
                    return Ok(GpuSlots::Auto);
                }
                Err(E::invalid_value(de::Unexpected::Str(value), &self))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<GpuSlots, E> {
                u32::try_from(value)
                    .map(GpuSlots::Count)
                    .map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<GpuSlots, E> {
                u32::try_from(value)
                    .map(GpuSlots::Count)
                    .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
            }
        }
        deserializer.deserialize_any(GpuSlotsVisitor)
    }
}
