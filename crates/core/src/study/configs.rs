//! The configs of a study: those written out, crossed with the points of its sweep.

use super::axis;
use super::config::Config;
use super::data_path;
use super::diagnose::{placed, read};
use super::error::StudyError;
use super::keys::{ANALYSIS, BUILT_IN, PROGRAM, RECIPE, RECORDED, TRAIN, is_of_config};
use super::layer::Layers;
use super::limits::{check_configs, check_trials};
use super::merge::{merge, pick};
use super::name::{check_name, without_separators};
use super::point_name;
use super::sweep::{self, Axis, Point};
use super::train;
use crate::Invalid;
use crate::range_test::Analysis;
use crate::recipe::Recipe;
use std::collections::HashSet;
use toml::{Table, Value};

/// Name of the one config of a study that spells out none.
const ONLY: &str = "base";

/// The configs that `all` says: `base` are the merged files, `over` the merged command line, which lies over every
/// config, and `as_written` is `all` with paths as they are written.
pub(super) fn configs(layers: &Layers, [base, over, all, as_written]: [&Table; 4]) -> Result<Vec<Config>, StudyError> {
    let sweep = |tables: &Table| tables.get("sweep").and_then(Value::as_table).cloned();
    let unplaced = |invalid| placed(layers, invalid, None);
    let axes = sweep::axes(sweep(all).as_ref(), sweep(as_written).as_ref()).map_err(unplaced)?;
    let axes = sweep::without(axes, over);
    let points = sweep::points(&axes).map_err(unplaced)?;
    axis::check(layers, &axes)?;
    let written = written(all);
    let mut parts = 0;
    let mut names = HashSet::new();
    let mut configs: Vec<Config> = Vec::new();
    for table in &written {
        let own = own_name(table, written.len()).map_err(unplaced)?;
        let here = |invalid| placed(layers, invalid, Some(&own));
        for (name, point) in config_names(&axes, &points, &own)
            .map_err(here)?
            .into_iter()
            .zip(&points)
        {
            check_configs(layers, configs.len() + 1)?;
            if !names.insert(name.clone()) {
                return Err(here(taken(&name)));
            }
            let tables = [base, table, &sweep::settings(&axes, point), over];
            let config = config(layers, name, tables, |invalid| axis::way_out(&axes, point, invalid))?;
            // Each at once: with trainings, far fewer configs than there may be are more trials than there may be.
            parts += 1 + config.trainings.len();
            check_trials(layers, parts, 1)?;
            configs.push(config);
        }
    }
    Ok(configs)
}

/// The name of each point's config.
fn config_names(axes: &[Axis], points: &[Point], own: &str) -> Result<Vec<String>, Invalid> {
    if own.is_empty() && axes.is_empty() {
        return Ok(vec![ONLY.to_owned()]);
    }
    let own = without_separators(own);
    if !own.is_empty() {
        check_name("config.name", &own)?;
    }
    point_name::names(axes, points, &own)
}

/// The tables of `[[config]]`; an empty one where there is none.
fn written(all: &Table) -> Vec<Table> {
    match all.get("config") {
        Some(Value::Array(list)) if !list.is_empty() => {
            list.iter().filter_map(|config| config.as_table().cloned()).collect()
        }
        _ => vec![Table::new()],
    }
}

/// The name that one of `count` configs says; only a single one can do without.
fn own_name(table: &Table, count: usize) -> Result<String, Invalid> {
    match table.get("name").and_then(Value::as_str) {
        Some(name) => Ok(name.to_owned()),
        None if count == 1 => Ok(String::new()),
        None => {
            let problem = "each of several configs needs a name";
            Err(Invalid::new(
                "config",
                "…",
                problem,
                "[[config]]\nname = \"large-batch\"",
            ))
        }
    }
}

fn taken(name: &str) -> Invalid {
    let problem = "there is a config of this name already";
    Invalid::new("config.name", format!("\"{name}\""), problem, "name = \"large-batch\"")
}

/// Merges `tables`, lowest first, and reads a config from them; `way_out` may know one from what cannot be.
fn config(
    layers: &Layers,
    name: String,
    tables: [&Table; 4],
    way_out: impl Fn(&Invalid) -> Option<String>,
) -> Result<Config, StudyError> {
    let mut settings = Table::new();
    for table in tables {
        merge(&mut settings, &pick(table, is_of_config));
    }
    data_path::settle_working_dir(&mut settings);
    one_trainer(&settings).map_err(|invalid| placed(layers, invalid, Some(&name)))?;
    let recipe: Recipe = read(layers, "", Value::Table(pick(&settings, |key| RECIPE.contains(&key))))?;
    let analysis: Analysis = read(layers, "", Value::Table(pick(&settings, |key| ANALYSIS.contains(&key))))?;
    recipe
        .validate()
        .and_then(|()| analysis.validate())
        .map_err(|invalid| {
            let help = way_out(&invalid);
            placed(layers, invalid, Some(&name)).or_try(help)
        })?;
    let trainings = train::trainings(layers, &name, settings.get(TRAIN).and_then(Value::as_table))?;
    Ok(Config {
        name,
        recipe,
        analysis,
        trainings,
    })
}

/// Refuses tables of the built-in trainer beside a program, and any of both beside curves that were recorded elsewhere:
/// nobody would read them.
fn one_trainer(settings: &Table) -> Result<(), Invalid> {
    if settings.contains_key(RECORDED) {
        let others = BUILT_IN.iter().chain([&PROGRAM, &TRAIN]);
        return match others.into_iter().find(|key| settings.contains_key(**key)) {
            Some(key) => {
                let problem = "says how to train, and the curves of `[recorded]` were trained elsewhere; leave one of \
                               the two out, or give each a `[[config]]`";
                Err(Invalid::new(*key, "…", problem, "[[config]]\nname = \"trained-here\""))
            }
            None => Ok(()),
        };
    }
    let own = BUILT_IN.iter().find(|key| settings.contains_key(**key));
    let (Some(key), true) = (own, settings.contains_key(PROGRAM)) else {
        return Ok(());
    };
    let problem = "is of the built-in trainer, and `[trainer]` names a program, which has settings of its own; leave \
                   one of the two out, or give each a `[[config]]`";
    Err(Invalid::new(*key, "…", problem, "[trainer.args]\nbatch-size = 64"))
}
