//! `seedband aggregate`: medians, bands and ranges of what has been run.

use crate::args::Results;
use crate::exit::{DONE, Failure};
use crate::opened::Opened;
use crate::output::{self, say};
use seedband_aggregator::{ConfigInput, Curves, ReadingCache, StudyInput, TrainingCurves};
use seedband_core::files::journal;
use seedband_core::files::journal::Change;
use seedband_core::summary::Summary;

pub(crate) fn run(args: &Results, quiet: bool) -> Result<u8, Failure> {
    let opened = Opened::new(&args.study, None)?;
    let summary = aggregate(&opened)?;
    output::data(&seedband_report::terminal(&summary))?;
    if !quiet {
        say(&format!("tables: {}", opened.dir.aggregate().display()));
    }
    Ok(DONE)
}

/// What the aggregator has to know about a study.
pub(crate) fn input(opened: &Opened) -> Result<StudyInput, Failure> {
    // The journal is enough: a trial with a curve counts as finished whatever it says.
    let journals = journal::read_all(&opened.dir.journals())?;
    for damaged in &journals.damaged {
        crate::output::say(&format!("warning: {damaged}"));
    }
    let entries = journals.entries;
    let failed = journal::last(&entries)
        .into_values()
        .filter(|entry| matches!(entry.change, Change::Failed { again: false, .. }))
        .map(|entry| entry.trial.clone())
        .collect();
    let study = &opened.study;
    let configs = study
        .configs
        .iter()
        .zip(study.labels())
        .map(|(config, labels)| ConfigInput {
            name: config.name.clone(),
            labels,
            recipe: config.recipe.clone(),
            analysis: config.analysis.clone(),
            trainings: config.trainings.clone(),
            seeds: study.seeds.seeds().to_vec(),
        });
    Ok(StudyInput {
        dir: opened.dir.clone(),
        name: study.name.clone(),
        title: study.title.clone(),
        description: study.description.clone(),
        statistics: study.statistics.clone(),
        configs: configs.collect(),
        failed,
    })
}

/// Aggregates what there is and writes the tables.
pub(crate) fn aggregate(opened: &Opened) -> Result<Summary, Failure> {
    let (summary, curves, trainings) = summarise(opened)?;
    if !has_curves(&summary) {
        let shown = opened.dir.root().display();
        return Err(Failure::setup(format!(
            "no trial in `{shown}` has finished; run them with `seedband run {}`",
            opened.file.display()
        )));
    }
    seedband_aggregator::write_tables(&curves, &trainings, &summary, &opened.dir.aggregate())?;
    Ok(summary)
}

/// Whether any range test has its curve.
pub(crate) fn has_curves(summary: &Summary) -> bool {
    summary.configs.iter().any(|config| config.counts.finished > 0)
}

/// Aggregates what there is and writes nothing.
pub(crate) fn summarise(opened: &Opened) -> Result<(Summary, Curves, TrainingCurves), Failure> {
    let input = input(opened)?;
    let mut cache = ReadingCache::default();
    let curves = seedband_aggregator::load(&input, &mut cache)?;
    let mut summary = seedband_aggregator::summarize(&input, &curves)?;
    let planned = opened.study.trainings(&summary);
    let trainings = seedband_aggregator::load_trainings(&input, &planned, &mut cache)?;
    seedband_aggregator::summarize_trainings(&input, &trainings, &mut summary)?;
    Ok((summary, curves, trainings))
}
