//! Everything that determines a curve, but the seed.

use crate::Invalid;
use crate::range_test::{Growth, Schedule};
use crate::settings::{Augment, BatchSettings, Data, Init, Loss, Model, Optimizer, Pixels, StreamSeed, Streams, Validation};
use crate::trainer::{BuiltIn, Program, Recorded, Trainer};
use serde::{Deserialize, Serialize};

/// The settings that a trial is trained by: who trains, and what every trial has whoever trains it. Two trials of equal
/// recipe identity and equal stream seeds have equal curves.
///
/// In TOML and JSON the trainer's tables stand beside the others, in the order of the fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", try_from = "Tables")]
pub struct Recipe {
    /// Who trains.
    #[serde(flatten)]
    pub trainer: Trainer,
    /// Learning rate by step.
    pub schedule: Schedule,
    /// Which random streams vary with the seed.
    pub streams: Streams,
    /// Evaluation on images that are not trained on; not written where it is off.
    #[serde(skip_serializing_if = "Validation::is_default")]
    pub validation: Validation,
}

impl Recipe {
    /// Checks every table; the error's key is dotted from the top of the study.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.trainer.validate()?;
        self.schedule.validate().map_err(|error| error.under("schedule"))?;
        if self.schedule.kind == Growth::Listed && self.trainer.recorded().is_none() {
            let problem = "is for curves that were recorded elsewhere; what is trained here has a start and an end";
            let example = "kind = \"exponential\"";
            return Err(Invalid::new("schedule.kind", "\"listed\"", problem, example));
        }
        self.validation.validate().map_err(|error| error.under("validation"))
    }

    /// The random streams that follow the seed and change a curve, of `weights`, `order` and `augmentation`; none where
    /// curves were recorded elsewhere, since nobody said.
    pub fn varies(&self) -> Vec<&'static str> {
        let Streams {
            weights,
            order,
            augmentation,
        } = self.streams;
        let trainer = &self.trainer;
        [
            ("weights", weights, trainer.draws_weights()),
            ("order", order, trainer.draws_order()),
            ("augmentation", augmentation, trainer.augments()),
        ]
        .into_iter()
        .filter(|(_, stream, is_drawn)| *is_drawn && *stream == StreamSeed::Vary)
        .map(|(name, ..)| name)
        .collect()
    }

    /// Whether every seed has the same curve: all random streams are fixed, so that many seeds are one trial.
    pub fn is_one_trial(&self) -> bool {
        self.trainer.recorded().is_none() && self.varies().is_empty()
    }

    /// The same recipe with what concerns one seed alone.
    #[must_use]
    pub fn of_seed(&self, seed: u64) -> Self {
        Self {
            trainer: self.trainer.of_seed(seed),
            schedule: self.schedule.clone(),
            streams: self.streams,
            validation: self.validation.clone(),
        }
    }

    /// The same recipe with the defaults that depend on another key filled in, so that a default written out changes
    /// nothing.
    #[must_use]
    pub fn resolved(&self) -> Self {
        Self {
            trainer: self.trainer.resolved(),
            validation: self.validation.resolved(),
            ..self.clone()
        }
    }
}

/// Calls the macro `$callback` with the tables of a recipe, each with its type, in the order in which they are listed
/// to people. What follows the name of the macro is handed on behind them.
macro_rules! recipe_tables {
    ($callback:ident $($more:tt)*) => {
        $callback! {
            recipe {
                trainer: Option<Program>,
                recorded: Option<Recorded>,
                model: Model,
                init: Init,
                data: Data,
                pixels: Pixels,
                augment: Augment,
                training: BatchSettings,
                loss: Loss,
                optimizer: Optimizer,
                schedule: Schedule,
                streams: Streams,
                validation: Validation,
            }
            $($more)*
        }
    };
}
pub(crate) use recipe_tables;

macro_rules! tables {
    (recipe { $($table:ident: $type:ty,)* }) => {
        /// A recipe as it is read: serde cannot refuse unknown keys of a struct that another is flattened into.
        #[derive(Deserialize, Default)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
        struct Tables {
            $($table: $type,)*
        }
    };
}
recipe_tables!(tables);

impl TryFrom<Tables> for Recipe {
    type Error = &'static str;

    fn try_from(tables: Tables) -> Result<Self, Self::Error> {
        let built_in = BuiltIn {
            model: tables.model,
            init: tables.init,
            data: tables.data,
            pixels: tables.pixels,
            augment: tables.augment,
            batches: tables.training,
            loss: tables.loss,
            optimizer: tables.optimizer,
        };
        let trainer = match (tables.trainer, tables.recorded) {
            (None, None) => built_in.into(),
            (Some(_), Some(_)) => return Err("a program stands beside curves that were recorded elsewhere"),
            (Some(program), None) if built_in == BuiltIn::default() => program.into(),
            (None, Some(recorded)) if built_in == BuiltIn::default() => recorded.into(),
            (Some(_), None) => return Err("settings of the built-in trainer stand beside those of a program"),
            (None, Some(_)) => {
                return Err("settings of the built-in trainer stand beside curves that were recorded elsewhere");
            }
        };
        Ok(Self {
            trainer,
            schedule: tables.schedule,
            streams: tables.streams,
            validation: tables.validation,
        })
    }
}
