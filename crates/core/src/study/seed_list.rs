//! Which seeds a study runs.

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Most seeds a study may have.
const MOST: u64 = 100_000;

/// Seeds in the order given: `"0..20"` (20 left out), `"7"`, or a list such as `[0, 3, 5]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedList(Vec<u64>);

impl SeedList {
    /// The seeds.
    pub fn seeds(&self) -> &[u64] {
        &self.0
    }

    fn checked(seeds: Vec<u64>) -> Result<Self, String> {
        if seeds.is_empty() {
            return Err("a study needs at least one seed".into());
        }
        if seeds.len() as u64 > MOST {
            return Err(format!("a study has at most {MOST} seeds"));
        }
        let mut sorted = seeds.clone();
        sorted.sort_unstable();
        if let Some([twice, _]) = sorted.array_windows().find(|[one, other]| one == other) {
            return Err(format!("the seed {twice} is there twice"));
        }
        if sorted.last().is_some_and(|&largest| i64::try_from(largest).is_err()) {
            return Err(format!("a seed is at most {}", i64::MAX));
        }
        Ok(Self(seeds))
    }
}

impl Default for SeedList {
    fn default() -> Self {
        Self((0..20).collect())
    }
}

impl FromStr for SeedList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |part: &str| {
            part.trim()
                .parse::<u64>()
                .map_err(|_| format!("`{}` is not a whole number of at least 0", part.trim()))
        };
        let mut seeds = Vec::new();
        for part in text.split(',') {
            if let Some((first, last)) = part.split_once("..") {
                let (first, last) = (number(first)?, number(last)?);
                if last.saturating_sub(first) > MOST {
                    return Err(format!("a study has at most {MOST} seeds"));
                }
                seeds.extend(first..last);
            } else {
                seeds.push(number(part)?);
            }
        }
        Self::checked(seeds)
    }
}

impl Serialize for SeedList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (first, last) = (
            self.0.first().copied().unwrap_or(0),
            self.0.last().copied().unwrap_or(0),
        );
        // A run of seeds is written the way people write it.
        if self.0.len() > 2 && self.0.iter().copied().eq(first..=last) {
            return serializer.serialize_str(&format!("{first}..{}", last + 1));
        }
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SeedList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SeedListVisitor;
        impl<'de> Visitor<'de> for SeedListVisitor {
            type Value = SeedList;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a range such as \"0..20\" or a list such as [0, 3, 5]")
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<SeedList, E> {
                value
                    .parse()
                    .map_err(|problem| E::custom(format!("seeds: {problem}; for example `seeds = \"0..20\"`")))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<SeedList, E> {
                Err(E::invalid_type(de::Unexpected::Signed(value), &self))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<SeedList, A::Error> {
                let mut seeds = Vec::new();
                while let Some(seed) = list.next_element::<u64>()? {
                    seeds.push(seed);
                }
                SeedList::checked(seeds)
                    .map_err(|problem| de::Error::custom(format!("seeds: {problem}; for example `seeds = \"0..20\"`")))
            }
        }
        deserializer.deserialize_any(SeedListVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_leave_out_their_end() {
        let seeds = |text: &str| text.parse::<SeedList>().map(|list| list.seeds().to_vec());
        assert_eq!(seeds("0..3"), Ok(vec![0, 1, 2]));
        assert_eq!(seeds("7"), Ok(vec![7]));
        assert_eq!(seeds("0..2,9"), Ok(vec![0, 1, 9]));
        for bad in [
            "",
            "0..0",
            "3..1",
            "a",
            "0..x",
            "1,1",
            "-1",
            "0..100002",
            "18446744073709551615",
        ] {
            assert!(seeds(bad).is_err(), "{bad}");
        }
    }
}
