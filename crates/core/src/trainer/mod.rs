//! Who trains a trial: the trainer that seedband brings, or a program of the user's; or nobody, because its curve was
//! recorded elsewhere.

mod built_in;
mod program;
mod recorded;

pub use built_in::BuiltIn;
pub use program::Program;
pub use recorded::{Recorded, RecordedCurve};

use crate::Invalid;
use serde::{Deserialize, Serialize};

/// Who trains, with the settings that are its own.
///
/// In TOML and JSON the built-in trainer's tables stand beside those that every trainer has; a program has the one
/// table `trainer`, and curves recorded elsewhere the one table `recorded`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Trainer {
    /// The image classifier of `seedband-worker`.
    BuiltIn(Box<BuiltIn>),
    /// A program of the user's.
    Program {
        /// The table `[trainer]`.
        trainer: Box<Program>,
    },
    /// Nobody: the curves are there already.
    Recorded {
        /// The table `[recorded]`.
        recorded: Box<Recorded>,
    },
}

impl Default for Trainer {
    fn default() -> Self {
        Self::BuiltIn(Box::default())
    }
}

impl From<BuiltIn> for Trainer {
    fn from(settings: BuiltIn) -> Self {
        Self::BuiltIn(Box::new(settings))
    }
}

impl From<Program> for Trainer {
    fn from(program: Program) -> Self {
        Self::Program {
            trainer: Box::new(program),
        }
    }
}

impl From<Recorded> for Trainer {
    fn from(recorded: Recorded) -> Self {
        Self::Recorded {
            recorded: Box::new(recorded),
        }
    }
}

impl Trainer {
    /// The settings of the built-in trainer, if it trains.
    pub fn built_in(&self) -> Option<&BuiltIn> {
        match self {
            Self::BuiltIn(settings) => Some(settings),
            Self::Program { .. } | Self::Recorded { .. } => None,
        }
    }

    /// The settings of the built-in trainer.
    ///
    /// # Errors
    /// A program trains, and whoever asks is not it.
    pub fn require_built_in(&self) -> Result<&BuiltIn, Invalid> {
        self.built_in().ok_or_else(|| {
            let problem = "is another trainer than this one";
            Invalid::new("trainer", "…", problem, "[model]\narchitecture = \"mlp\"")
        })
    }

    /// The same, to be changed.
    pub fn built_in_mut(&mut self) -> Option<&mut BuiltIn> {
        match self {
            Self::BuiltIn(settings) => Some(settings),
            Self::Program { .. } | Self::Recorded { .. } => None,
        }
    }

    /// The program, if one trains.
    pub fn program(&self) -> Option<&Program> {
        match self {
            Self::BuiltIn(_) | Self::Recorded { .. } => None,
            Self::Program { trainer } => Some(trainer),
        }
    }

    /// The same, to be changed.
    pub fn program_mut(&mut self) -> Option<&mut Program> {
        match self {
            Self::BuiltIn(_) | Self::Recorded { .. } => None,
            Self::Program { trainer } => Some(trainer),
        }
    }

    /// The curves, if they were recorded elsewhere.
    pub fn recorded(&self) -> Option<&Recorded> {
        match self {
            Self::Recorded { recorded } => Some(recorded),
            Self::BuiltIn(_) | Self::Program { .. } => None,
        }
    }

    /// What of it concerns one seed.
    #[must_use]
    pub fn of_seed(&self, seed: u64) -> Self {
        match self {
            Self::Recorded { recorded } => recorded.of_seed(seed).into(),
            Self::BuiltIn(_) | Self::Program { .. } => self.clone(),
        }
    }

    /// Checks every table; the error's key is dotted from the top of the study.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::BuiltIn(settings) => settings.validate(),
            Self::Program { trainer } => trainer.validate().map_err(|error| error.under("trainer")),
            Self::Recorded { recorded } => recorded.validate().map_err(|error| error.under("recorded")),
        }
    }

    /// The same settings with the defaults that depend on another key filled in.
    #[must_use]
    pub fn resolved(&self) -> Self {
        match self {
            Self::BuiltIn(settings) => settings.resolved().into(),
            Self::Program { .. } | Self::Recorded { .. } => self.clone(),
        }
    }

    /// What two trials must share to have been trained alike: the settings, but where files lie if something else tells
    /// what they are.
    #[must_use]
    pub fn identity(&self) -> Self {
        match self {
            Self::BuiltIn(settings) => settings.identity().into(),
            Self::Program { trainer } => trainer.identity().into(),
            Self::Recorded { recorded } => recorded.identity().into(),
        }
    }

    /// Whether any initial weight is drawn, as far as that is known.
    pub fn draws_weights(&self) -> bool {
        self.recorded().is_none() && self.built_in().is_none_or(BuiltIn::draws_weights)
    }

    /// Whether an order of training examples is drawn, as far as that is known.
    pub fn draws_order(&self) -> bool {
        self.recorded().is_none()
    }

    /// Whether training examples are changed at random, as far as that is known.
    pub fn augments(&self) -> bool {
        self.recorded().is_none() && self.built_in().is_none_or(BuiltIn::augments)
    }

    /// Training examples of one step, where that is known.
    pub fn images_per_step(&self) -> Option<u64> {
        self.built_in().map(|settings| settings.batches.images_per_step())
    }
}
