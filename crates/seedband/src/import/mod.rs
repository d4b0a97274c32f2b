//! Curves that something else has recorded become a study that aggregates and reports like any other.
//!
//! A reader for each format makes a [table](table::Table) of rows; [curves](curves::curves) of it by seed and config;
//! [`assign`](assign::assign) gives each a place in the study; [`plan`] finds the schedule that they share; [`write`]
//! puts them where a run would have.

mod assign;
mod columns;
mod csv_file;
mod curves;
mod format;
mod gather;
mod json;
mod pattern;
mod plan;
mod table;
mod tensorboard;
#[cfg(test)]
mod tests;
mod wandb;
mod write;

pub use columns::ColumnNames;
pub use format::ImportFormat;

use crate::error::Error;
use crate::results::Report;
use crate::session::{OpenOptions, StudySession};
use assign::{NewCurves, assign};
use gather::{SourceFile, gather};
use seedband_core::files::curve::End;
use seedband_core::files::layout::StudyDir;
use seedband_core::range_test::Analysis;
use seedband_core::recipe::Recipe;
use seedband_core::settings::{Run, Statistics};
use seedband_core::study::{Config, SeedList, Study, check_name};
use std::collections::BTreeSet;
use std::path::PathBuf;
use write::Writer;

/// What becomes of curves that were recorded elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportOptions {
    /// Name of the study; it may be there already, from an earlier import.
    pub name: String,
    /// The study goes to `<results>/<name>`.
    pub results: PathBuf,
    /// How files are read; else each as what it looks like.
    pub format: Option<ImportFormat>,
    /// Columns, keys or tags that have no usual name.
    pub columns: ColumnNames,
    /// Config of the curves whose file says none; else `base`.
    pub config: Option<String>,
    /// Seed of the first curve whose file says none; the next ones count on.
    pub seed: Option<u64>,
    /// Where config and seed stand in the paths, for example `{config}-seed{seed}.csv`.
    pub pattern: Option<String>,
    /// Weight of the past in the averages that a library has recorded in place of losses, where it is not the library's
    /// own; 0 for losses that are no averages.
    pub beta: Option<f64>,
    /// What asked for it, for the record: the command line.
    pub command: Vec<String>,
}

/// A curve that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedCurve {
    /// Its config.
    pub config: String,
    /// Its seed.
    pub seed: u64,
    /// Where it came from.
    pub file: String,
    /// How that was read.
    pub format: ImportFormat,
    /// Its length.
    pub steps: usize,
    /// The length of the longest curve of the config.
    pub planned: usize,
    /// How it ended.
    pub end: End,
    /// Whether it was not in the study before.
    pub is_new: bool,
    /// What was passed over or changed.
    pub notes: Vec<String>,
}

/// What an import came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The study's results folder.
    pub folder: PathBuf,
    /// Every curve that was found, config by config.
    pub curves: Vec<ImportedCurve>,
    /// The study with all its curves.
    pub report: Report,
}

/// Reads curves from `files`, adds those that are new to the study `options.name`, aggregates it and writes its report.
/// A folder stands for the event files below it.
///
/// The study is written once every file has been read and every curve has its place: what cannot be imported changes
/// nothing.
///
/// # Errors
/// A file holds no curve, curves of one config have different rates or the same seed, the study is one that is run, or
/// files cannot be read or written.
pub fn import(files: &[PathBuf], options: &ImportOptions) -> Result<Imported, Error> {
    check_name("name", &options.name)?;
    let dir = StudyDir::new(options.results.join(&options.name));
    let (files, sources) = gather(files, options)?;
    if sources.is_empty() {
        let problem = "there is no file to import; name one".to_owned();
        return Err(Error::ImportConflict { problem });
    }
    let writer = Writer::open(&dir)?;
    let mut study = study(&dir, options)?;
    let before = study.clone();
    let recorded = |name: &str| recipe_of(&before, name)?.trainer.recorded();
    let mut curves = Vec::new();
    let mut all_new = assign(sources, options, recorded)?;
    for new in &mut all_new {
        check_name("config", &new.config)?;
        add(&mut study, new)?;
        curves.extend(imported(&study, new));
    }
    let seeds: BTreeSet<u64> = study
        .configs
        .iter()
        .filter_map(|config| config.recipe.trainer.recorded())
        .flat_map(|recorded| &recorded.curve)
        .map(|curve| curve.seed)
        .collect();
    let seeds = seeds.into_iter().collect();
    study.seeds = SeedList::listed(seeds).map_err(|problem| Error::ImportConflict { problem })?;
    if study != before || !dir.study().is_file() {
        writer.write(&study, &before, all_new, &record(&files, &curves), &options.command)?;
    }
    drop(writer);
    let report = StudySession::open(dir.root(), &OpenOptions::default())?.report()?;
    Ok(Imported {
        folder: dir.root().to_path_buf(),
        curves,
        report,
    })
}

