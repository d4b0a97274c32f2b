//! What the variable `FAKE_WORKER` says.

use crate::Result;
use crate::behaviour::{Behaviour, Start, parts};
use crate::shared_folder::SharedFolder;
use seedband_core::trial::Trial;
use std::error::Error;
use std::str::FromStr;

/// The clauses of a script.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) start: Option<Start>,
    /// Whether it goes on when its input has closed.
    pub(crate) lingers: bool,
    /// Whether it trains one trial and ends, as a script of a user's does.
    pub(crate) one_trial: bool,
    /// The fingerprint of the data.
    pub(crate) data: String,
    trials: Vec<Clause>,
}

/// What to do with the trials that a pattern fits.
#[derive(Debug)]
struct Clause {
    /// Config and seed, or config, training and seed; `*` is any.
    pattern: Vec<String>,
    /// The number of attempts at a trial in which it does so; every one where there is none.
    attempts: Option<u32>,
    /// As it stands in the script.
    text: String,
    behaviour: Behaviour,
}

impl FromStr for Script {
    type Err = Box<dyn Error>;

    fn from_str(text: &str) -> Result<Self> {
        let mut script = Self {
            start: None,
            lingers: false,
            one_trial: false,
            data: "fa4e".repeat(16),
            trials: Vec::new(),
        };
        for clause in text.split(';').map(str::trim).filter(|clause| !clause.is_empty()) {
            match clause.split_once('=') {
                Some(("start", start)) => script.start = Some(start.parse()?),
                Some(("end", "linger")) => script.lingers = true,
                Some(("end", "after-one-trial")) => script.one_trial = true,
                Some(("data", digits)) => script.data = digits.into(),
                Some((pattern, behaviour)) if pattern.contains('/') => {
                    script.trials.push(Clause::new(pattern, behaviour)?);
                }
                _ => return Err(format!("`{clause}` is no clause of a script").into()),
            }
        }
        Ok(script)
    }
}

impl Script {
    /// What to do with this attempt at a trial, as the script has it and what that means.
    pub(crate) fn behaviour(&self, trial: &Trial, folder: &SharedFolder) -> (&str, Behaviour) {
        let clause = self.trials.iter().find(|clause| clause.fits(trial));
        match clause {
            Some(clause)
                if clause
                    .attempts
                    .is_none_or(|most| folder.count_attempt(&trial.id) <= most) =>
            {
                (&clause.text, clause.behaviour.clone())
            }
            _ => ("finish", Behaviour::Finish),
        }
    }
}

impl Clause {
    fn new(pattern: &str, text: &str) -> Result<Self> {
        let (attempts, text) = match parts(text) {
            ("times", rest) => {
                let (attempts, behaviour) = parts(rest);
                (Some(attempts.parse()?), behaviour)
            }
            _ => (None, text),
        };
        Ok(Self {
            pattern: pattern.split('/').map(str::to_owned).collect(),
            attempts,
            text: text.to_owned(),
            behaviour: text.parse()?,
        })
    }

    fn fits(&self, trial: &Trial) -> bool {
        let seed = trial.seed.to_string();
        let names: Vec<&str> = match &trial.training {
            Some(plan) => vec![&trial.config, &plan.name, &seed],
            None => vec![&trial.config, &seed],
        };
        let fits = |(pattern, name): (&String, &&str)| pattern == "*" || pattern == name;
        self.pattern.len() == names.len() && self.pattern.iter().zip(&names).all(fits)
    }
}
