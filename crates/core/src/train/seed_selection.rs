//! Which seeds are trained, and from which weights.

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Which of the study's seeds are trained: key `seeds` of `[train]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TrainSeeds {
    /// All; `"all"` in TOML.
    #[default]
    All,
    /// The seeds of pairs whose ranges do not overlap; `"apart"` in TOML.
    DisjointPairs,
    /// These; a list in TOML.
    Listed(Vec<u64>),
}

/// Which of two ranges that do not overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The lower one.
    Lower,
    /// The higher one.
    Higher,
}

/// The initial weights of a training: key `weights` of `[train]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartWeights {
    /// Those of the seed's range test, to the last bit.
    #[default]
    Same,
    /// Others, which no range test of any seed starts from: each seed has one further draw.
    Other,
}

impl Serialize for TrainSeeds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::DisjointPairs => serializer.serialize_str("apart"),
            Self::Listed(seeds) => seeds.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for TrainSeeds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SeedsVisitor;
        impl<'de> Visitor<'de> for SeedsVisitor {
            type Value = TrainSeeds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"all\", \"apart\", or a list of seeds such as [0, 3]")
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<TrainSeeds, E> {
                match value {
                    "all" => Ok(TrainSeeds::All),
                    "apart" => Ok(TrainSeeds::DisjointPairs),
                    _ => Err(E::invalid_value(de::Unexpected::Str(value), &self)),
                }
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<TrainSeeds, A::Error> {
                let mut seeds = Vec::new();
                while let Some(seed) = list.next_element()? {
                    seeds.push(seed);
                }
                Ok(TrainSeeds::Listed(seeds))
            }
        }
        deserializer.deserialize_any(SeedsVisitor)
    }
}
