//! The strict shape of a study file: what may be written, all of it optional.

use super::keys::config_tables;
use super::seed_list::SeedList;
use crate::range_test::{Divergence, Pairing, Range, Rule, Schedule, Smoothing, Stop};
use crate::settings::{
    Augment, BatchSettings, Data, Init, Loss, Model, Optimizer, Pixels, Run, Statistics, Streams, Validation,
};
use crate::train::{Floor, Policy, Rate, StartWeights, TrainSeeds};
use crate::trainer::{Program, Recorded};
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

/// Declares the shapes that share the tables of a config: serde cannot refuse unknown keys of a struct that another is
/// flattened into.
macro_rules! with_config_tables {
    (recipe { $($recipe:ident: $recipe_type:ty,)* } analysis { $($analysis:ident: $analysis_type:ty,)* }) => {
        /// A study file. Only its shape counts: values are merged as TOML tables and read again from the merge.
        #[derive(Debug, Deserialize, Default)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
        pub(super) struct StudyFile {
            pub(super) extends: Extends,
            name: Option<String>,
            title: Option<String>,
            description: Option<String>,
            seeds: Option<SeedList>,
            $($recipe: $recipe_type,)*
            $($analysis: $analysis_type,)*
            train: TrainFile,
            rules: Vec<String>,
            rule: BTreeMap<String, RuleFile>,
            statistics: Statistics,
            run: Run,
            pub(super) config: Vec<ConfigFile>,
            sweep: SweepFile,
        }

        /// One `[[config]]`: a name, files to build on, and the settings that differ from the study's.
        #[derive(Debug, Deserialize, Default)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
        pub(super) struct ConfigFile {
            pub(super) extends: Extends,
            pub(super) name: Option<String>,
            $($recipe: $recipe_type,)*
            $($analysis: $analysis_type,)*
            train: TrainFile,
        }
    };
}
config_tables!(with_config_tables);

/// Declares a shape with the keys of a training between others.
macro_rules! with_train_keys {
    ($(#[$attribute:meta])* $shape:ident { $($first:ident: $first_type:ty,)* .. $($last:ident: $last_type:ty,)* }) => {
        $(#[$attribute])*
        #[derive(Debug, Deserialize, Default)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
        struct $shape {
            $($first: $first_type,)*
            epochs: Option<u32>,
            steps: Option<u32>,
            lr: Option<Rate>,
            rule: Option<String>,
            factor: Option<f64>,
            floor: Option<Floor>,
            seed: Option<u64>,
            seeds: Option<TrainSeeds>,
            pairs: Option<u32>,
            weights: Option<StartWeights>,
            policy: Policy,
            $($last: $last_type,)*
        }
    };
}
with_train_keys! {
    /// `[train]`: what trainings share, and where they differ. A layer may say any part of it; the settings are read
    /// again from the merge.
    TrainFile { .. variant: Vec<VariantFile>, }
}
with_train_keys! {
    /// One `[[train.variant]]`: a name and the settings that differ from `[train]`.
    VariantFile { name: Option<String>, .. }
}

/// One `[rule.<name>]`. A layer may say any part of it; all layers together have to say the suggestion.
#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct RuleFile {
    pub(super) smoothing: Smoothing,
    pub(super) stop: Stop,
    pub(super) suggestion: Option<Rule>,
}

/// `[sweep.grid]` and `[sweep.zip]`: keys of settings with a list of values each.
#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct SweepFile {
    grid: toml::Table,
    zip: toml::Table,
}

/// The files that a file builds on: one path or a list.
#[derive(Debug, Default)]
pub(super) struct Extends(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Extends {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ExtendsVisitor;
        impl<'de> Visitor<'de> for ExtendsVisitor {
            type Value = Extends;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the path of a file or a list of paths, for example \"../configs/flavours/fastai-v1.toml\"")
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Extends, E> {
                Ok(Extends(vec![value.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Extends, A::Error> {
                let mut paths = Vec::new();
                while let Some(path) = list.next_element()? {
                    paths.push(path);
                }
                Ok(Extends(paths))
            }
        }
        deserializer.deserialize_any(ExtendsVisitor)
    }
}
