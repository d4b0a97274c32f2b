//! The trainings of a config: `[train]`, its variants, and one for each rate of a list.

use super::diagnose::{placed, read};
use super::error::StudyError;
use super::layer::Layers;
use super::merge::merge;
use super::name::check_name;
use crate::Invalid;
use crate::train::{Rate, TrainSettings, Training};
use toml::{Table, Value};

/// Name of the one training of a config that names none.
const ONLY: &str = "train";

/// Most trainings a config may have.
const MOST: usize = 1000;

/// The trainings that `table`, the merged `[train]`, declares; none without a table. What concerns the rest of the
/// study is checked later.
pub(super) fn trainings(layers: &Layers, config: &str, table: Option<&Table>) -> Result<Vec<Training>, StudyError> {
    let Some(table) = table else {
        return Ok(Vec::new());
    };
    let mut base = table.clone();
    let variants: Vec<Table> = match base.remove("variant") {
        Some(Value::Array(list)) => list.iter().filter_map(|variant| variant.as_table().cloned()).collect(),
        _ => vec![Table::new()],
    };
    let mut trainings: Vec<Training> = Vec::new();
    for mut variant in variants {
        let own = match variant.remove("name") {
            Some(Value::String(name)) => name,
            _ => String::new(),
        };
        let mut settings = Table::from_iter([("train".to_owned(), Value::Table(base.clone()))]);
        merge(
            &mut settings,
            &Table::from_iter([("train".to_owned(), Value::Table(variant))]),
        );
        let settings: TrainSettings = read(layers, "train", settings.remove("train").unwrap_or(Value::Integer(0)))?;
        for training in expand(&own, settings) {
            add(&mut trainings, training).map_err(|invalid| placed(layers, invalid, Some(config)))?;
        }
    }
    Ok(trainings)
}

fn add(trainings: &mut Vec<Training>, training: Training) -> Result<(), Invalid> {
    check_name("train.variant.name", &training.name)?;
    if trainings.iter().any(|other| other.name == training.name) {
        let value = format!("\"{}\"", training.name);
        let problem = "there is a training of this name already";
        return Err(Invalid::new("train.variant.name", value, problem, "name = \"cosine\""));
    }
    if trainings.len() >= MOST {
        let problem = format!("gives more than {MOST} trainings");
        return Err(Invalid::new("train.lr", "…", problem, "lr = [0.01, 0.1, 1.0]"));
    }
    trainings.push(training);
    Ok(())
}

/// One training for each rate of a list.
fn expand(own: &str, settings: TrainSettings) -> Vec<Training> {
    let named = |point: Option<f64>| {
        let point = point.map(|lr| format!("lr={lr}"));
        let parts: Vec<&str> = [Some(own), point.as_deref()]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            ONLY.to_owned()
        } else {
            parts.join(",")
        }
    };
    match &settings.lr {
        Rate::Grid(list) if !list.is_empty() => list
            .iter()
            .map(|lr| Training {
                name: named(Some(*lr)),
                settings: TrainSettings {
                    lr: Rate::Fixed(*lr),
                    ..settings.clone()
                },
            })
            .collect(),
        _ => vec![Training {
            name: named(None),
            settings,
        }],
    }
}
