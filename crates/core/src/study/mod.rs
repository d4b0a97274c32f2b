//! Studies: strict TOML in, validated configs and trials out.
//!
//! A study file may build on others (`extends`), be changed from the command line (`--set key=value`), spell out several configs
//! (`[[config]]`) and grow them along axes (`[sweep.grid]`, `[sweep.zip]`). All of it is merged as TOML tables, lowest first: extended files,
//! the file, the config, the point of the sweep, the command line. What comes out is a list of configs that say everything.

mod change;
mod data_path;
mod error;
mod file;
mod layer;
mod load;
mod lower;
mod merge;
mod old_names;
mod overrides;
pub mod reference;
mod resolved;
mod rules;
mod seed_list;
mod sweep;
mod train;
mod weights_file;

pub use change::SettingChange;
pub use data_path::expand;
pub use error::{Located, StudyError};
pub use seed_list::{SeedList, Until};

use crate::protocol::Train;
use crate::range_test::Analysis;
use crate::range_test::EarlyStop;
use crate::range_test::{NamedRule, StopKind};
use crate::recipe::Recipe;
use crate::settings::{Run, Statistics};
use crate::summary::Summary;
use crate::train::{PlannedTraining, Training};
use crate::trial::Trial;
use std::path::Path;

/// A validated study: nothing in it depends on another file any more.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// Names the results folder: letters, digits, `.`, `_`, `-`.
    pub name: String,
    /// For people; the name where none is given.
    pub title: String,
    /// What the study asks; may be empty.
    pub description: String,
    /// Seeds of every config.
    pub seeds: SeedList,
    /// Configs with unique names, in the order of the file.
    pub configs: Vec<Config>,
    /// How seeds are summarised.
    pub statistics: Statistics,
    /// Where and how trials run.
    pub run: Run,
}

/// One setting of everything but the seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Unique in its study.
    pub name: String,
    /// What to train.
    pub recipe: Recipe,
    /// How to read a range off the curves.
    pub analysis: Analysis,
    /// What is trained after the range test; names are unique. Empty: nothing.
    pub trainings: Vec<Training>,
}

impl Study {
    /// Reads the study at `path` with `sets`, each a `key=value` from the command line.
    ///
    /// # Errors
    /// A file that cannot be read, a key or value that is not known, a setting that makes no sense. The message shows the place.
    pub fn load(path: &Path, sets: &[String]) -> Result<Self, StudyError> {
        lower::lower(&load::Layers::read(path, sets)?, path)
    }

    /// The study as TOML that says everything: every default written out, no `extends`, no sweep.
    pub fn to_toml(&self) -> String {
        resolved::to_toml(self)
    }

    /// All range tests, each once, seed by seed so that partial results cover all configs alike, and without data folders. Configs of equal recipe
    /// share their trials, and such a trial trains long enough for each of them and for its named rules.
    pub fn trials(&self) -> Vec<Train> {
        let rules: Vec<Vec<EarlyStop>> = self
            .configs
            .iter()
            .map(|config| early_stops(&config.analysis))
            .collect();
        let all = self.seeds.seeds().iter().flat_map(|&seed| {
            self.configs.iter().zip(&rules).map(move |(config, rules)| Train {
                trial: Trial::new(&config.name, seed, &config.recipe),
                data_path: None,
                weights_path: None,
                init_path: None,
                early_stops: rules.clone(),
            })
        });
        Train::merged(all)
    }

    /// The trainings of each config, in the order of configs, given what the range tests have come to: `summary` is that of this study.
    ///
    /// While any config may still get further seeds, nothing is planned by what all seeds say together.
    pub fn trainings(&self, summary: &Summary) -> Vec<Vec<PlannedTraining>> {
        let final_seeds = summary.all_run() || self.seeds.left() == 0;
        let configs = self.configs.iter().zip(&summary.configs);
        configs
            .map(|(config, summary)| crate::train::plan(config, summary, self.seeds.seeds(), final_seeds))
            .collect()
    }

    /// Whether anything is trained after the range tests.
    pub fn has_trainings(&self) -> bool {
        self.configs.iter().any(|config| !config.trainings.is_empty())
    }

    /// The rules that are read off every config's curves beside its range, in the study's order; names are unique.
    pub fn rules(&self) -> &[NamedRule] {
        self.configs
            .first()
            .map_or(&[], |config| config.analysis.rules.as_slice())
    }

    /// For each config the settings that tell it from the others: dotted key and value. Empty for a single config.
    pub fn labels(&self) -> Vec<Vec<(String, String)>> {
        resolved::labels(self)
    }

    /// How the configs of `self` differ in training from those of the same name in `older`. A changed analysis is no change: it costs no
    /// training.
    pub fn changes_since(&self, older: &Self) -> Vec<SettingChange> {
        change::changes(older, self)
    }
}

/// Every stop rule by which a config's curves are read, that of its divergence among them, each once; none where one of them never stops.
fn early_stops(analysis: &Analysis) -> Vec<EarlyStop> {
    let own = EarlyStop::new(&analysis.smoothing, &analysis.stop);
    let named = analysis
        .rules
        .iter()
        .map(|rule| EarlyStop::new(&rule.smoothing, &rule.stop));
    let mut rules: Vec<EarlyStop> = Vec::new();
    for rule in [own, analysis.divergence_rule()].into_iter().chain(named) {
        if rule.stop.kind == StopKind::Never {
            return Vec::new();
        }
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}
