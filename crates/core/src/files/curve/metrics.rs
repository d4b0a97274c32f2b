//! Further numbers of a step that a trainer tells, by name.

use crate::number::Number;
use crate::printable::printable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest name of a metric, in bytes of UTF-8.
pub const MAX_METRIC_NAME: usize = 64;

/// The most metrics of a step.
pub const MOST_METRICS: usize = 32;

/// The metrics of one step, by name; values may be infinite or NaN. They decide nothing.
///
/// Names are 1 to [`MAX_METRIC_NAME`] bytes without control characters, and not blank; there are at most [`MOST_METRICS`].
#[expect(
    clippy::box_collection,
    reason = "most steps of a study, which has millions, have none"
)]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, Number>", into = "BTreeMap<String, Number>")]
pub struct Metrics(Option<Box<BTreeMap<String, f64>>>);

impl Metrics {
    /// Metrics of these names and values.
    ///
    /// # Errors
    /// A name that is none, or too many of them, in words.
    pub fn new(values: BTreeMap<String, f64>) -> Result<Self, String> {
        if values.len() > MOST_METRICS {
            return Err(format!(
                "{} metrics in a step; there may be {MOST_METRICS}",
                values.len()
            ));
        }
        let is_name = |name: &str| {
            let acts = name.contains(['\t', '\n']) || printable(name) != name;
            !name.trim().is_empty() && name.len() <= MAX_METRIC_NAME && !acts
        };
        match values.keys().find(|name| !is_name(name)) {
            Some(name) => Err(format!(
                "`{}` is no name of a metric; it has to be 1 to {MAX_METRIC_NAME} bytes of printable text",
                name.escape_debug()
            )),
            None => Ok(Self((!values.is_empty()).then(|| Box::new(values)))),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        let values = self.0.iter().flat_map(|values| values.iter());
        values.map(|(name, value)| (name.as_str(), *value))
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.as_ref()?.get(name).copied()
    }
}

impl TryFrom<BTreeMap<String, Number>> for Metrics {
    type Error = String;

    fn try_from(values: BTreeMap<String, Number>) -> Result<Self, String> {
        Self::new(values.into_iter().map(|(name, value)| (name, value.0)).collect())
    }
}

impl From<Metrics> for BTreeMap<String, Number> {
    fn from(metrics: Metrics) -> Self {
        let values = metrics.0.map(|values| *values).unwrap_or_default();
        values.into_iter().map(|(name, value)| (name, Number(value))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics(pairs: &[(&str, f64)]) -> Result<Metrics, String> {
        Metrics::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect())
    }

    #[test]
    fn names_are_printable_and_not_long() {
        for name in ["accuracy", "top-5", "grad norm", "学习", &"ü".repeat(32)] {
            assert_eq!(metrics(&[(name, 0.5)]).unwrap().get(name), Some(0.5));
        }
        for name in ["", " ", "a\nb", "a\tb", "\u{1b}[31m", &"ü".repeat(33)] {
            let wrong = metrics(&[(name, 0.5)]).unwrap_err();
            assert!(wrong.ends_with("is no name of a metric; it has to be 1 to 64 bytes of printable text"));
            assert!(!wrong.contains(char::is_control));
        }
    }

    #[test]
    fn so_many_and_no_more() {
        let named = |count: usize| (0..count).map(|number| (number.to_string(), 1.0)).collect();
        assert_eq!(Metrics::new(named(MOST_METRICS)).unwrap().iter().count(), MOST_METRICS);
        let wrong = Metrics::new(named(MOST_METRICS + 1)).unwrap_err();
        assert_eq!(wrong, "33 metrics in a step; there may be 32");
    }

    #[test]
    fn none_is_none_however_it_is_written() {
        assert_eq!(serde_json::from_str::<Metrics>("{}").unwrap(), Metrics::default());
        assert_eq!(size_of::<Metrics>(), size_of::<usize>());
    }
}
