//! Checking the axes of a sweep.

use super::data_path::is_path;
use super::diagnose::place;
use super::dotted::nested;
use super::error::{Located, StudyError};
use super::file::ConfigFile;
use super::keys::{ANALYSIS, RECIPE, TRAIN, is_of_config, of_config};
use super::layer::{Layer, Layers};
use super::merge::pick;
use super::reference;
use super::span;
use super::sweep::Axis;
use crate::Invalid;
use crate::range_test::Analysis;
use crate::recipe::Recipe;
use crate::train::TrainSettings;
use serde::Deserialize;
use std::path::Path;
use toml::de::{DeTable, DeValue, Deserializer};
use toml::{Spanned, Value};

/// Checks each value of each axis as if it stood in a config, and that none is there twice.
pub(super) fn check(layers: &Layers, axes: &[Axis]) -> Result<(), StudyError> {
    for axis in axes {
        for (at, value) in axis.written.iter().enumerate() {
            readable(&axis.key, value).map_err(|message| unreadable(layers, axis, at, &message))?;
        }
    }
    let grid = axes.iter().filter(|axis| axis.kind == "grid");
    grid.map(|axis| vec![axis])
        .try_for_each(|axis| check_repeats(layers, &axis))?;
    let zip: Vec<&Axis> = axes.iter().filter(|axis| axis.kind == "zip").collect();
    check_repeats(layers, &zip)
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
        if value.is_table() {
            // Part of a table is enough here: what it has to say is asked once it lies over the study's.
            return Value::Table(table.clone()).try_into::<ConfigFile>().map(|_| ());
        }
        of(RECIPE).try_into::<Recipe>()?;
        of(ANALYSIS).try_into::<Analysis>()?;
        if let Some(train) = table.get(TRAIN) {
            train.clone().try_into::<TrainSettings>()?;
        }
        Ok(())
    };
    read().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// The layer and the place in it that set a value of an axis.
fn locate<'a>(layers: &'a Layers, axis: &Axis, at: usize) -> Option<(&'a Layer, Spanned<DeValue<'a>>)> {
    layers.of_study.iter().rev().find_map(|layer| {
        let value = span::axis_value(&layer.text, axis.kind, &axis.key, at)?;
        Some((layer.as_ref(), value))
    })
}

/// The key of an axis as the text says it.
fn written_key(layers: &Layers, axis: &Axis) -> String {
    place(layers, &axis.key, None).map_or(axis.key.clone(), |(_, place)| place.written(&axis.key))
}

/// The error about value number `at`, marked at what in it is wrong.
fn unreadable(layers: &Layers, axis: &Axis, at: usize, message: &str) -> StudyError {
    let key = written_key(layers, axis);
    let mut segments: Vec<String> = key.split('.').map(str::to_owned).collect();
    let Some((layer, value)) = locate(layers, axis, at) else {
        let last = segments.pop();
        let (problem, help) = reference::explain(message, &segments, last.as_deref());
        return Invalid::new(key, &axis.written[at], problem, help.join("; ")).into();
    };
    // A table is read again where it stands, since only that tells which of its keys is wrong.
    let inner = value
        .get_ref()
        .is_table()
        .then(|| error_in(&axis.key, value.clone()))
        .flatten();
    let (span, last) = match inner.as_ref().and_then(toml::de::Error::span) {
        Some(span) => {
            let (path, last) = span::table_at(&layer.text, span.start);
            let path = path.join(".");
            let below = path.strip_prefix(&format!("sweep.{}.", axis.kind)).unwrap_or(&key);
            segments = below.split('.').map(str::to_owned).collect();
            (span, last)
        }
        None => (value.span(), segments.pop()),
    };
    let message = inner.as_ref().map_or(message, toml::de::Error::message);
    let (problem, help) = reference::explain(message, &segments, last.as_deref());
    Located::new(
        &layer.name,
        &layer.text,
        &span,
        format!("axis `{key}`: {problem}"),
        help,
    )
    .into()
}

