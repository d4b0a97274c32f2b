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
mod overrides;
pub mod reference;
mod resolved;
mod rules;
mod seed_list;
mod sweep;

pub use change::SettingChange;
pub use data_path::expand;
pub use error::{Located, StudyError};
pub use seed_list::SeedList;

use crate::protocol::Halt;
use crate::range_test::{NamedRule, Smoothing, Stop, StopKind};
use crate::recipe::{Analysis, Recipe};
use crate::settings::{Run, Statistics};
use crate::trial::Trial;
use std::collections::{HashMap, HashSet};
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
}

/// A trial together with what its training needs to know beyond its identity.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The trial.
    pub trial: Trial,
    /// The stop rules of every config that shares the trial, those of its named rules included; empty when one of them never stops.
    pub halt: Vec<Halt>,
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

    /// All trials, each once, seed by seed so that partial results cover all configs alike. Configs of equal recipe share their trials.
    pub fn trials(&self) -> Vec<Planned> {
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut never: HashSet<usize> = HashSet::new();
        let mut planned: Vec<Planned> = Vec::new();
        for &seed in self.seeds.seeds() {
            for config in &self.configs {
                let trial = Trial::new(&config.name, seed, &config.recipe);
                let place = *places.entry(trial.id.as_str().to_owned()).or_insert_with(|| {
                    planned.push(Planned {
                        trial,
                        halt: Vec::new(),
                    });
                    planned.len() - 1
                });
                for (smoothing, stop) in stops(&config.analysis) {
                    let halt = Halt::new(smoothing, stop);
                    if halt.stop.kind == StopKind::Never {
                        never.insert(place);
                    } else if !planned[place].halt.contains(&halt) {
                        planned[place].halt.push(halt);
                    }
                }
            }
        }
        for place in never {
            planned[place].halt.clear();
        }
        planned
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

/// Every stop rule by which a config's curves are read, with the smoothing it looks through.
fn stops(analysis: &Analysis) -> impl Iterator<Item = (&Smoothing, &Stop)> {
    let named = analysis.rules.iter().map(|rule| (&rule.smoothing, &rule.stop));
    std::iter::once((&analysis.smoothing, &analysis.stop)).chain(named)
}
