//! From declared trainings and finished range tests to trials.

use super::rate::{MAX_LR, MIN_LR};
use super::{Floor, Rate, RateSource, TrainPlan, TrainSeeds, TrainSettings, Training};
use crate::range_test::Answer;
use crate::recipe::Recipe;
use crate::summary::{ConfigAnswer, ConfigSummary, Spread};
use crate::train::DisjointPairs;
use crate::trial::Trial;

/// One training of one seed of a config.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedTraining {
    /// Name of the training.
    pub training: String,
    /// The seed.
    pub seed: u64,
    /// The pair it belongs to, with `seeds = "apart"`.
    pub pair: Option<DisjointPairs>,
    /// Whether it can be trained.
    pub state: State,
}

/// Whether a training can be trained.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// With these numbers.
    Ready(Box<Trial>),
    /// Not before further range tests have finished. With `seeds = "apart"` it may come to nothing.
    Waiting,
    /// Never: its range test suggests nothing to train with. Why, in a few words.
    Without(String),
}

/// The range tests of a config, and what they have come to.
#[derive(Debug, Clone, Copy)]
pub struct RangeTests<'a> {
    /// Name of the config.
    pub config: &'a str,
    /// What is trained.
    pub recipe: &'a Recipe,
    /// What they have come to.
    pub summary: &'a ConfigSummary,
    /// Seeds of the study.
    pub seeds: &'a [u64],
    /// Whether no further seeds will be added.
    pub final_seeds: bool,
}

impl RangeTests<'_> {
    /// Whether nothing that they say together can still change.
    fn are_complete(&self) -> bool {
        self.final_seeds && self.summary.counts.all_run()
    }
}

/// Every one of `trainings`, those of one config, for each of its seeds, given what its range tests have come to;
/// training by training.
///
/// A rate over seeds, and pairs of seeds, wait for all range tests of the config, and for no further seeds to be added.
/// So nothing is trained by a number that may still change.
pub fn plan(trainings: &[Training], range_tests: &RangeTests<'_>) -> Vec<PlannedTraining> {
    trainings
        .iter()
        .flat_map(|training| of_training(training, range_tests))
        .collect()
}

fn of_training(training: &Training, range_tests: &RangeTests<'_>) -> Vec<PlannedTraining> {
    let RangeTests { summary, seeds, .. } = *range_tests;
    let complete = range_tests.are_complete();
    let settings = &training.settings;
    let planned = |seed, pair: Option<DisjointPairs>, state| PlannedTraining {
        training: training.name.clone(),
        seed,
        pair,
        state,
    };
    let ready = |seed, partner| match numbers(settings, summary, complete, seed, partner) {
        Numbers::Known { lr, floor } => State::Ready(Box::new(trial(range_tests, training, seed, lr, floor))),
        Numbers::Waiting => State::Waiting,
        Numbers::Without(reason) => State::Without(reason),
    };
    let listed = match &settings.seeds {
        TrainSeeds::DisjointPairs if complete => {
            return DisjointPairs::of(summary, settings.most_pairs())
                .into_iter()
                .map(|pair| planned(pair.seed, Some(pair), ready(pair.seed, Some(pair.partner))))
                .collect();
        }
        TrainSeeds::DisjointPairs => {
            // Most that it can come to.
            let most = (2 * settings.most_pairs() as usize).min(seeds.len());
            return seeds[..most]
                .iter()
                .map(|&seed| planned(seed, None, State::Waiting))
                .collect();
        }
        TrainSeeds::All => seeds,
        TrainSeeds::Listed(listed) => listed,
    };
    listed
        .iter()
        .map(|&seed| planned(seed, None, ready(seed, None)))
        .collect()
}

fn trial(range_tests: &RangeTests<'_>, training: &Training, seed: u64, lr: f64, floor: Option<f64>) -> Trial {
    let settings = &training.settings;
    let range_test = Trial::new(range_tests.config, seed, range_tests.recipe);
    let id = range_test.id.clone();
    let mut validation = range_tests.recipe.validation.clone();
    validation.every = 0;
    Trial::of_training(
        range_test,
        TrainPlan {
            name: training.name.clone(),
            range_test: id,
            epochs: settings.epochs,
            steps: settings.steps,
            lr,
            floor,
            policy: settings.policy.explicit(),
            weights: settings.weights,
            validation,
        },
    )
}

/// The rates of a training in numbers.
enum Numbers {
    Known { lr: f64, floor: Option<f64> },
    Waiting,
    Without(String),
}

/// A suggestion that is there, not yet, or never.
enum Found {
    Lr(f64),
    Waiting,
    Without(String),
}

