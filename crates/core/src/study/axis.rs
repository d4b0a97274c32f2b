//! Checking the axes of a sweep.

use super::diagnose::place;
use super::dotted::nested;
use super::error::{Located, StudyError};
use super::keys::{ANALYSIS, RECIPE, TRAIN, is_of_config, of_config};
use super::layer::Layers;
use super::merge::pick;
use super::reference;
use super::span::Place;
use crate::Invalid;
use crate::range_test::Analysis;
use crate::recipe::Recipe;
use crate::train::TrainSettings;
use toml::Value;

/// Checks one value of an axis as if it stood in a config.
pub(super) fn check_axis(layers: &Layers, key: &str, value: &Value) -> Result<(), StudyError> {
    readable(key, value).map_err(|message| {
        let place = place(layers, key, None);
        let key = place.as_ref().map_or(key.to_owned(), |(_, place)| place.written(key));
        let mut segments: Vec<String> = key.split('.').map(str::to_owned).collect();
        let last = segments.pop();
        let (problem, help) = reference::explain(&message, &segments, last.as_deref());
        match place {
            Some((layer, Place { span, .. })) => {
                let problem = format!("axis `{key}`: {problem}");
                Located::new(&layer.name, &layer.text, &span, problem, help).into()
            }
            None => Invalid::new(key, value, problem, help.join("; ")).into(),
        }
    })
}

/// What a parser says against the value; nothing where it can be read.
fn readable(key: &str, value: &Value) -> Result<(), String> {
    let table = nested(key, value.clone());
    if !table.keys().all(|table| is_of_config(table)) {
        let unknown = key.split('.').next().unwrap_or(key);
        let known: Vec<&str> = of_config().collect();
        return Err(format!(
            "unknown field `{unknown}`, expected one of {}",
            reference::quoted(&known)
        ));
    }
    let of = |keys: &[&str]| Value::Table(pick(&table, |key| keys.contains(&key)));
    let read = || {
        of(RECIPE).try_into::<Recipe>()?;
        of(ANALYSIS).try_into::<Analysis>()?;
        if let Some(train) = table.get(TRAIN) {
            train.clone().try_into::<TrainSettings>()?;
        }
        Ok(())
    };
    read().map_err(|error: toml::de::Error| error.message().to_owned())
}
