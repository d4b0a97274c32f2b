//! What aggregation needs to know about a study.

use seedband_core::files::layout::StudyDir;
use seedband_core::range_test::Analysis;
use seedband_core::recipe::Recipe;
use seedband_core::settings::Statistics;
use seedband_core::train::Training;
use seedband_core::trial::TrialId;
use std::collections::HashSet;

/// A study, its results folder and its failed trials.
#[derive(Debug, Clone)]
pub struct StudyInput {
    /// Where the curves are; the folder need not exist.
    pub dir: StudyDir,
    /// Name of the study.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it asks; may be empty.
    pub description: String,
    /// How seeds are summarised; validated.
    pub statistics: Statistics,
    /// The configs, in the study's order.
    pub configs: Vec<ConfigInput>,
    /// Trials whose last attempt failed for outside reasons. One that has a curve all the same counts as finished.
    pub failed: HashSet<TrialId>,
}

/// One config of a study.
#[derive(Debug, Clone)]
pub struct ConfigInput {
    /// Its name.
    pub name: String,
    /// The settings that tell it from the study's other configs: dotted key, value.
    pub labels: Vec<(String, String)>,
    /// What was trained; validated.
    pub recipe: Recipe,
    /// How a range is read off the curves; validated.
    pub analysis: Analysis,
    /// What is trained after the range test.
    pub trainings: Vec<Training>,
    /// The seeds that the study asks for, each once and each a trial of its own.
    pub seeds: Vec<u64>,
    /// Further seeds, which would repeat one of these trials.
    pub repeats: u32,
}
