//! Where a training's learning rate comes from.

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Names of the sources that read a range test, in the order of help texts.
const NAMES: [(&str, RateSource); 6] = [
    ("own", RateSource::Own),
    ("seed", RateSource::Seed),
    ("median", RateSource::Median),
    ("suggested", RateSource::Suggested),
    ("consensus", RateSource::Consensus),
    ("partner", RateSource::Partner),
];

/// The name in TOML of the suggestion of `[range.min]`.
pub const MIN_LR: &str = "min-lr";
/// The name in TOML of the suggestion of `[range.max]`.
pub const MAX_LR: &str = "max-lr";

/// Whose range test a learning rate is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateSource {
    /// That of the seed which is trained; `"own"` in TOML.
    Own,
    /// That of the seed which `seed` names; `"seed"` in TOML.
    Seed,
    /// The median over all seeds of the config; `"median"` in TOML.
    Median,
    /// The rate that most seeds support; `"suggested"` in TOML.
    Suggested,
    /// An end of the widest range that lies whole in the ranges of most seeds; `"consensus"` in TOML.
    Consensus,
    /// That of the other seed of a pair whose ranges do not overlap; `"partner"` in TOML.
    Partner,
}

impl RateSource {
    /// The name as it stands in TOML.
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, source)| *source == self)
            .map_or("own", |(name, _)| name)
    }
}

/// The highest learning rate of a training: key `lr` of `[train]`.
#[derive(Debug, Clone, PartialEq)]
pub enum Rate {
    /// This one.
    Fixed(f64),
    /// Each of these, one training each.
    Grid(Vec<f64>),
    /// What a range test suggests.
    From(RateSource),
}

/// The lowest learning rate of a policy that goes up and down: key `floor` of `[train]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Floor {
    /// This one.
    Fixed(f64),
    /// The min LR of the range whose suggestion is the highest rate; `"min-lr"` in TOML.
    MinLr,
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fixed(lr) => serializer.serialize_f64(*lr),
            Self::Grid(list) => list.serialize(serializer),
            Self::From(source) => serializer.serialize_str(source.name()),
        }
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RateVisitor;
        impl<'de> Visitor<'de> for RateVisitor {
            type Value = Rate;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let names: Vec<String> = NAMES.iter().map(|(name, _)| format!("\"{name}\"")).collect();
                write!(f, "a learning rate, a list of them, or one of {}", names.join(", "))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Rate, E> {
                Ok(Rate::Fixed(value))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Rate, E> {
                Ok(Rate::Fixed(value as f64))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Rate, E> {
                Ok(Rate::Fixed(value as f64))
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Rate, E> {
                let known = NAMES.iter().find(|(name, _)| *name == value);
                known
                    .map(|(_, source)| Rate::From(*source))
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(value), &self))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rate, A::Error> {
                let mut rates = Vec::new();
                while let Some(rate) = list.next_element()? {
                    rates.push(rate);
                }
                Ok(Rate::Grid(rates))
            }
        }
        deserializer.deserialize_any(RateVisitor)
    }
}

impl Serialize for Floor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fixed(lr) => serializer.serialize_f64(*lr),
            Self::MinLr => serializer.serialize_str(MIN_LR),
        }
    }
}

impl<'de> Deserialize<'de> for Floor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FloorVisitor;
        impl Visitor<'_> for FloorVisitor {
            type Value = Floor;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a learning rate, or \"{MIN_LR}\" for that of the range")
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Floor, E> {
                Ok(Floor::Fixed(value))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Floor, E> {
                Ok(Floor::Fixed(value as f64))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Floor, E> {
                Ok(Floor::Fixed(value as f64))
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Floor, E> {
                if value == MIN_LR {
                    return Ok(Floor::MinLr);
                }
                Err(E::invalid_value(de::Unexpected::Str(value), &self))
            }
        }
        deserializer.deserialize_any(FloorVisitor)
    }
}
