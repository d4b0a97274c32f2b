//! A study as it is once everything has been read and checked, and the trials that it asks for.

use super::config::Config;
use super::seed_list::{SeedList, Until};
use crate::protocol::Train;
use crate::range_test::{EarlyStop, NamedRule};
use crate::settings::{Run, Statistics};
use crate::summary::Summary;
use crate::summary::settled::is_settled;
use crate::train::{self, PlannedTraining, RangeTests};
use crate::trial::Trial;
use std::collections::HashSet;

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

impl Study {
    /// All range tests, each once, seed by seed so that partial results cover all configs alike, and without data
    /// folders. Configs of equal recipe share their trials, and such a trial trains long enough for each of them and
    /// for its named rules.
    pub fn trials(&self) -> Vec<Train> {
        let rules: Vec<Vec<EarlyStop>> = self.configs.iter().map(Config::early_stops).collect();
        let own = |config: &Config| config.seeds(self.seeds.seeds()).collect::<HashSet<u64>>();
        let own: Vec<HashSet<u64>> = self.configs.iter().map(own).collect();
        let all = self.seeds.seeds().iter().flat_map(|&seed| {
            self.configs
                .iter()
                .zip(&rules)
                .zip(&own)
                .filter(move |(_, own)| own.contains(&seed))
                .map(move |((config, rules), _)| {
                    Train::new(Trial::new(&config.name, seed, &config.recipe), rules.clone())
                })
        });
        Train::merged(all)
    }

    /// The trainings of each config, in the order of configs, given what the range tests have come to: `summary` is
    /// that of this study.
    ///
    /// While any config may still get further seeds, nothing is planned by what all seeds say together.
    pub fn trainings(&self, summary: &Summary) -> Vec<Vec<PlannedTraining>> {
        let is_settled = |until: Until| is_settled(summary, until.decades);
        let final_seeds = self.seeds.left() == 0 || (summary.all_run() && self.seeds.until().is_none_or(is_settled));
        let configs = self.configs.iter().zip(&summary.configs);
        let planned = configs.map(|(config, summary)| {
            let seeds: Vec<u64> = config.seeds(self.seeds.seeds()).collect();
            let range_tests = RangeTests {
                config: &config.name,
                recipe: &config.recipe,
                summary,
                seeds: &seeds,
                final_seeds,
            };
            train::plan(&config.trainings, &range_tests)
        });
        planned.collect()
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
}
