//! What the variable `FAKE_WORKER` says.

use crate::marks::Marks;
use seedband_core::trial::Trial;

/// The clauses of `FAKE_WORKER`: what is left of each `=`, and what is right of it.
pub(crate) struct Script(Vec<(String, String)>);

impl Script {
    pub(crate) fn from_environment() -> Self {
        let text = std::env::var("FAKE_WORKER").unwrap_or_default();
        let clauses = text.split(';').filter_map(|clause| clause.trim().split_once('='));
        Self(
            clauses
                .map(|(key, behaviour)| (key.to_owned(), behaviour.to_owned()))
                .collect(),
        )
    }

    /// Behaviour and its argument.
    pub(crate) fn of(&self, key: &str) -> Option<(&str, &str)> {
        self.0
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, behaviour)| parts(behaviour))
    }

    /// The fingerprint of the data.
    pub(crate) fn data(&self) -> String {
        let clause = self.0.iter().find(|(key, _)| key == "data");
        clause.map_or("fa4e".repeat(16), |(_, digits)| digits.clone())
    }

    /// What to do with a trial, and its argument.
    pub(crate) fn of_trial(&self, trial: &Trial, marks: &Marks) -> (&str, &str) {
        let fits = |pattern: &str, value: &str| pattern == "*" || pattern == value;
        let seed = trial.seed.to_string();
        let names: Vec<&str> = match &trial.training {
            Some(plan) => vec![&trial.config, &plan.name, &seed],
            None => vec![&trial.config, &seed],
        };
        let clause = self.0.iter().find(|(key, _)| {
            let patterns: Vec<&str> = key.split('/').collect();
            patterns.len() == names.len() && patterns.iter().zip(&names).all(|(pattern, name)| fits(pattern, name))
        });
        match clause.map(|(_, behaviour)| parts(behaviour)) {
            None => ("finish", ""),
            Some(("times", rest)) => {
                let (times, behaviour) = parts(rest);
                if marks.count_up(&trial.id) <= times.parse().unwrap_or(0) {
                    parts(behaviour)
                } else {
                    ("finish", "")
                }
            }
            Some(behaviour) => behaviour,
        }
    }
}

fn parts(behaviour: &str) -> (&str, &str) {
    behaviour.split_once(':').unwrap_or((behaviour, ""))
}
