//! Data that lies elsewhere than when its trials were trained: they stay trials of it, since its content tells.

use super::open::StudySession;
use seedband_core::files::journal;
use seedband_core::files::journal::Change;
use seedband_core::settings::Data;
use seedband_core::study::{Config, Study, expand};
use seedband_core::trial::{Trial, TrialId};
use seedband_data::{Depth, Validated, look};
use std::collections::HashMap;
use std::path::PathBuf;

impl StudySession {
    /// Has each config whose data has moved since its trials were trained keep the path that they are filed under.
    ///
    /// That is done where nothing but the place of the data, or a name given to it since, is new, and its content is
    /// what the journal says of a trial. Where there is no data any more nothing can be trained on other data, and the
    /// trials are those there are. Results that cannot be read are left to whoever needs them.
    pub(super) fn follow_moved_data(&mut self) {
        let path = self.dir().study();
        if !path.is_file() {
            return;
        }
        let Ok(before) = Study::load(&path, &[]) else {
            return;
        };
        let mut journal = None;
        let journals = self.dir().journals();
        for config in &mut self.study_mut().configs {
            let Some(older) = before.configs.iter().find(|older| older.name == config.name) else {
                continue;
            };
            let data = config.recipe.trainer.built_in().map(|settings| &settings.data);
            let Some((old, new)) = older.recipe.trainer.built_in().map(|settings| &settings.data).zip(data) else {
                continue;
            };
            if is_filed_by_name(old) || !differ_in_place_alone(old, new) {
                continue;
            }
            let is_followed = old.path == new.path || {
                let seen = journal.get_or_insert_with(|| seen(&journals));
                is_content(new, || digest_of(&before, older, seen))
            };
            let filed_under = old.first_path.clone().or_else(|| old.path.clone());
            if let (true, Some(settings)) = (is_followed, config.recipe.trainer.built_in_mut())
                && (settings.data.path != filed_under || settings.data.name.is_some())
            {
                settings.data.first_path = filed_under;
            }
        }
    }
}

/// Whether its trials are known by its name, wherever it lies.
fn is_filed_by_name(data: &Data) -> bool {
    data.name.is_some() && data.first_path.is_none()
}

/// Whether both are the same but for where they lie and how they are called.
fn differ_in_place_alone(old: &Data, new: &Data) -> bool {
    let placeless = |data: &Data| Data {
        path: None,
        name: None,
        first_path: None,
        ..data.resolved()
    };
    old.path.is_some() && placeless(old) == placeless(new)
}

/// What each finished trial saw of its data.
fn seen(journals: &std::path::Path) -> HashMap<TrialId, String> {
    let entries = journal::read_all(journals).map_or_else(|_| Vec::new(), |all| all.entries);
    let finished = entries.into_iter().filter_map(|entry| match entry.change {
        Change::Finished { data: Some(data), .. } => Some((entry.trial, data)),
        _ => None,
    });
    finished.collect()
}

/// The digest of the data that the trials of `config` were trained on.
fn digest_of(study: &Study, config: &Config, seen: &HashMap<TrialId, String>) -> Option<String> {
    let mut seeds = config.seeds(study.seeds.seeds());
    seeds.find_map(|seed| seen.get(&Trial::new(&config.name, seed, &config.recipe).id).cloned())
}

/// Whether the data there has the digest that was seen, or there is none.
fn is_content(data: &Data, digest: impl Fn() -> Option<String>) -> bool {
    let Some(path) = place(data) else {
        return false;
    };
    if !path.exists() {
        return true;
    }
    let found = look(data, Some(&path), Validated::No, Depth::Pixels).ok();
    let found = found.and_then(|look| look.record.digest);
    found.is_some() && found == digest()
}

fn place(data: &Data) -> Option<PathBuf> {
    let path = data.path.as_deref()?;
    expand("data.path", path, |name| std::env::var(name).ok()).ok()
}
