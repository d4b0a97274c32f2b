//! Values of options that are no plain numbers or texts.

use seedband::LogLines;
use seedband::study::SeedList;
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

/// Seeds as a study says them, checked before anything is written.
pub(crate) fn seeds(text: &str) -> Result<String, String> {
    text.parse::<SeedList>().map(|_| text.to_owned())
}
