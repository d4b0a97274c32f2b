use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// Parameters that are trained otherwise than the rest, one `[[optimizer.group]]`. A parameter belongs to the first
/// group that names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Group {
    /// Names of parameters as PyTorch has them, for example `fc.weight`; `*` stands for any characters, dots too, `?`
    /// for one.
    pub parameters: Vec<String>,
    /// The learning rate of these parameters is so many times that of the schedule, decoupled weight decay included; 0
    /// freezes them. Default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lr_multiplier: Option<f64>,
    /// Not updated at all: no gradient, no momentum, no weight decay, no part in the norm to clip (PyTorch's
    /// `requires_grad = False`). A batch norm whose weight and bias are frozen still takes mean and variance of each
    /// batch, and its running averages still follow. Default false.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub freeze: bool,
}

impl Group {
    /// What the learning rate is multiplied by; 0 where the parameters are frozen.
    pub fn multiplier(&self) -> f64 {
        if self.freeze {
            0.0
        } else {
            self.lr_multiplier.unwrap_or(1.0)
        }
    }

    /// The same group with both keys written out, which say the same where it is frozen.
    pub(super) fn resolved(&self) -> Self {
        let freeze = self.multiplier() == 0.0;
        Self {
            parameters: self.parameters.clone(),
            lr_multiplier: Some(if freeze { 0.0 } else { self.multiplier() }),
            freeze,
        }
    }

    /// Whether one of its patterns fits a parameter's name.
    pub fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|pattern| fits(pattern, name))
    }

    /// Checks that it names parameters, that its multiplier is in range, and that a frozen group has none but 0.
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        const EXAMPLE: &str = "[[optimizer.group]]\nparameters = [\"fc.*\"]\nlr-multiplier = 10.0";
        let invalid = |problem: &str| {
            let shown = format!("{{ parameters = {:?}, … }}", self.parameters);
            Err(Invalid::new("group", shown, problem, EXAMPLE))
        };
        if self.parameters.is_empty() || self.parameters.iter().any(String::is_empty) {
            return invalid("has to name parameters");
        }
        if self.freeze && self.lr_multiplier.is_some_and(|multiplier| multiplier != 0.0) {
            return invalid("is frozen and has an `lr-multiplier`; leave out one of the two");
        }
        let multiplier = self.lr_multiplier.unwrap_or(1.0);
        check::within("lr-multiplier", multiplier, 0.0, 1e6, "lr-multiplier = 10.0").or_else(|error| {
            let problem = format!("`lr-multiplier = {}` {}", error.value, error.problem);
            invalid(&problem)
        })
    }
}

/// Whether a name is of the form of a pattern. A `*` that was matched too short is stretched by one character at a
/// time, and only the last one, so that the time is at most the product of both lengths.
pub fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut read) = (0, 0);
    // Where the last `*` stands, and up to where it reaches.
    let mut star: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(character) if *character == '?' || *character == name[read] => {
                at += 1;
                read += 1;
            }
            _ => match &mut star {
                Some((place, reach)) => {
                    *reach += 1;
                    (at, read) = (*place + 1, *reach);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|character| *character == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, name, expected) in [
            ("fc.*", "fc.weight", true),
            ("fc.*", "fc.", true),
            ("fc.*", "fc1.weight", false),
            ("fc", "fc.weight", false),
            ("*.bias", "layer1.0.bn1.bias", true),
            ("*.bias", "layer1.0.bn1.bias.x", false),
            ("*bn?.*", "layer1.0.bn2.weight", true),
            ("*bn?.*", "layer1.0.bn.weight", false),
            ("layer*.conv*.weight", "layer2.0.conv1.weight", true),
            ("layer*.conv*.weight", "layer2.0.bn1.weight", false),
            ("*a*b", "aab", true),
            ("*ab*ab", "abxabab", true),
            ("*ab*ab", "abx", false),
            ("**", "", true),
            ("", "", true),
            ("?", "", false),
            ("", "x", false),
            ("f?.weight", "fc.weight", true),
            ("ü*", "über", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "`{pattern}` and `{name}`");
        }
    }

    /// A matcher that tries every length of every `*` would take 2^40 steps.
    #[test]
    fn a_pattern_of_stars_takes_no_time() {
        assert!(!fits(&"*a".repeat(40), &format!("{}b", "a".repeat(80))));
    }

    #[test]
    fn a_frozen_group_and_a_multiplier_of_zero_are_the_same() {
        let group = |lr_multiplier, freeze| Group {
            parameters: vec!["fc.*".into()],
            lr_multiplier,
            freeze,
        };
        let frozen = group(Some(0.0), true);
        for same in [group(None, true), group(Some(0.0), false), group(Some(-0.0), false)] {
            assert_eq!(same.resolved(), frozen);
            assert_eq!(same.resolved().lr_multiplier.map(f64::to_bits), Some(0));
            assert!(same.validate().is_ok());
        }
        assert_eq!(group(None, false).resolved(), group(Some(1.0), false));
        assert!(group(Some(2.0), true).validate().is_err());
        for multiplier in [-1.0, 1e7, f64::NAN, f64::INFINITY] {
            assert!(group(Some(multiplier), false).validate().is_err(), "{multiplier}");
        }
        assert!(Group::default().validate().is_err());
    }
}
