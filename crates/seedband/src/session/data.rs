//! The data that trials are trained on, looked at before any of them is.

use super::open::StudySession;
use crate::error::Error;
use crate::threads;
use seedband_core::files::provenance::DataRecord;
use seedband_core::protocol::Train;
use seedband_core::settings::{Data, Validation};
use seedband_core::trainer::BuiltIn;
use seedband_data::{Depth, Fit, Look, Validated, look};
use std::collections::BTreeSet;
use std::path::Path;

/// A data set, and the trials that are trained on it.
struct Use<'a> {
    data: &'a Data,
    path: Option<&'a Path>,
    trials: Vec<(&'a Train, &'a BuiltIn)>,
}

impl StudySession {
    /// What the trials of `to_run` are trained on, each data set once; nothing where programs train. Their files are
    /// filled in.
    ///
    /// # Errors
    /// What every trial of a config would fail with: data that cannot be had, or that its settings do not go with.
    pub(crate) fn look_at_data(&self, to_run: &[Train], depth: Depth) -> Result<Vec<DataRecord>, Error> {
        threads::check()?;
        let mut records = Vec::new();
        for found in uses(to_run) {
            let look = look(found.data, found.path, self.validated(&found), depth)?;
            fit(&found, &look)?;
            records.push(look.record);
        }
        Ok(records)
    }

    /// How many validation examples the trials use, at most.
    fn validated(&self, found: &Use) -> Validated {
        // Trainings that come later are validated too, on all of them unless they say otherwise.
        if self.study().has_trainings() {
            return Validated::All;
        }
        let samples = found.trials.iter().filter_map(|(train, _)| train.trial.validation());
        let of = |validation: &Validation| validation.images.map_or(Validated::All, Validated::Sample);
        samples.map(of).fold(Validated::No, |most, next| match (most, next) {
            (Validated::No, next) => next,
            (Validated::Sample(one), Validated::Sample(other)) => Validated::Sample(one.max(other)),
            _ => Validated::All,
        })
    }
}

fn uses(to_run: &[Train]) -> Vec<Use<'_>> {
    let mut uses: Vec<Use> = Vec::new();
    for train in to_run {
        let Some(settings) = train.trial.recipe.trainer.built_in() else {
            continue;
        };
        let (data, path) = (&settings.data, train.data_path.as_deref());
        match uses.iter_mut().find(|known| known.data == data && known.path == path) {
            Some(known) => known.trials.push((train, settings)),
            None => uses.push(Use {
                data,
                path,
                trials: vec![(train, settings)],
            }),
        }
    }
    uses
}

/// Whether the settings of each config go with its data.
fn fit(found: &Use, look: &Look) -> Result<(), Error> {
    let fit = Fit {
        examples: usize::try_from(look.record.examples()).unwrap_or(usize::MAX),
        shape: look.record.shape,
        moments: look.moments.as_ref(),
    };
    let mut checked = BTreeSet::new();
    for (train, settings) in &found.trials {
        if checked.insert(&train.trial.config) {
            fit.check(settings).map_err(|source| Error::DataMismatch {
                config: train.trial.config.clone(),
                source,
            })?;
        }
    }
    Ok(())
}
