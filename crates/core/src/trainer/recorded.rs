//! Curves that something else has recorded: the table `[recorded]`.

use crate::Invalid;
use serde::{Deserialize, Serialize};

/// Curves that were recorded elsewhere and imported; table `[recorded]`. Nothing can train them again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Recorded {
    /// One for each seed that has been imported, by ascending seed.
    pub curve: Vec<RecordedCurve>,
}

/// Where the curve of one seed comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RecordedCurve {
    /// The seed.
    pub seed: u64,
    /// The file as it was named when it was imported.
    pub file: String,
    /// How the file was read, for example `lightning`.
    pub format: String,
    /// SHA-256 of the steps, as they stand in `curve.jsonl`: all that the trial is known by.
    pub sha256: String,
}

const EXAMPLE: &str = "seedband import lr_find.json --name mynet";

impl Recorded {
    /// Checks that each seed is there once.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.curve.is_empty() {
            let problem = "has to list the curves that were imported, which `seedband import` does";
            return Err(Invalid::new("curve", "[]", problem, EXAMPLE));
        }
        if let Some([_, later]) = self.curve.array_windows().find(|[one, next]| one.seed >= next.seed) {
            let problem = "has to come once, after all smaller seeds";
            return Err(Invalid::new("curve.seed", later.seed, problem, "seed = 3"));
        }
        let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match self.curve.iter().find(|curve| !is_digest(&curve.sha256)) {
            Some(curve) => {
                let problem = "has to be 64 hexadecimal digits, which `seedband import` writes";
                let value = format!("{:?}", curve.sha256);
                Err(Invalid::new("curve.sha256", value, problem, EXAMPLE))
            }
            None => Ok(()),
        }
    }

    /// The curve of a seed, if that was imported.
    pub fn of(&self, seed: u64) -> Option<&RecordedCurve> {
        let place = self.curve.binary_search_by_key(&seed, |curve| curve.seed).ok()?;
        self.curve.get(place)
    }

    /// The same with the curve of one seed alone.
    #[must_use]
    pub fn of_seed(&self, seed: u64) -> Self {
        Self {
            curve: self.of(seed).cloned().into_iter().collect(),
        }
    }

    /// What the curves hold, and not where they come from.
    #[must_use]
    pub fn identity(&self) -> Self {
        let curves = self.curve.iter().map(|curve| RecordedCurve {
            seed: 0,
            file: String::new(),
            format: String::new(),
            sha256: curve.sha256.clone(),
        });
        Self {
            curve: curves.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(seed: u64, digit: &str) -> RecordedCurve {
        RecordedCurve {
            seed,
            file: "a.csv".into(),
            format: "csv".into(),
            sha256: digit.repeat(64),
        }
    }

    #[test]
    fn each_seed_is_there_once_and_has_a_digest() {
        let key = |curve: Vec<RecordedCurve>| Recorded { curve }.validate().map_err(|invalid| invalid.key);
        assert_eq!(key(vec![curve(1, "0"), curve(4, "a")]), Ok(()));
        assert_eq!(key(vec![]), Err("curve".into()));
        assert_eq!(key(vec![curve(1, "0"), curve(1, "a")]), Err("curve.seed".into()));
        assert_eq!(key(vec![curve(2, "0"), curve(1, "a")]), Err("curve.seed".into()));
        assert_eq!(key(vec![curve(2, "g")]), Err("curve.sha256".into()));
        assert_eq!(key(vec![curve(2, "")]), Err("curve.sha256".into()));
    }

    #[test]
    fn a_seed_has_its_own_curve_or_none() {
        let all = Recorded {
            curve: vec![curve(1, "0"), curve(4, "a")],
        };
        assert_eq!(all.of(4), Some(&curve(4, "a")));
        assert_eq!(all.of_seed(1).curve, [curve(1, "0")]);
        assert_eq!(all.of_seed(2).curve, []);
    }
}
