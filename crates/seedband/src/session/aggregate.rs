//! What the curves on disk come to.

use super::open::StudySession;
use crate::error::Error;
use crate::threads;
use seedband_aggregator::{ConfigInput, Curves, ReadingCache, StudyInput, TrainingCurves};
use seedband_core::files::journal;
use seedband_core::files::journal::Change;
use seedband_core::settings::Statistics;
use seedband_core::summary::Summary;
use std::sync::{MutexGuard, PoisonError};

/// The curves of a study, and their statistics.
pub(crate) struct Aggregated {
    pub(crate) summary: Summary,
    pub(crate) curves: Curves,
    pub(crate) trainings: TrainingCurves,
}

impl StudySession {
    /// The statistics of range tests and trainings as they stand now; writes nothing.
    pub(crate) fn aggregated(&self) -> Result<Aggregated, Error> {
        let (input, curves, mut summary) = self.load()?;
        let planned = self.study().trainings(&summary);
        let trainings = seedband_aggregator::load_trainings(&input, &planned, &mut self.cache())?;
        seedband_aggregator::summarize_trainings(&input, &trainings, &mut summary)?;
        Ok(Aggregated {
            summary,
            curves,
            trainings,
        })
    }

    /// The statistics of the range tests alone: what tells further seeds and the learning rates of trainings.
    pub(crate) fn summarize_range_tests(&self) -> Result<Summary, Error> {
        self.load().map(|(_, _, summary)| summary)
    }

    /// The one place where curves of range tests are read.
    fn load(&self) -> Result<(StudyInput, Curves, Summary), Error> {
        threads::check()?;
        let input = self.input()?;
        let curves = seedband_aggregator::load(&input, &mut self.cache())?;
        let summary = seedband_aggregator::summarize(&input, &curves)?;
        Ok((input, curves, summary))
    }

    /// Curves that were read before, and what was read off them.
    pub(super) fn cache(&self) -> MutexGuard<'_, ReadingCache> {
        // What a panic may have left in it is whole entries: each is made before it is put there.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the aggregator has to know about the study.
    fn input(&self) -> Result<StudyInput, Error> {
        // The journal is enough: a trial with a curve counts as finished whatever it says.
        let entries = journal::read_all(&self.dir().journals())?.entries;
        let failed = journal::last(&entries)
            .into_values()
            .filter(|entry| matches!(entry.change, Change::Failed { again: false, .. }))
            .map(|entry| entry.trial.clone())
            .collect();
        let study = self.study();
        let configs = study.configs.iter().zip(study.labels());
        let configs = configs.map(|(config, labels)| ConfigInput {
            name: config.name.clone(),
            labels,
            recipe: config.recipe.clone(),
            analysis: config.analysis.clone(),
            trainings: config.trainings.clone(),
            seeds: config.seeds(study.seeds.seeds()).collect(),
            repeats: if config.recipe.is_one_trial() {
                study.seeds.seeds().len().saturating_sub(1) as u32
            } else {
                0
            },
        });
        Ok(StudyInput {
            dir: self.dir().clone(),
            name: study.name.clone(),
            title: study.title.clone(),
            description: study.description.clone(),
            statistics: Statistics {
                repeated_looks: study.seeds.until().is_some(),
                ..study.statistics.clone()
            },
            configs: configs.collect(),
            failed,
        })
    }
}
