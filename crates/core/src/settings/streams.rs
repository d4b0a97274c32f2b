use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Which random streams differ from seed to seed, table `[streams]`. An arm of a study is a setting of these three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Streams {
    /// Initial weights. Default `"vary"`.
    pub weights: StreamSeed,
    /// Order of the batches. Default `"vary"`.
    pub order: StreamSeed,
    /// Crops, shifts and flips. Default `"vary"`.
    pub augmentation: StreamSeed,
}

/// Whether a stream follows the trial's seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StreamSeed {
    /// The trial's own seed; `"vary"` in TOML.
    #[default]
    Vary,
    /// The same seed for every trial; a whole number in TOML.
    Fixed(u64),
}

impl StreamSeed {
    /// The seed of this stream in the trial with `seed`.
    pub fn of(self, seed: u64) -> u64 {
        match self {
            Self::Vary => seed,
            Self::Fixed(fixed) => fixed,
        }
    }
}

impl Serialize for StreamSeed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Vary => serializer.serialize_str("vary"),
            Self::Fixed(seed) => serializer.serialize_u64(*seed),
        }
    }
}

impl<'de> Deserialize<'de> for StreamSeed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StreamSeedVisitor;
        impl Visitor<'_> for StreamSeedVisitor {
            type Value = StreamSeed;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"vary\", or the seed that all trials share, for example 0")
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<StreamSeed, E> {
                if value == "vary" {
                    return Ok(StreamSeed::Vary);
                }
                Err(E::invalid_value(de::Unexpected::Str(value), &self))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<StreamSeed, E> {
                u64::try_from(value)
                    .map(StreamSeed::Fixed)
                    .map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<StreamSeed, E> {
                Ok(StreamSeed::Fixed(value))
            }
        }
        deserializer.deserialize_any(StreamSeedVisitor)
    }
}
