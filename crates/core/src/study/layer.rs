//! The texts that a study is made of.

use std::path::PathBuf;
use std::rc::Rc;

/// One text that says part of a study: a file, or an option on the command line.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    /// File name, or the option as given.
    pub(super) name: String,
    /// The TOML.
    pub(super) text: String,
    /// The same, parsed, with present names.
    pub(super) table: toml::Table,
    /// The folder that relative paths in it start at.
    pub(super) folder: PathBuf,
}

/// All layers of a study, lowest first.
#[derive(Debug)]
pub(super) struct Layers {
    pub(super) of_study: Vec<Rc<Layer>>,
    /// How many of them, from the end, come from the command line and lie over every config.
    pub(super) from_command_line: usize,
    /// Files that single configs build on, each with the config's name. Their settings already stand in the tables of
    /// these configs; they are there to show where a setting comes from.
    pub(super) of_configs: Vec<(String, Rc<[Rc<Layer>]>)>,
}
