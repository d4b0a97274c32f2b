//! Words of a summary of version 0.1, read as present ones.

use crate::version_0_1::{present_key, present_value, present_words};
use serde::{Deserialize, Deserializer};

/// A few words that may name the min LR or the max LR.
pub(super) fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(present_words(&String::deserialize(deserializer)?))
}

/// Reasons with numbers of seeds.
pub(super) fn reasons<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, u32)>, D::Error> {
    let reasons = Vec::<(String, u32)>::deserialize(deserializer)?.into_iter();
    Ok(reasons.map(|(reason, seeds)| (present_words(&reason), seeds)).collect())
}

/// Dotted keys of a study with their values.
pub(super) fn labels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
    let labels = Vec::<(String, String)>::deserialize(deserializer)?.into_iter();
    let present = |(key, value): (String, String)| {
        let value = present_value(&key, &value).map_or(value, str::to_owned);
        (present_key(&key).unwrap_or(key), value)
    };
    Ok(labels.map(present).collect())
}
