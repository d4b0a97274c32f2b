//! Initial weights of trials, trained or not, as files that PyTorch loads.

use crate::error::Error;
use crate::session::{StudySession, resolve};
use seedband_runner::{Timeouts, WorkerProgram, save_weights_blocking};
use std::path::Path;

impl StudySession {
    /// Writes the initial weights of the range tests of `configs`, of all where none is named, each to
    /// `init.safetensors` in its trial's folder, and tells `saved` each path once it is there. `worker` as in
    /// [`RunOptions`](crate::RunOptions).
    ///
    /// # Errors
    /// A config is not known, there is no worker, or weights cannot be written: those of earlier trials are there.
    pub fn save_weights(
        &self,
        configs: &[String],
        worker: Option<&Path>,
        mut saved: impl FnMut(&Path),
    ) -> Result<(), Error> {
        let mut study = self.study().clone();
        let is_known = |name: &String| study.configs.iter().any(|config| config.name == *name);
        if let Some(unknown) = configs.iter().find(|name| !is_known(name)) {
            return Err(Error::UnknownConfig {
                name: unknown.clone(),
                known: study.configs.into_iter().map(|config| config.name).collect(),
            });
        }
        if !configs.is_empty() {
            study.configs.retain(|config| configs.contains(&config.name));
        }
        if let Some(config) = study
            .configs
            .iter()
            .find(|config| config.recipe.trainer.built_in().is_none())
        {
            return Err(Error::NoInitialWeights {
                config: config.name.clone(),
            });
        }
        let trials = resolve(study.trials())?;
        let program = WorkerProgram::find(worker)?;
        Ok(save_weights_blocking(
            self.dir(),
            &program,
            trials,
            &Timeouts::default(),
            |_, path| saved(path),
        )?)
    }
}
