//! From merged tables to a validated study.

use super::error::{Located, StudyError};
use super::layer::{Layer, Place, names};
use super::load::Layers;
use super::merge::{leaves, merge, nested};
use super::sweep::{self, Point};
use super::{Config, SeedList, Study, data_path, reference, rules, train, weights_file};
use crate::Invalid;
use crate::range_test::Analysis;
use crate::recipe::Recipe;
use crate::train::TrainSettings;
use serde::de::DeserializeOwned;
use std::path::Path;
use toml::{Table, Value};

/// Tables of a recipe, and of an analysis.
const RECIPE: [&str; 11] = [
    "model",
    "init",
    "data",
    "pixels",
    "augment",
    "training",
    "loss",
    "optimizer",
    "schedule",
    "streams",
    "validation",
];
const ANALYSIS: [&str; 5] = ["pairing", "smoothing", "stop", "divergence", "range"];
/// The table of the train stage.
const TRAIN: &str = "train";

/// Name of the one config of a study that spells out none.
const ONLY: &str = "base";

/// Most trials that a study may have, those of its trainings among them. Each takes about 1.5 kB of memory wherever all are looked at.
const MOST_TRIALS: usize = 100_000;

/// Whether one config can say this top-level key.
pub(super) fn is_of_config(key: &str) -> bool {
    RECIPE.contains(&key) || ANALYSIS.contains(&key) || key == TRAIN
}

pub(super) fn lower(layers: &Layers, path: &Path) -> Result<Study, StudyError> {
    let (files, command_line) = layers
        .of_study
        .split_at(layers.of_study.len() - layers.from_command_line);
    let base = merged(files);
    let over = merged(command_line);
    let mut all = base.clone();
    merge(&mut all, &over);

    let mut configs = configs(layers, &base, &over, &all)?;
    weights_file::identify(layers, &mut configs)?;
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
        check_trainings(layers, config, seeds.seeds())?;
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

fn merged(layers: &[Layer]) -> Table {
    let mut all = Table::new();
    for layer in layers {
        let mut table = layer.table.clone();
        data_path::anchor(&mut table, &layer.folder);
        merge(&mut all, &table);
    }
    all
}

fn configs(layers: &Layers, base: &Table, over: &Table, all: &Table) -> Result<Vec<Config>, StudyError> {
    let points =
        sweep::points(all.get("sweep").and_then(Value::as_table)).map_err(|invalid| placed(layers, invalid, None))?;
    for (key, value) in points.iter().flat_map(|point| &point.settings) {
        check_axis(layers, key, value)?;
    }
    let written: Vec<Table> = match all.get("config") {
        Some(Value::Array(list)) if !list.is_empty() => {
            list.iter().filter_map(|config| config.as_table().cloned()).collect()
        }
        _ => vec![Table::new()],
    };
    let alone = written.len() == 1;
    let mut parts = 0;
    let mut configs: Vec<Config> = Vec::new();
    for table in &written {
        let own = match table.get("name").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None if alone => String::new(),
            None => {
                let invalid = Invalid::new(
                    "config",
                    "…",
                    "each of several configs needs a name",
                    "[[config]]\nname = \"large-batch\"",
                );
                return Err(placed(layers, invalid, None));
            }
        };
        for point in &points {
            let name = config_name(&own, point);
            check_name("config.name", &name).map_err(|invalid| placed(layers, invalid, Some(&own)))?;
            if configs.len() >= sweep::MOST {
                let problem = format!("gives more than {} configs", sweep::MOST);
                return Err(placed(
                    layers,
                    Invalid::new("sweep.grid", "…", problem, "training.batch-size = [128, 256]"),
                    None,
                ));
            }
            if configs.iter().any(|config| config.name == name) {
                let invalid = Invalid::new(
                    "config.name",
                    format!("\"{name}\""),
                    "there is a config of this name already",
                    "name = \"large-batch\"",
                );
                return Err(placed(layers, invalid, Some(&own)));
            }
            configs.push(config(layers, name, [base, table, &point_table(point), over])?);
            // Each at once: with trainings, far fewer configs than there may be are more trials than there may be.
            parts += 1 + configs.last().map_or(0, |config| config.trainings.len());
            check_trials(layers, parts, 1)?;
        }
    }
    Ok(configs)
}

