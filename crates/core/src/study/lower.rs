//! From merged tables to a validated study.

use super::config::Config;
use super::configs::configs;
use super::definition::Study;
use super::diagnose::{placed, read};
use super::error::StudyError;
use super::layer::{Layer, Layers};
use super::limits::check_size;
use super::merge::merge;
use super::name::check_name;
use super::seed_list::SeedList;
use super::{data_path, program_inputs, rules, weights_file};
use std::path::Path;
use std::rc::Rc;
use toml::{Table, Value};

/// The study that `layers` say together, read from `path`.
pub(super) fn lower(layers: &Layers, path: &Path) -> Result<Study, StudyError> {
    let (files, command_line) = layers
        .of_study
        .split_at(layers.of_study.len() - layers.from_command_line);
    let base = merged(files);
    let mut over = merged(command_line);
    // A command on the command line runs where that of the study does.
    data_path::forget_default_dir(&mut over);
    let mut all = base.clone();
    merge(&mut all, &over);

    let mut as_written = Table::new();
    for layer in &layers.of_study {
        merge(&mut as_written, &layer.table);
    }

    let mut configs = configs(layers, [&base, &over, &all, &as_written])?;
    weights_file::identify(layers, &mut configs)?;
    program_inputs::identify(layers, &mut configs)?;
    let rules = rules::rules(layers, &all)?;
    let seeds = match all.get("seeds") {
        Some(seeds) => read(layers, "seeds", seeds.clone())?,
        None => SeedList::default(),
    };
    for config in &mut configs {
        config.analysis.rules.clone_from(&rules);
        config
            .analysis
            .validate_beside(&config.recipe.schedule)
            .map_err(|invalid| placed(layers, invalid, Some(&config.name)))?;
        let own: Vec<u64> = config.seeds(seeds.seeds()).collect();
        check_trainings(layers, config, &own)?;
    }
    check_size(layers, &configs, &seeds)?;
    let text = |key: &str| all.get(key).and_then(Value::as_str).map(str::to_owned);
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let name = text("name").unwrap_or(stem);
    check_name("name", &name).map_err(|invalid| placed(layers, invalid, None))?;
    let study = Study {
        title: text("title").unwrap_or_else(|| name.clone()),
        name,
        description: text("description").unwrap_or_default(),
        seeds,
        configs,
        statistics: read(layers, "statistics", table(&all, "statistics"))?,
        run: read(layers, "run", table(&all, "run"))?,
    };
    study
        .statistics
        .validate()
        .map_err(|invalid| placed(layers, invalid.under("statistics"), None))?;
    study
        .run
        .validate()
        .map_err(|invalid| placed(layers, invalid.under("run"), None))?;
    Ok(study)
}

/// The tables of layers, lowest first, laid over each other.
fn merged(layers: &[Rc<Layer>]) -> Table {
    let mut all = Table::new();
    for layer in layers {
        let mut table = layer.table.clone();
        data_path::anchor(&mut table, &layer.folder);
        merge(&mut all, &table);
    }
    all
}

/// Checks the trainings of a config beside the rules and seeds of the study.
fn check_trainings(layers: &Layers, config: &Config, seeds: &[u64]) -> Result<(), StudyError> {
    let rules: Vec<&str> = config.analysis.rules.iter().map(|rule| rule.name.as_str()).collect();
    config.trainings.iter().try_for_each(|training| {
        let checked = training.settings.validate(&rules, seeds);
        let checked = checked.and_then(|()| training.settings.validate_beside(&config.recipe.trainer));
        checked.map_err(|mut invalid| {
            if config.trainings.len() > 1 {
                invalid.problem = format!("{} (in the training `{}`)", invalid.problem, training.name);
            }
            placed(layers, invalid.under("train"), Some(&config.name))
        })
    })
}

fn table(all: &Table, key: &str) -> Value {
    all.get(key).cloned().unwrap_or_else(|| Value::Table(Table::new()))
}