fn numbers(
    settings: &TrainSettings,
    summary: &ConfigSummary,
    complete: bool,
    seed: u64,
    partner: Option<u64>,
) -> Numbers {
    let source = match &settings.lr {
        Rate::Fixed(lr) => {
            return Numbers::Known {
                lr: *lr,
                floor: fixed(settings.floor),
            };
        }
        // Lists are taken apart when the study is read.
        Rate::Grid(_) => return Numbers::Without("`lr` is a list".into()),
        Rate::From(source) => *source,
    };
    let of_rule = |rule: &str| match source {
        RateSource::Own => of_seed(summary, seed, rule),
        RateSource::Seed => of_seed(summary, settings.seed.unwrap_or(seed), rule),
        RateSource::Partner => of_seed(summary, partner.unwrap_or(seed), rule),
        RateSource::Median | RateSource::Suggested | RateSource::Consensus if !complete => Found::Waiting,
        RateSource::Median => median(summary, rule),
        RateSource::Suggested => suggested(summary, rule),
        RateSource::Consensus => consensus(summary, rule),
    };
    let lr = match of_rule(&settings.rule) {
        Found::Lr(lr) => lr * settings.factor,
        Found::Waiting => return Numbers::Waiting,
        Found::Without(reason) => return Numbers::Without(reason),
    };
    if !(lr.is_finite() && lr > 0.0) {
        return Numbers::Without(format!("`{lr}` is no learning rate to train with"));
    }
    let floor = match settings.floor {
        Some(Floor::MinLr) => match of_rule(MIN_LR) {
            Found::Lr(lr) => Some(lr),
            Found::Waiting => return Numbers::Waiting,
            Found::Without(reason) => return Numbers::Without(format!("no min LR: {reason}")),
        },
        other => fixed(other),
    };
    match floor {
        Some(floor) if floor > lr => {
            Numbers::Without(format!("the lowest rate `{floor}` lies above the highest `{lr}`"))
        }
        floor => Numbers::Known { lr, floor },
    }
}

fn fixed(floor: Option<Floor>) -> Option<f64> {
    match floor {
        Some(Floor::Fixed(lr)) => Some(lr),
        Some(Floor::MinLr) | None => None,
    }
}

fn of_seed(summary: &ConfigSummary, seed: u64, rule: &str) -> Found {
    let of_range = |end: fn(&crate::summary::SeedSummary) -> Answer| {
        let found = summary.seeds.iter().find(|own| own.seed == seed);
        found.map(end)
    };
    let answer = match rule {
        MAX_LR => of_range(|own| own.max_lr),
        MIN_LR => of_range(|own| own.min_lr),
        name => {
            let named = summary.named_rules.iter().find(|named| named.name == name);
            let mut answers = named.into_iter().flat_map(|named| &named.answers);
            answers.find(|answer| answer.seed == seed).map(|answer| answer.answer)
        }
    };
    match answer {
        None => Found::Waiting,
        Some(Answer::Found { lr, .. }) => Found::Lr(lr),
        Some(Answer::None { reason }) => Found::Without(reason.to_string()),
    }
}

fn median(summary: &ConfigSummary, rule: &str) -> Found {
    let spread: Option<&Spread> = match rule {
        MAX_LR => Some(&summary.max_lr),
        MIN_LR => Some(&summary.min_lr),
        name => {
            let named = summary.named_rules.iter().find(|named| named.name == name);
            named.map(|named| &named.spread)
        }
    };
    match spread.and_then(|spread| spread.estimate) {
        Some(estimate) => Found::Lr(estimate.median),
        None => Found::Without("no seed has a suggestion".into()),
    }
}

/// The suggested rate of the config's range or, of a named rule, its own.
fn suggested(summary: &ConfigSummary, rule: &str) -> Found {
    let lr = match rule {
        MAX_LR | MIN_LR => summary.answer.as_ref().and_then(ConfigAnswer::suggested_lr),
        name => {
            let named = summary.named_rules.iter().find(|named| named.name == name);
            named.and_then(|named| named.suggestion?.lr)
        }
    };
    match lr {
        Some(lr) => Found::Lr(lr),
        None => Found::Without("no seed has a suggestion".into()),
    }
}

fn consensus(summary: &ConfigSummary, rule: &str) -> Found {
    let range = summary.answer.as_ref().and_then(|answer| answer.suggestion.range);
    match range.map(|range| if rule == MIN_LR { range.min_lr } else { range.max_lr }) {
        Some(lr) => Found::Lr(lr),
        None => Found::Without("no seed has a range".into()),
    }
}