/// `Err` for more trials than a study may have, each config and each of its trainings counted with every seed there may be.
fn check_size(layers: &Layers, configs: &[Config], seeds: &SeedList) -> Result<(), StudyError> {
    let parts = configs.iter().map(|config| 1 + config.trainings.len()).sum();
    let seeds = seeds.seeds().len() + seeds.left() as usize;
    check_trials(layers, parts, seeds)
}

fn check_trials(layers: &Layers, parts: usize, seeds: usize) -> Result<(), StudyError> {
    let trials = parts.saturating_mul(seeds);
    if trials <= MOST_TRIALS {
        return Ok(());
    }
    let problem = format!(
        "{parts} range tests and trainings of {seeds} seeds each are {trials} trials, and a study has at most {MOST_TRIALS}"
    );
    let invalid = Invalid::new("seeds", seeds, problem, "seeds = \"0..20\"");
    Err(placed(layers, invalid, None))
}

/// Merges `tables`, lowest first, and reads a config from them.
fn config(layers: &Layers, name: String, tables: [&Table; 4]) -> Result<Config, StudyError> {
    let mut settings = Table::new();
    for table in tables {
        merge(&mut settings, &pick(table, is_of_config));
    }
    let recipe: Recipe = read(layers, "", Value::Table(pick(&settings, |key| RECIPE.contains(&key))))?;
    let analysis: Analysis = read(layers, "", Value::Table(pick(&settings, |key| ANALYSIS.contains(&key))))?;
    recipe
        .validate()
        .and_then(|()| analysis.validate())
        .map_err(|invalid| placed(layers, invalid, Some(&name)))?;
    let trainings = train::trainings(layers, &name, settings.get(TRAIN).and_then(Value::as_table))?;
    Ok(Config {
        name,
        recipe,
        analysis,
        trainings,
    })
}

/// Checks the trainings of a config beside the rules and seeds of the study.
fn check_trainings(layers: &Layers, config: &Config, seeds: &[u64]) -> Result<(), StudyError> {
    let rules: Vec<&str> = config.analysis.rules.iter().map(|rule| rule.name.as_str()).collect();
    config.trainings.iter().try_for_each(|training| {
        let checked = training.settings.validate(&rules, seeds);
        let checked = checked.and_then(|()| training.settings.validate_beside(&config.recipe.trainer.init));
        checked.map_err(|mut invalid| {
            if config.trainings.len() > 1 {
                invalid.problem = format!("{} (in the training `{}`)", invalid.problem, training.name);
            }
            placed(layers, invalid.under("train"), Some(&config.name))
        })
    })
}

fn point_table(point: &Point) -> Table {
    let mut table = Table::new();
    for (key, value) in &point.settings {
        merge(&mut table, &nested(key, value.clone()));
    }
    table
}

fn config_name(own: &str, point: &Point) -> String {
    let parts: Vec<&str> = [own, &point.name].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        ONLY.to_owned()
    } else {
        parts.join(",").replace(['/', '\\', ' ', '"'], "-")
    }
}

