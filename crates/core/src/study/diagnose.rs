//! Where an error of a study stands: errors know only their key, and this finds the text that sets it.

use super::error::{Located, StudyError};
use super::keys::TRAIN;
use super::layer::{Layer, Layers};
use super::name::is_made_from;
use super::reference;
use super::span::{self, Place};
use crate::Invalid;
use serde::de::DeserializeOwned;
use toml::Value;

/// The layer and the place in it that set `key`, for `config` where it differs from config to config; the highest layer
/// that does.
pub(super) fn place<'a>(layers: &'a Layers, key: &str, config: Option<&str>) -> Option<(&'a Layer, Place)> {
    let find = |key: &str| {
        let own = layers.of_configs.iter().rev();
        let own = own.filter(|(name, _)| config.is_some_and(|config| is_made_from(config, name)));
        let own = own.flat_map(|(_, layers)| layers.iter().rev());
        let mut all = layers.of_study.iter().rev().chain(own);
        all.find_map(|layer| span::locate(&layer.text, key, config).map(|place| (layer.as_ref(), place)))
    };
    // What a training says or lacks may stand in any of its variants.
    let around = ["train.variant", TRAIN];
    find(key).or_else(|| {
        let around = around.iter().filter(|_| key.starts_with("train."));
        around.copied().find_map(find)
    })
}

/// An invalid setting with the place that sets it; as it is where only a default is to blame.
pub(super) fn placed(layers: &Layers, invalid: Invalid, config: Option<&str>) -> StudyError {
    // Where the config itself is to blame, its name is what to show.
    let key = if invalid.key == "config.name" {
        "name"
    } else {
        &invalid.key
    };
    let Some((layer, place)) = place(layers, key, config) else {
        return invalid.into();
    };
    let key = place.written(&invalid.key);
    let problem = format!("`{key} = {}`: {}", invalid.value, invalid.problem);
    let help = vec![format!("for example `{}`", invalid.example)];
    Located::new(&layer.name, &layer.text, &place.span, problem, help).into()
}

/// Reads a merged value. Each layer has been read strictly before, so this fails only for what a merge brought
/// together.
pub(super) fn read<T: DeserializeOwned>(layers: &Layers, key: &str, value: Value) -> Result<T, StudyError> {
    let shown = value.to_string();
    value
        .try_into()
        .map_err(|error: toml::de::Error| placed(layers, Invalid::new(key, shown, error.message(), key), None))
}

/// A parser's error about `text`, called `name`, with its place and a way out.
pub(super) fn unreadable(name: &str, text: &str, error: &toml::de::Error) -> StudyError {
    let span = error.span().unwrap_or(0..0);
    let (table, key) = span::table_at(text, span.start);
    let (problem, help) = reference::explain(error.message(), &table, key.as_deref());
    Located::new(name, text, &span, problem, help).into()
}
