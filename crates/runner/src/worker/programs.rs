//! Which program trains which trial.

use crate::failure::Failure;
use crate::worker::program::{WorkerProgram, WorkerProgramError};
use seedband_core::protocol::FailureClass;
use seedband_core::recipe::Recipe;
use seedband_core::study::program_digests;
use seedband_core::trainer::Trainer;
use std::sync::Arc;

/// The programs that the trials of a run need.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The built-in trainer; absent where no trial needs it.
    pub built_in: Option<Arc<WorkerProgram>>,
}

impl Programs {
    /// With the built-in trainer, for trials of any kind.
    pub fn new(built_in: WorkerProgram) -> Self {
        Self {
            built_in: Some(Arc::new(built_in)),
        }
    }

    /// For trials of `recipes`: the built-in trainer is looked for where one needs it, at `worker` if that is given.
    ///
    /// # Errors
    /// A program is not there, or does not start.
    pub fn find<'a>(
        recipes: impl Iterator<Item = &'a Recipe>,
        find_built_in: impl FnOnce() -> Result<WorkerProgram, WorkerProgramError>,
    ) -> Result<Self, WorkerProgramError> {
        let mut needs_built_in = false;
        for recipe in recipes {
            match &recipe.trainer {
                Trainer::BuiltIn(_) => needs_built_in = true,
                Trainer::Program { trainer } => {
                    WorkerProgram::of_user(trainer)?;
                }
                Trainer::Recorded { .. } => {}
            }
        }
        let built_in = needs_built_in.then(find_built_in).transpose()?;
        Ok(Self {
            built_in: built_in.map(Arc::new),
        })
    }

    /// Whether the files of a user's program are still those by which its trials are known.
    ///
    /// # Errors
    /// One is another now, or cannot be read: losses of it would be filed under the name of what it was.
    pub(crate) fn check_unchanged(trainer: &Trainer) -> Result<(), Failure> {
        let Some(program) = trainer.program() else {
            return Ok(());
        };
        let refused = |message: &str| Failure::new(FailureClass::BadStudy, message);
        let found = program_digests(program).map_err(|error| refused(&error.to_string()))?;
        let names = program.sha256.keys().chain(found.keys());
        match names
            .into_iter()
            .find(|name| program.sha256.get(*name) != found.get(*name))
        {
            None => Ok(()),
            Some(name) => Err(refused(&format!(
                "`{name}` has changed since the run began; run again, and what it is now is trained"
            ))),
        }
    }

    /// The one that trains by `trainer`.
    ///
    /// # Errors
    /// It is not there.
    pub(crate) fn of(&self, trainer: &Trainer) -> Result<Arc<WorkerProgram>, WorkerProgramError> {
        match trainer {
            Trainer::Program { trainer } => Ok(Arc::new(WorkerProgram::of_user(trainer)?)),
            Trainer::Recorded { .. } => Err(WorkerProgramError::Recorded),
            Trainer::BuiltIn(_) => match &self.built_in {
                Some(program) => Ok(Arc::clone(program)),
                None => Ok(Arc::new(WorkerProgram::find(None)?)),
            },
        }
    }
}
