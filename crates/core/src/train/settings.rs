//! What a study says about its trainings: table `[train]` and its variants.

use super::rate::{MAX_LR, MIN_LR};
use super::{Floor, Policy, Rate, RateSource, StartWeights, TrainSeeds};
use crate::Invalid;
use crate::check::MOST_STEPS;
use crate::trainer::Trainer;
use serde::{Deserialize, Serialize};

/// One training of a config.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// Unique in its config; part of a folder's name.
    pub name: String,
    /// What it does; the rate is no list.
    pub settings: TrainSettings,
}

/// How a network is trained after its range test, table `[train]`, or one `[[train.variant]]` laid over it.
///
/// A training takes the config's model, data, batches, augmentation, loss and optimizer, and the seed's batch order and
/// augmentation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TrainSettings {
    /// Passes over the training images, 1 or more. Either this or `steps` has to be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epochs: Option<u32>,
    /// Steps of training, 1 to 10,000,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
    /// The highest learning rate: a number above 0, a list for one training each, or where it is read from. Default
    /// `"own"`.
    pub lr: Rate,
    /// Which suggestion is read: `"max-lr"`, `"min-lr"`, or a rule that the study lists in `rules`. Default `"max-lr"`.
    pub rule: String,
    /// What the suggestion is multiplied by; above 0. Default 1.
    pub factor: f64,
    /// The lowest learning rate, for policies that have one: a number, or `"min-lr"` for that of the range. Default: by
    /// the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<Floor>,
    /// The seed whose range test is read; belongs to `lr = "seed"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Which seeds are trained. Default `"all"`.
    pub seeds: TrainSeeds,
    /// At most so many pairs of seeds; belongs to `seeds = "apart"`. Default 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairs: Option<u32>,
    /// Initial weights: those of the range test, or others. Default `"same"`.
    pub weights: StartWeights,
    /// How the learning rate moves.
    pub policy: Policy,
}

impl Default for TrainSettings {
    fn default() -> Self {
        Self {
            epochs: None,
            steps: None,
            lr: Rate::From(RateSource::Own),
            rule: MAX_LR.into(),
            factor: 1.0,
            floor: None,
            seed: None,
            seeds: TrainSeeds::default(),
            pairs: None,
            weights: StartWeights::default(),
            policy: Policy::default(),
        }
    }
}

impl TrainSettings {
    /// Pairs of seeds to train where `pairs` is not said.
    const PAIRS: u32 = 5;

    /// At most so many pairs of seeds.
    pub fn most_pairs(&self) -> u32 {
        self.pairs.unwrap_or(Self::PAIRS)
    }

    /// Where the highest learning rate comes from in a few words, for example `own max LR x 0.5`.
    pub fn source(&self) -> String {
        let whose = match &self.lr {
            Rate::Fixed(lr) => return lr.to_string(),
            Rate::Grid(list) => return format!("{list:?}"),
            Rate::From(RateSource::Own) => "own".to_owned(),
            Rate::From(RateSource::Seed) => format!("seed {}'s", self.seed.unwrap_or_default()),
            Rate::From(RateSource::Median) => "median".to_owned(),
            Rate::From(RateSource::Suggested) if [MAX_LR, MIN_LR].contains(&self.rule.as_str()) => {
                return times("suggested LR", self.factor);
            }
            Rate::From(RateSource::Suggested) => "suggested".to_owned(),
            Rate::From(RateSource::Consensus) => "consensus".to_owned(),
            Rate::From(RateSource::Partner) => "partner's".to_owned(),
        };
        let what = match self.rule.as_str() {
            MAX_LR => "max LR",
            MIN_LR => "min LR",
            rule => rule,
        };
        times(&format!("{whose} {what}"), self.factor)
    }

    /// The same settings with every default that means something written out.
    #[must_use]
    pub fn explicit(&self) -> Self {
        Self {
            pairs: (self.seeds == TrainSeeds::DisjointPairs).then(|| self.most_pairs()),
            policy: self.policy.explicit(),
            ..self.clone()
        }
    }

    /// Checks what can be checked without the rest of the study; the error's key is below `[train]`. `rules` are the
    /// names of the study's rules, `study` its seeds.
    pub fn validate(&self, rules: &[&str], study: &[u64]) -> Result<(), Invalid> {
        self.validate_length()?;
        self.validate_rates()?;
        self.validate_source(rules)?;
        self.validate_seeds(study)?;
        self.policy.validate().map_err(|invalid| invalid.under("policy"))
    }

    /// Checks what only the config's trainer can tell.
    pub fn validate_beside(&self, trainer: &Trainer) -> Result<(), Invalid> {
        if self.weights == StartWeights::Other && !trainer.draws_weights() {
            let problem = "needs weights that are drawn, and all of them come from the file in `init.from`";
            return Err(Invalid::new("weights", "\"other\"", problem, "weights = \"same\""));
        }
        Ok(())
    }

    fn validate_length(&self) -> Result<(), Invalid> {
        match (self.epochs, self.steps) {
            (None, None) => {
                let problem = "says neither `epochs` nor `steps`";
                Err(Invalid::new("epochs", "…", problem, "epochs = 10"))
            }
            (Some(epochs), Some(_)) => {
                let problem = "stands beside `steps`, and a training has one length";
                Err(Invalid::new("epochs", epochs, problem, "epochs = 10"))
            }
            (Some(count), None) | (None, Some(count)) if count == 0 || count > MOST_STEPS => {
                let key = if self.epochs.is_some() { "epochs" } else { "steps" };
                let problem = format!("has to be from 1 to {MOST_STEPS}");
                Err(Invalid::new(key, count, problem, format!("{key} = 10")))
            }
            _ => Ok(()),
        }
    }

