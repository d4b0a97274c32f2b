//! Seeds in files: how many, a text, or a list of numbers.

use super::{SeedList, Until};
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

impl Serialize for SeedList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(Until { decades, most }) = self.until {
            return serializer.serialize_str(&format!("until {decades}, at most {most}"));
        }
        let seeds = &self.seeds;
        let (first, last) = (seeds.first().copied().unwrap_or(0), seeds.last().copied().unwrap_or(0));
        // A run of seeds is written the way people write it.
        if seeds.len() > 2 && seeds.iter().copied().eq(first..=last) {
            return serializer.serialize_str(&format!("{first}..{}", last + 1));
        }
        seeds.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SeedList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SeedListVisitor;
        impl<'de> Visitor<'de> for SeedListVisitor {
            type Value = SeedList;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of seeds such as 20, a range such as \"0..20\", a list such as [0, 3, 5], or \"until 0.3\"")
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<SeedList, E> {
                value.parse::<SeedList>().map_err(|problem| invalid(&problem))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<SeedList, E> {
                let count = u64::try_from(value);
                let count = count.map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))?;
                self.visit_u64(count)
            }
            fn visit_u64<E: de::Error>(self, count: u64) -> Result<SeedList, E> {
                SeedList::first(count).map_err(|problem| invalid(&problem))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<SeedList, A::Error> {
                let mut seeds = Vec::new();
                while let Some(seed) = list.next_element::<u64>()? {
                    seeds.push(seed);
                }
                SeedList::listed(seeds).map_err(|problem| invalid(&problem))
            }
        }
        deserializer.deserialize_any(SeedListVisitor)
    }
}

fn invalid<E: de::Error>(problem: &str) -> E {
    E::custom(format!("seeds: {problem}; for example `seeds = \"0..20\"`"))
}
