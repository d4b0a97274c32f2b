//! A study that says everything, as TOML; and what tells its configs apart.

use super::config::Config;
use super::definition::Study;
use super::dotted::settings;
use super::seed_list::SeedList;
use crate::range_test::NamedRule;
use crate::settings::{Run, Statistics, Validation};
use crate::train::Training;
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct ResolvedStudy<'a> {
    name: &'a str,
    title: &'a str,
    description: &'a str,
    seeds: &'a SeedList,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<&'a str>,
    statistics: &'a Statistics,
    run: &'a Run,
    #[serde(skip_serializing_if = "toml::Table::is_empty")]
    rule: toml::Table,
    config: Vec<toml::Table>,
}

pub(super) fn to_toml(study: &Study) -> String {
    let resolved = ResolvedStudy {
        name: &study.name,
        title: &study.title,
        description: &study.description,
        seeds: &study.seeds,
        rules: study.rules().iter().map(|rule| rule.name.as_str()).collect(),
        statistics: &study.statistics,
        run: &study.run,
        rule: study
            .rules()
            .iter()
            .map(|rule| (rule.name.clone(), rule_table(rule).into()))
            .collect(),
        config: study.configs.iter().map(config_table).collect(),
    };
    // Plain tables of validated settings: TOML can say all of them.
    let body = toml::to_string(&resolved).unwrap_or_default();
    let is_recorded = |config: &Config| config.recipe.trainer.recorded().is_some();
    let again = if study.configs.iter().all(is_recorded) {
        "Its curves were recorded elsewhere and imported: nothing in it can be run."
    } else {
        "`seedband run` on this file gives the same trials."
    };
    format!("# The study as it was resolved: every default written out. {again}\n{body}")
}

fn config_table(config: &Config) -> toml::Table {
    let mut table = toml::Table::new();
    table.insert("name".into(), config.name.clone().into());
    table.extend(tables(&config.recipe.resolved()));
    table.extend(tables(&config.analysis.explicit()));
    if !config.trainings.is_empty() {
        // Its images are those that trainings are validated on, even where the range test has no validation.
        if config.recipe.validation != Validation::default() {
            table.insert("validation".into(), tables(&config.recipe.validation).into());
        }
        let variants: Vec<toml::Table> = config.trainings.iter().map(variant_table).collect();
        table.insert(
            "train".into(),
            toml::Table::from_iter([("variant".to_owned(), variants.into())]).into(),
        );
    }
    table
}

fn variant_table(training: &Training) -> toml::Table {
    let mut table = toml::Table::from_iter([("name".to_owned(), training.name.clone().into())]);
    table.extend(tables(&training.settings.explicit()));
    table
}

fn rule_table(rule: &NamedRule) -> toml::Table {
    let rule = rule.explicit();
    toml::Table::from_iter([
        ("smoothing".to_owned(), tables(&rule.smoothing).into()),
        ("stop".to_owned(), tables(&rule.stop).into()),
        ("suggestion".to_owned(), tables(&rule.suggestion).into()),
    ])
}

fn tables<T: Serialize>(value: &T) -> toml::Table {
    toml::Table::try_from(value).unwrap_or_default()
}

/// Keys whose values list each step or each seed.
const LISTS: [&str; 2] = ["schedule.lrs", "recorded.curve"];

/// All settings of a config by dotted key.
fn all(config: &Config) -> Vec<(String, String)> {
    let mut all = settings(&config.recipe.resolved());
    // Lists as long as the study are nothing that a person could compare.
    all.retain(|(key, _)| !LISTS.contains(&key.as_str()) && key != "data.first-path");
    all.extend(settings(&config.analysis.explicit()));
    // Several trainings cannot be told in a label; they have names of their own.
    if let [training] = config.trainings.as_slice() {
        let own = settings(&training.settings.explicit());
        all.extend(own.into_iter().map(|(key, value)| (format!("train.{key}"), value)));
    }
    all
}

pub(super) fn labels(study: &Study) -> Vec<Vec<(String, String)>> {
    let configs: Vec<_> = study.configs.iter().map(all).collect();
    // Of each key the value in the first config that has it, and in how many it is that. One pass over all: there may
    // be thousands of configs.
    let mut shared: HashMap<&str, (&str, usize)> = HashMap::new();
    for (key, value) in configs.iter().flatten() {
        let (first, count) = shared.entry(key).or_insert((value, 0));
        *count += usize::from(first == value);
    }
    let differs =
        |(key, _): &&(String, String)| shared.get(key.as_str()).is_none_or(|(_, count)| *count < configs.len());
    configs
        .iter()
        .map(|own| own.iter().filter(differs).cloned().collect())
        .collect()
}
