//! Schedule, smoothing, stop rule and suggestion rules together.

use super::range::Range;
use super::reading::{Reading, read};
use super::schedule::Schedule;
use super::smoothing::Smoothing;
use super::stop_rule::Stop;
use crate::Invalid;
use serde::{Deserialize, Serialize};

/// How one library runs and reads a range test: what a file in `configs/flavours/` holds. Default: the fastai 1.0.61
/// half of the reference study, over fastai's own range of learning rates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Flavour {
    /// Learning rate of each step.
    pub schedule: Schedule,
    /// How losses are averaged.
    pub smoothing: Smoothing,
    /// When the run counts as diverged.
    pub stop: Stop,
    /// How the range is read off.
    pub range: Range,
}

impl Flavour {
    /// The first setting that cannot be used, with its whole key.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.schedule.validate().map_err(|invalid| invalid.under("schedule"))?;
        self.smoothing
            .validate()
            .map_err(|invalid| invalid.under("smoothing"))?;
        self.stop.validate().map_err(|invalid| invalid.under("stop"))?;
        self.stop.validate_beside(&self.smoothing)?;
        self.range.validate().map_err(|invalid| invalid.under("range"))
    }

    /// Reads a run with this flavour's smoothing, stop rule and range; see [`read`]. The learning rates are the run's
    /// own, not this flavour's schedule, so that one run can be read by several flavours.
    pub fn read(&self, lrs: &[f64], losses: &[f64]) -> Reading {
        read(lrs, losses, &self.smoothing, &self.stop, &self.range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_carry_the_whole_key() {
        let text = "[range.min]\nrule = \"valley\"\nper = \"step\"";
        let flavour: Flavour = toml::from_str(text).expect("it can be read");
        assert_eq!(flavour.validate().expect_err("it cannot be used").key, "range.min.per");
        assert_eq!(Flavour::default().validate(), Ok(()));
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        assert!(toml::from_str::<Flavour>("[schedule]\nstep = 100").is_err());
    }

    #[test]
    fn the_default_survives_toml_and_json() {
        let flavour = Flavour::default();
        let text = toml::to_string(&flavour).expect("it can be written");
        assert_eq!(toml::from_str::<Flavour>(&text).expect("it can be read"), flavour);
        let text = serde_json::to_string(&flavour).expect("it can be written");
        assert_eq!(serde_json::from_str::<Flavour>(&text).expect("it can be read"), flavour);
    }
}
