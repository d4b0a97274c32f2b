//! Which seeds a study runs.

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Most seeds a study may have.
const MOST: u64 = 100_000;

/// Seeds of a study that adds them by itself, before anything is known.
const FIRST: u64 = 10;

/// Seeds that are added at once: the interval is looked at after each so many.
const BATCH: u64 = 5;

/// Most seeds of such a study where it does not say.
const MOST_ADDED: u64 = 100;

/// Seeds in the order given: `"0..20"` (20 left out), `"7"`, a list such as `[0, 3, 5]`, or `"until 0.3, at most 40"`.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedList {
    seeds: Vec<u64>,
    until: Option<Until>,
}

/// When a study stops adding seeds by itself: 10 to begin with, then 5 at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Until {
    /// Once the interval of the median of log10(high) is narrower than so many decades in every config; above 0.
    pub decades: f64,
    /// Or once there are so many seeds.
    pub most: u64,
}

impl SeedList {
    /// The seeds.
    pub fn seeds(&self) -> &[u64] {
        &self.seeds
    }

    /// When no further seeds are added; none for seeds that are all given.
    pub fn until(&self) -> Option<Until> {
        self.until
    }

    /// Seeds that may still be added.
    pub fn left(&self) -> u64 {
        let most = self.until.map_or(0, |until| until.most);
        most.saturating_sub(self.seeds.len() as u64)
    }

    /// Adds the next seeds; false if there are to be none.
    pub fn grow(&mut self) -> bool {
        let have = self.seeds.len() as u64;
        let more = self.left().min(BATCH);
        self.seeds.extend(have..have + more);
        more > 0
    }

    /// Reads what follows `until`.
    fn grown(text: &str) -> Result<Self, String> {
        let (decades, most) = text.split_once(',').unwrap_or((text, ""));
        let wrong = || {
            format!(
                "`until {}` is not understood: say `until 0.3` or `until 0.3, at most 40`",
                text.trim()
            )
        };
        let decades = decades.trim().parse::<f64>().map_err(|_| wrong())?;
        if !(decades.is_finite() && decades > 0.0) {
            return Err(format!("`{decades}` decades have to be a finite number above 0"));
        }
        let most = match most.trim() {
            "" => MOST_ADDED,
            most => {
                let number = most.strip_prefix("at most").ok_or_else(wrong)?;
                number.trim().parse::<u64>().map_err(|_| wrong())?
            }
        };
        if !(1..=MOST).contains(&most) {
            return Err(format!("`at most {most}` has to be from 1 to {MOST}"));
        }
        Ok(Self {
            seeds: (0..most.min(FIRST)).collect(),
            until: Some(Until { decades, most }),
        })
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
        Ok(Self { seeds, until: None })
    }
}

impl Default for SeedList {
    fn default() -> Self {
        Self {
            seeds: (0..20).collect(),
            until: None,
        }
    }
}

impl FromStr for SeedList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        if first == "until" {
            return Self::grown(rest);
        }
        let number = |part: &str| {
            part.trim()
                .parse::<u64>()
                .map_err(|_| format!("`{}` is not a whole number of at least 0", part.trim()))
        };
        let mut seeds = Vec::new();
        for part in text.split(',') {
            if let Some((first, last)) = part.split_once("..") {
                let (first, last) = (number(first)?, number(last)?);
                // Before they are there: a short text may ask for more than memory holds.
                if last.saturating_sub(first) > MOST - (seeds.len() as u64).min(MOST) {
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
                f.write_str("a range such as \"0..20\", a list such as [0, 3, 5], or \"until 0.3\"")
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
    fn seeds_are_added_in_batches_up_to_the_cap() {
        let mut list: SeedList = "until 0.3, at most 18".parse().unwrap();
        let until = list.until().unwrap();
        assert_eq!((until.decades.to_bits(), until.most), (0.3_f64.to_bits(), 18));
        let mut sizes = vec![list.seeds().len()];
        while list.grow() {
            sizes.push(list.seeds().len());
        }
        assert_eq!((sizes, list.left()), (vec![10, 15, 18], 0));
        assert_eq!(list.seeds(), (0..18).collect::<Vec<_>>());
        assert_eq!(serde_json::to_string(&list).unwrap(), "\"until 0.3, at most 18\"");
        let few: SeedList = "until 1, at most 4".parse().unwrap();
        assert_eq!((few.seeds().len(), few.left()), (4, 0));
        assert_eq!("until 0.5".parse::<SeedList>().unwrap().until().unwrap().most, 100);
        assert!(!SeedList::default().grow());
        for bad in [
            "until",
            "untill 0.3",
            "until0.3",
            "until x",
            "until 0",
            "until inf",
            "until 0.3, 40",
            "until 0.3, at most x",
            "until 0.3, at most 0",
        ] {
            assert!(bad.parse::<SeedList>().is_err(), "{bad}");
        }
    }

    /// Ten thousand ranges of nearly as many seeds as there may be are 8 GB of them.
    #[test]
    fn ranges_that_are_too_many_together_are_never_made() {
        let bad = vec!["0..99999"; 10_000].join(",");
        assert_eq!(bad.parse::<SeedList>(), Err("a study has at most 100000 seeds".into()));
        let most: SeedList = "0..50000,50000..100000".parse().unwrap();
        assert_eq!(most.seeds().len(), 100_000);
        assert!("0..50000,50000..100000,100000".parse::<SeedList>().is_err());
    }

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
