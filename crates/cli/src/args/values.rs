//! Values of options that are no plain numbers or texts.

use seedband::LogLines;
use seedband::study::SeedList;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How often to look: seconds, or a duration such as `1m`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Every(pub(crate) Duration);

impl FromStr for Every {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seconds = text.parse::<f64>().ok();
        let every = match seconds {
            Some(seconds) => Duration::try_from_secs_f64(seconds).ok(),
            None => text
                .parse::<jiff::SignedDuration>()
                .ok()
                .and_then(|duration| Duration::try_from(duration).ok()),
        };
        every
            .filter(|every| (Duration::from_millis(100)..=Duration::from_hours(24)).contains(every))
            .map(Self)
            .ok_or_else(|| {
                "it is no number of seconds from 0.1 to 86400; name the study before `--watch`, or write `--watch=2`"
                    .into()
            })
    }
}

/// How many of the last lines of a log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines(pub(crate) LogLines);

impl FromStr for Lines {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self(LogLines::All)),
            _ => text
                .parse()
                .map(|lines| Self(LogLines::Last(lines)))
                .map_err(|_| "it is neither a number of lines nor `all`".into()),
        }
    }
}

/// Seeds as a study says them; a bare number is a count from 0.
#[derive(Debug, Clone)]
pub(crate) struct Seeds(String);

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seeds = match text.trim().parse::<u64>() {
            Ok(0) => return Err("no seed is no range test; name 1 or more".into()),
            Ok(count) => format!("0..{count}"),
            Err(_) => text.to_owned(),
        };
        seeds.parse::<SeedList>()?;
        Ok(Self(seeds))
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