fn pick(table: &Table, wanted: impl Fn(&str) -> bool) -> Table {
    table
        .iter()
        .filter(|(key, _)| wanted(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn table(all: &Table, key: &str) -> Value {
    all.get(key).cloned().unwrap_or_else(|| Value::Table(Table::new()))
}

/// Reads a merged value. Each layer has been read strictly before, so this fails only for what a merge brought together.
pub(super) fn read<T: DeserializeOwned>(layers: &Layers, key: &str, value: Value) -> Result<T, StudyError> {
    let shown = value.to_string();
    value
        .try_into()
        .map_err(|error: toml::de::Error| placed(layers, Invalid::new(key, shown, error.message(), key), None))
}

/// Checks one value of an axis as if it stood in a config.
fn check_axis(layers: &Layers, key: &str, value: &Value) -> Result<(), StudyError> {
    let table = nested(key, value.clone());
    let known = table.keys().all(|table| is_of_config(table));
    let result = if known {
        Value::Table(pick(&table, |key| RECIPE.contains(&key)))
            .try_into::<Recipe>()
            .map(|_| ())
            .and_then(|()| {
                Value::Table(pick(&table, |key| ANALYSIS.contains(&key)))
                    .try_into::<Analysis>()
                    .map(|_| ())
            })
            .and_then(|()| {
                table
                    .get(TRAIN)
                    .map_or(Ok(()), |table| table.clone().try_into::<TrainSettings>().map(|_| ()))
            })
            .map_err(|error| error.message().to_owned())
    } else {
        let tables = RECIPE
            .iter()
            .chain(&ANALYSIS)
            .chain(&[TRAIN])
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ");
        Err(format!(
            "unknown field `{}`, expected one of {tables}",
            key.split('.').next().unwrap_or(key)
        ))
    };
    result.map_err(|message| {
        let place = place(layers, key, None);
        let key = place.as_ref().map_or(key.to_owned(), |(_, place)| place.written(key));
        let mut segments: Vec<String> = key.split('.').map(str::to_owned).collect();
        let last = segments.pop();
        let (problem, help) = reference::explain(&message, &segments, last.as_deref());
        match place {
            Some((layer, Place { span, .. })) => {
                Located::new(layer, &span, format!("axis `{key}`: {problem}"), help).into()
            }
            None => Invalid::new(key, value, problem, help.join("; ")).into(),
        }
    })
}

pub(super) fn place<'a>(layers: &'a Layers, key: &str, config: Option<&str>) -> Option<(&'a Layer, Place)> {
    let find = |key: &str| {
        let own = layers.of_configs.iter().rev();
        let own = own.filter(|(name, _)| config.is_some_and(|config| names(config, name)));
        layers
            .of_study
            .iter()
            .rev()
            .chain(own.map(|(_, layer)| layer))
            .find_map(|layer| layer.locate(key, config).map(|place| (layer, place)))
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
    match place(layers, key, config) {
        Some((layer, place)) => {
            let key = place.written(&invalid.key);
            let problem = format!("`{key} = {}`: {}", invalid.value, invalid.problem);
            Located::new(
                layer,
                &place.span,
                problem,
                vec![format!("for example `{}`", invalid.example)],
            )
            .into()
        }
        None => invalid.into(),
    }
}

/// Names become folder names, so they are kept to what every file system and shell takes.
pub(super) fn check_name(key: &str, name: &str) -> Result<(), Invalid> {
    let fine = !name.is_empty()
        && name.len() <= 150
        && !name.starts_with(['.', '-'])
        && name
            .chars()
            .all(|character| character.is_alphanumeric() || "._-+=,[]".contains(character));
    if fine {
        return Ok(());
    }
    let problem =
        "has to be 1 to 150 letters, digits, `.`, `_`, `-`, `+`, `=` or `,`, and to begin with none of `.` and `-`";
    Err(Invalid::new(
        key,
        format!("\"{name}\""),
        problem,
        "name = \"resnet20-sgd\"",
    ))
}

/// Keys of a table by their dotted paths; used to compare configs.
pub(super) fn settings<T: serde::Serialize>(value: &T) -> Vec<(String, String)> {
    // Settings are plain tables, so they always are valid TOML.
    let table = Table::try_from(value).unwrap_or_default();
    leaves(&table)
        .into_iter()
        .map(|(key, value)| (key, shown(&value)))
        .collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
