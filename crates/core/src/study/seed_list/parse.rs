//! Seeds as text: `20`, `0..20`, `0..5,9`, `7,` for that one, `until 0.3, at most 40`.

use super::{FIRST, MOST, MOST_ADDED, SeedList, Until};
use std::str::FromStr;

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
        // A bare number is how many, as people type it; a comma behind it makes it the one.
        if let Ok(count) = text.trim().parse::<u64>() {
            return Self::first(count);
        }
        let text = text.trim().strip_suffix(',').unwrap_or(text);
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
        Self::listed(seeds)
    }
}

impl SeedList {
    /// That many seeds, from 0.
    pub(super) fn first(count: u64) -> Result<Self, String> {
        if count > MOST {
            return Err(format!("a study has at most {MOST} seeds"));
        }
        Self::listed((0..count).collect())
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

    /// These seeds.
    ///
    /// # Errors
    /// None, too many (more than 100,000), one twice, or one above 2⁶³ − 1.
    pub fn listed(seeds: Vec<u64>) -> Result<Self, String> {
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