/// What is wrong with `value` at `key`, with its place.
fn error_in(key: &str, mut value: Spanned<DeValue<'_>>) -> Option<toml::de::Error> {
    let span = value.span();
    for segment in key.rsplit('.') {
        let mut table = DeTable::new();
        table.insert(Spanned::new(span.clone(), segment.to_owned().into()), value);
        value = Spanned::new(span.clone(), DeValue::Table(table));
    }
    match value.into_inner() {
        DeValue::Table(table) => ConfigFile::deserialize(Deserializer::from(Spanned::new(span, table))).err(),
        _ => None,
    }
}

/// Refuses axes that walk side by side and have the same values twice: two configs would be one.
fn check_repeats(layers: &Layers, axes: &[&Axis]) -> Result<(), StudyError> {
    let Some(first) = axes.first() else {
        return Ok(());
    };
    let is_same = |one: usize, other: usize| {
        axes.iter()
            .all(|axis| same(&axis.key, &axis.values[one], &axis.values[other]))
    };
    let count = first.values.len();
    let Some((before, at)) =
        (1..count).find_map(|at| (0..at).find(|before| is_same(*before, at)).map(|before| (before, at)))
    else {
        return Ok(());
    };
    let key = written_key(layers, first);
    let (one, other) = (&first.written[before], &first.written[at]);
    let problem = if axes.len() > 1 {
        format!(
            "axis `{key}`: the zipped values number {} and {} are the same",
            before + 1,
            at + 1
        )
    } else if one == other {
        format!("axis `{key}`: the value {other} is there twice")
    } else {
        format!("axis `{key}`: {one} and {other} are the same value")
    };
    let help = "leave one of the two out; for more trials of the same settings, add seeds".to_owned();
    Err(match locate(layers, first, at) {
        Some((layer, value)) => Located::new(&layer.name, &layer.text, &value.span(), problem, vec![help]).into(),
        None => Invalid::new(key, other, problem, help).into(),
    })
}

/// Whether two values of a key mean the same setting: `16` and `16.0` do, and a path with and without `./`.
#[expect(
    clippy::float_cmp,
    clippy::cast_precision_loss,
    reason = "only what is the same number is the same value"
)]
fn same(key: &str, one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Integer(integer), Value::Float(float)) | (Value::Float(float), Value::Integer(integer)) => {
            *integer as f64 == *float
        }
        (Value::String(one), Value::String(other)) if is_path(key) => Path::new(one) == Path::new(other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(key, one, other))
        }
        (Value::Table(one), Value::Table(other)) => {
            let is_in_other = |(name, value): (&String, &Value)| {
                other
                    .get(name)
                    .is_some_and(|beside| same(&format!("{key}.{name}"), value, beside))
            };
            one.len() == other.len() && one.iter().all(is_in_other)
        }
        (one, other) => one == other,
    }
}

/// What to write where a setting makes sense with some values of another axis alone: one axis of tables.
pub(super) fn way_out(axes: &[Axis], point: &[usize], invalid: &Invalid) -> Option<String> {
    let at = axes.iter().position(|axis| axis.key == invalid.key)?;
    let (parent, name) = invalid.key.rsplit_once('.')?;
    let beside =
        |axis: &&Axis| axis.key != invalid.key && axis.key.rsplit_once('.').is_some_and(|(table, _)| table == parent);
    let mentioned = |axis: &&Axis| {
        invalid
            .problem
            .contains(&format!("`{}", axis.key.rsplit('.').next().unwrap_or_default()))
    };
    let decides = axes
        .iter()
        .filter(beside)
        .find(mentioned)
        .or_else(|| axes.iter().find(beside))?;
    let here = point[axes.iter().position(|axis| axis.key == decides.key)?];
    let elsewhere = (0..decides.written.len()).find(|other| *other != here)?;
    let kind = decides.key.rsplit('.').next()?;
    Some(format!(
        "keys that go together are one axis of tables, in `[sweep.{}]`: `{parent} = [{{ {kind} = {}, {name} = {} }}, {{ {kind} = {} }}]`",
        decides.kind, decides.written[elsewhere], axes[at].written[point[at]], decides.written[here],
    ))
}
