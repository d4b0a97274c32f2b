//! Studies: strict TOML in, validated configs and trials out.
//!
//! A study file may build on others (`extends`), be changed from the command line (`--set key=value`), spell out
//! several configs (`[[config]]`) and grow them along axes (`[sweep.grid]`, `[sweep.zip]`). All of it is merged as TOML
//! tables, lowest first: extended files, the file, the config, the point of the sweep, the command line. What comes out
//! is a list of configs that say everything.

mod axis;
mod change;
mod config;
mod configs;
mod data_path;
mod definition;
mod diagnose;
mod dotted;
mod error;
mod file;
mod keys;
mod layer;
mod limits;
mod listed_table;
mod load;
mod lower;
mod merge;
mod name;
mod old_names;
mod overrides;
mod parse;
mod point_name;
mod program_inputs;
pub mod reference;
mod resolved;
mod rules;
mod seed_list;
mod span;
mod sweep;
mod train;
mod weights_file;

pub use change::SettingChange;
pub use config::Config;
pub use data_path::{expand, expand_word};
pub use definition::Study;
pub use error::{Located, StudyError};
pub use name::check_name;
pub use program_inputs::{program_digests, working_dir};
pub use seed_list::{SeedList, Until};

use std::path::Path;

impl Study {
    /// Reads the study at `path` with `sets`, each a `key=value` from the command line.
    ///
    /// # Errors
    /// A file that cannot be read, a key or value that is not known, a setting that makes no sense. The message shows
    /// the place.
    pub fn load(path: &Path, sets: &[String]) -> Result<Self, StudyError> {
        lower::lower(&load::read(path, sets)?, path)
    }

    /// The study as TOML that says everything: every default written out, no `extends`, no sweep.
    pub fn to_toml(&self) -> String {
        resolved::to_toml(self)
    }

    /// For each config the settings that tell it from the others: dotted key and value. Empty for a single config.
    pub fn labels(&self) -> Vec<Vec<(String, String)>> {
        resolved::labels(self)
    }

    /// How the configs of `self` differ in training from those of the same name in `older`. A changed analysis is no
    /// change: it costs no training.
    pub fn changes_since(&self, older: &Self) -> Vec<SettingChange> {
        change::changes(older, self)
    }
}