/// The study as it is so far.
fn study(dir: &StudyDir, options: &ImportOptions) -> Result<Study, Error> {
    if !dir.study().is_file() {
        return Ok(Study {
            name: options.name.clone(),
            title: options.name.clone(),
            description: "Curves that were recorded elsewhere, and imported.".into(),
            seeds: SeedList::default(),
            configs: Vec::new(),
            statistics: Statistics::default(),
            run: Run::default(),
        });
    }
    let study = Study::load(&dir.study(), &[])?;
    match study
        .configs
        .iter()
        .find(|config| config.recipe.trainer.recorded().is_none())
    {
        Some(_) => Err(Error::ImportConflict {
            problem: format!(
                "`{}` holds results of a study that is run, and its next run would forget what was imported; choose \
                 another `--name`",
                dir.root().display()
            ),
        }),
        None => Ok(study),
    }
}

fn recipe_of<'a>(study: &'a Study, name: &str) -> Option<&'a Recipe> {
    let found = study.configs.iter().find(|config| config.name == name);
    found.map(|config| &config.recipe)
}

/// Puts the new curves of a config into the study.
fn add(study: &mut Study, new: &mut NewCurves) -> Result<(), Error> {
    let name = new.config.clone();
    let recipe = plan::recipe(new, recipe_of(study, &name))?;
    match study.configs.iter_mut().find(|config| config.name == name) {
        Some(config) => config.recipe = recipe,
        None => study.configs.push(Config {
            name,
            recipe,
            analysis: Analysis::default(),
            trainings: Vec::new(),
        }),
    }
    Ok(())
}

/// The curves of a config that were found, as the study has them now.
fn imported(study: &Study, new: &NewCurves) -> Vec<ImportedCurve> {
    let planned = recipe_of(study, &new.config).map_or(0, |recipe| recipe.schedule.steps);
    let of = |source: &gather::Source, seed, is_new| ImportedCurve {
        config: new.config.clone(),
        seed,
        file: source.file.clone(),
        format: source.format,
        steps: source.steps.len(),
        planned,
        end: plan::end(&source.steps, planned),
        is_new,
        notes: source.notes.clone(),
    };
    let fresh = new
        .curves
        .iter()
        .map(|assigned| of(&assigned.source, assigned.seed, true));
    let known = new.known.iter().map(|(source, seed)| of(source, *seed, false));
    let mut curves: Vec<ImportedCurve> = fresh.chain(known).collect();
    curves.sort_by_key(|curve| curve.seed);
    curves
}

/// The files, each with how many new curves came from it.
fn record(files: &[SourceFile], curves: &[ImportedCurve]) -> Vec<(SourceFile, u32)> {
    let of = |file: &SourceFile| {
        let name = file.path.display().to_string();
        let from = |curve: &&ImportedCurve| curve.is_new && curve.file.split(" + ").any(|part| part == name);
        curves.iter().filter(from).count() as u32
    };
    files.iter().map(|file| (file.clone(), of(file))).collect()
}