    fn validate_rates(&self) -> Result<(), Invalid> {
        let rates: &[f64] = match &self.lr {
            Rate::Fixed(lr) => &[*lr],
            Rate::Grid(list) if list.is_empty() => {
                return Err(Invalid::new("lr", "[]", "is an empty list", "lr = [0.01, 0.1, 1.0]"));
            }
            Rate::Grid(list) => list,
            Rate::From(_) => &[],
        };
        let usable = |lr: f64| lr.is_finite() && lr > 0.0;
        if let Some(bad) = rates.iter().find(|lr| !usable(**lr)) {
            return Err(Invalid::new("lr", bad, "has to be a finite number above 0", "lr = 0.1"));
        }
        if !usable(self.factor) {
            let problem = "has to be a finite number above 0";
            return Err(Invalid::new("factor", self.factor, problem, "factor = 0.5"));
        }
        let Some(floor) = self.floor else { return Ok(()) };
        let shown = match floor {
            Floor::Fixed(lr) => lr.to_string(),
            Floor::MinLr => format!("\"{MIN_LR}\""),
        };
        if !self.policy.uses_floor() {
            let problem = format!("means nothing to the policy `{}`", self.policy.name());
            return Err(Invalid::new("floor", shown, problem, "policy.kind = \"triangular\""));
        }
        match floor {
            Floor::Fixed(lr) if !lr.is_finite() || lr < 0.0 => {
                let problem = "has to be a finite number of at least 0";
                Err(Invalid::new("floor", lr, problem, "floor = 0.001"))
            }
            Floor::Fixed(lr) if rates.iter().any(|rate| lr > *rate) => {
                let problem = "lies above the learning rate in `lr`";
                Err(Invalid::new("floor", lr, problem, "floor = 0.001"))
            }
            Floor::MinLr if !rates.is_empty() => {
                let problem = "is the min LR of a range, and `lr` is a number";
                Err(Invalid::new("floor", shown, problem, "lr = \"own\""))
            }
            _ => Ok(()),
        }
    }

    fn validate_source(&self, rules: &[&str]) -> Result<(), Invalid> {
        let Rate::From(source) = self.lr else {
            for (key, said) in [
                ("rule", self.rule != MAX_LR),
                ("factor", self.factor.to_bits() != 1.0_f64.to_bits()),
            ] {
                if said {
                    let value = if key == "rule" {
                        &self.rule
                    } else {
                        &self.factor.to_string()
                    };
                    let problem = "concerns a suggestion, and `lr` is a number";
                    return Err(Invalid::new(key, value, problem, "lr = \"own\""));
                }
            }
            return Ok(());
        };
        if ![MAX_LR, MIN_LR].contains(&self.rule.as_str()) {
            if !rules.contains(&self.rule.as_str()) {
                let known: Vec<String> = [MAX_LR, MIN_LR]
                    .iter()
                    .chain(rules)
                    .map(|name| format!("`{name}`"))
                    .collect();
                let problem = format!("is no rule that the study lists; known are {}", known.join(", "));
                return Err(Invalid::new(
                    "rule",
                    format!("\"{}\"", self.rule),
                    problem,
                    "rule = \"max-lr\"",
                ));
            }
            if source == RateSource::Consensus {
                let problem = "cannot be read off the consensus range, which has a `min-lr` and a `max-lr`";
                return Err(Invalid::new(
                    "rule",
                    format!("\"{}\"", self.rule),
                    problem,
                    "rule = \"max-lr\"",
                ));
            }
        }
        if source == RateSource::Partner && self.seeds != TrainSeeds::DisjointPairs {
            let problem = "needs pairs of seeds";
            return Err(Invalid::new("lr", "\"partner\"", problem, "seeds = \"apart\""));
        }
        Ok(())
    }

    fn validate_seeds(&self, study: &[u64]) -> Result<(), Invalid> {
        match (self.seed, self.lr == Rate::From(RateSource::Seed)) {
            (None, true) => {
                return Err(Invalid::new("lr", "\"seed\"", "needs the seed to read", "seed = 3"));
            }
            (Some(seed), false) => {
                let problem = "belongs to `lr = \"seed\"`";
                return Err(Invalid::new("seed", seed, problem, "lr = \"seed\""));
            }
            (Some(seed), true) if !study.contains(&seed) => {
                let problem = "is none of the study's seeds";
                return Err(Invalid::new("seed", seed, problem, "seed = 0"));
            }
            _ => {}
        }
        match (&self.seeds, self.pairs) {
            (TrainSeeds::DisjointPairs, Some(0)) => Err(Invalid::new("pairs", 0, "has to be at least 1", "pairs = 5")),
            (TrainSeeds::All | TrainSeeds::Listed(_), Some(pairs)) => {
                let problem = "belongs to `seeds = \"apart\"`";
                Err(Invalid::new("pairs", pairs, problem, "seeds = \"apart\""))
            }
            (TrainSeeds::Listed(seeds), None) => match seeds.iter().find(|seed| !study.contains(seed)) {
                Some(seed) => {
                    let problem = format!("`{seed}` is none of the study's seeds");
                    Err(Invalid::new("seeds", format!("{seeds:?}"), problem, "seeds = \"all\""))
                }
                None if seeds.is_empty() => Err(Invalid::new("seeds", "[]", "names no seed", "seeds = \"all\"")),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

/// `own max LR x 0.5`; a factor of 1 is not said.
fn times(what: &str, factor: f64) -> String {
    if factor.to_bits() == 1.0_f64.to_bits() {
        what.to_owned()
    } else {
        format!("{what} x {factor}")
    }
}
