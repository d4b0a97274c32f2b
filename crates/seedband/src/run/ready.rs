//! What a run finds out before it changes anything. `plan` finds out the same, so it refuses what a run would refuse,
//! in the same words, but for a study that nobody can run: all its curves were recorded elsewhere.

use super::study_run::RunOptions;
use super::writable;
use crate::error::Error;
use crate::session::{StudySession, TrialSet, resolve};
use seedband_core::files::provenance::DataRecord;
use seedband_core::recipe::Recipe;
use seedband_core::settings::MemoryFormat;
use seedband_core::study::Study;
use seedband_data::Depth;
use seedband_runner::{Machine, Plan, Programs, Slot, WorkerProgram, slots};

/// A study that can be run.
pub(crate) struct Ready {
    /// Which trials are finished and which are to run.
    pub(crate) plan: Plan,
    /// What can be planned by now; its trials stand in `plan`.
    pub(crate) set: TrialSet,
    /// What the trials to run are trained on.
    pub(crate) data: Vec<DataRecord>,
    /// Where they run; empty where nothing is to run and the devices asked for are not there.
    pub(crate) slots: Vec<Slot>,
    /// In which memory format they are trained; none where the built-in trainer trains nothing.
    pub(crate) memory_format: Option<MemoryFormat>,
    /// What trains them; none where nothing is to run.
    pub(crate) programs: Option<Programs>,
}

impl StudySession {
    /// Everything that a run checks first. Changes nothing.
    ///
    /// # Errors
    /// Whatever a run can refuse before it starts.
    pub(crate) fn ready(&self, options: &RunOptions, depth: Depth) -> Result<Ready, Error> {
        let mut set = self.trials()?;
        // Missing data is said before anything else is looked at.
        let trials = resolve(std::mem::take(&mut set.ready))?;
        if !options.update {
            self.refuse_changes()?;
        }
        self.dir().check_link()?;
        writable::check(self.dir().root())?;
        let plan = Plan::new(self.dir(), trials)?;
        if let Some(train) = plan.to_run.iter().find(|train| is_recorded(&train.trial.recipe)) {
            return Err(Error::RecordedCurveLost {
                trial: format!("{}/{}", train.trial.config, train.trial.seed),
            });
        }
        // What every trial would fail with is said once.
        let data = self.look_at_data(&plan.to_run, depth)?;
        let found = slots(
            &self.study().run,
            &Machine::detect(),
            plan.to_run.len() + set.deferred(),
        );
        let memory_format = self.memory_format(found.as_deref().unwrap_or_default(), options.update)?;
        if plan.to_run.is_empty() {
            return Ok(Ready {
                plan,
                set,
                data,
                slots: found.unwrap_or_default(),
                memory_format,
                programs: None,
            });
        }
        // The recipes of the study, and not of the plan: trainings and seeds that are added later have no others.
        let recipes = self.study().configs.iter().map(|config| &config.recipe);
        let programs = Programs::find(recipes, || WorkerProgram::find(options.worker.as_deref()))?;
        Ok(Ready {
            plan,
            set,
            data,
            slots: found?,
            memory_format,
            programs: Some(programs),
        })
    }

    /// Fails where every curve was recorded elsewhere, so that there is nothing to run.
    pub(super) fn refuse_recorded(&self) -> Result<(), Error> {
        if self.study().configs.iter().all(|config| is_recorded(&config.recipe)) {
            return Err(Error::RecordedElsewhere {
                study: self.study().name.clone(),
                file: self.file().to_path_buf(),
            });
        }
        Ok(())
    }

    /// Fails with the differences when results of another training stand under the names of this study's configs.
    pub(super) fn refuse_changes(&self) -> Result<(), Error> {
        let path = self.dir().study();
        if !path.is_file() {
            return Ok(());
        }
        let changes = self.study().changes_since(&Study::load(&path, &[])?);
        if changes.is_empty() {
            return Ok(());
        }
        Err(Error::StudyChanged {
            results: self.dir().root().to_path_buf(),
            changes,
        })
    }
}

fn is_recorded(recipe: &Recipe) -> bool {
    recipe.trainer.recorded().is_some()
}
