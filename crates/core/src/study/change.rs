//! What changed between two versions of a study.

use super::definition::Study;
use super::dotted::settings;
use std::fmt;

/// A setting of training that two versions of a config disagree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingChange {
    /// The config.
    pub config: String,
    /// Dotted key.
    pub key: String,
    /// Before; absent when it was not set.
    pub old: Option<String>,
    /// Now; absent when it is not set.
    pub new: Option<String>,
}

impl fmt::Display for SettingChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "not set".into());
        write!(
            f,
            "`{}`: `{}` was {}, is {}",
            self.config,
            self.key,
            shown(&self.old),
            shown(&self.new)
        )
    }
}

pub(super) fn changes(older: &Study, newer: &Study) -> Vec<SettingChange> {
    let mut changes = Vec::new();
    for config in &newer.configs {
        let Some(before) = older.configs.iter().find(|before| before.name == config.name) else {
            continue;
        };
        let comparable = |recipe: &crate::recipe::Recipe| {
            let mut recipe = recipe.resolved();
            recipe.trainer = recipe.trainer.identity();
            // Code is changed between runs as a matter of course: it makes new trials, and no slip of a setting.
            if let Some(program) = recipe.trainer.program_mut() {
                program.sha256.clear();
            }
            settings(&recipe)
        };
        let (old, new) = (comparable(&before.recipe), comparable(&config.recipe));
        let value = |list: &[(String, String)], key: &str| {
            list.iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value.clone())
        };
        let mut keys: Vec<&String> = old.iter().chain(&new).map(|(key, _)| key).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let (old, new) = (value(&old, key), value(&new, key));
            if old != new {
                changes.push(SettingChange {
                    config: config.name.clone(),
                    key: key.clone(),
                    old,
                    new,
                });
            }
        }
    }
    changes
}
