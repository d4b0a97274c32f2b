//! What would run, where, and for how long.

use crate::error::Error;
use crate::run::RunOptions;
use crate::session::StudySession;
use crate::trial_durations::median_seconds;
use seedband_core::files::provenance::DataRecord;
use seedband_core::settings::{GpuSlots, MemoryFormat};
use seedband_core::study::Study;
use seedband_data::Depth;
use seedband_runner::{Device, Slot};
use serde::Serialize;

/// What a run would do, as `plan --json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StudyPlan {
    /// Name of the study.
    pub study: String,
    /// The results folder.
    pub results: String,
    /// The configs, in the study's order.
    pub configs: Vec<ConfigPlan>,
    /// What the trials that are to run are trained on, each data set once; empty where programs train.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<DataRecord>,
    /// Trials that can be planned by now, each once.
    pub trials: usize,
    /// Those of them that are finished.
    pub finished: usize,
    /// Those that are not.
    pub to_run: usize,
    /// Trainings that can be planned only once range tests have finished, at most.
    pub waiting: usize,
    /// Range tests of seeds that may be added, at most.
    pub to_add: usize,
    /// The device of each slot, for example `cpu` or `cuda:0`: so many trials run at once.
    pub devices: Vec<String>,
    /// How the built-in trainer keeps images in memory; absent where it trains nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_format: Option<MemoryFormat>,
    /// Whether `devices` is a ceiling, and how many of each are used at once is measured (`gpu-slots = "auto"`).
    pub measured: bool,
    /// Expected wall-clock seconds; absent until a trial of this study has finished, and where slots are measured.
    pub seconds: Option<f64>,
}

/// What a run would do for one config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConfigPlan {
    /// Its name.
    pub name: String,
    /// Number of seeds.
    pub seeds: usize,
    /// Steps of each range test.
    pub steps: usize,
    /// Names of the trainings after each range test.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trainings: Vec<String>,
    /// The command that trains, as words, before variables are filled in; absent where no program of the user's does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// The folder in which it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_dir: Option<String>,
    /// The settings that tell it from the study's other configs: dotted key, value.
    pub settings: Vec<(String, String)>,
}

impl StudySession {
    /// What a run with these `options` would do on this machine. Changes nothing.
    ///
    /// # Errors
    /// Whatever a run can refuse before it starts: data, devices or programs that are not there, settings that do not go
    /// with the data or have changed under results that are there, a results folder that cannot be read or written.
    pub fn plan(&self, options: &RunOptions) -> Result<StudyPlan, Error> {
        let study = self.study();
        let ready = self.ready(options, Depth::Headers)?;
        let (plan, data, slots) = (ready.plan, ready.data, ready.slots);
        let (waiting, to_add) = (ready.set.waiting, ready.set.to_add);
        let is_cuda = |slot: &Slot| matches!(slot.device, Device::Cuda { .. });
        let measured = study.run.gpu_slots == GpuSlots::Auto && slots.iter().any(is_cuda);
        // How many trials will be at once is not known before it is measured, and so neither is the time.
        let seconds = median_seconds(self.dir()).filter(|_| !measured);
        let rounds = plan.to_run.len().div_ceil(slots.len().max(1));
        Ok(StudyPlan {
            study: study.name.clone(),
            results: self.dir().root().display().to_string(),
            configs: configs(study),
            data,
            trials: plan.finished.len() + plan.to_run.len(),
            finished: plan.finished.len(),
            to_run: plan.to_run.len(),
            waiting,
            to_add,
            measured,
            memory_format: ready.memory_format,
            devices: slots.iter().map(|slot| slot.device.to_string()).collect(),
            seconds: seconds.map(|seconds| seconds * rounds as f64),
        })
    }
}

fn configs(study: &Study) -> Vec<ConfigPlan> {
    let configs = study.configs.iter().zip(study.labels());
    configs
        .map(|(config, settings)| ConfigPlan {
            command: config.recipe.trainer.program().map(|program| {
                let words = program.command.iter().cloned();
                words.chain(program.arguments()).collect()
            }),
            working_dir: config
                .recipe
                .trainer
                .program()
                .and_then(|program| program.working_dir.clone()),
            name: config.name.clone(),
            seeds: config.seeds(study.seeds.seeds()).count(),
            steps: config.recipe.schedule.steps,
            trainings: config.trainings.iter().map(|training| training.name.clone()).collect(),
            settings,
        })
        .collect()
}
