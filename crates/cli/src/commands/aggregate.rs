//! `seedband aggregate`: medians, bands and ranges of what has been run.

use crate::args::Results;
use crate::exit::{DONE, Failure};
use crate::opened::Opened;
use crate::output::{self, say};
use seedband_aggregator::{ConfigInput, StudyInput};
use seedband_core::journal::{self, Change};
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

/// Aggregates what there is and writes the tables.
pub(crate) fn aggregate(opened: &Opened) -> Result<Summary, Failure> {
    // The journal is enough: a trial with a curve counts as finished whatever it says.
    let entries = journal::read_all(&opened.dir.journals())?;
    let failed = journal::last(&entries)
        .into_values()
        .filter(|entry| matches!(entry.change, Change::Failed { .. }))
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
            seeds: study.seeds.seeds().to_vec(),
        });
    let input = StudyInput {
        dir: opened.dir.clone(),
        name: study.name.clone(),
        title: study.title.clone(),
        description: study.description.clone(),
        statistics: study.statistics.clone(),
        configs: configs.collect(),
        failed,
    };
    let curves = seedband_aggregator::load(&input)?;
    let summary = seedband_aggregator::summarize(&input, &curves);
    if summary.configs.iter().all(|config| config.counts.finished == 0) {
        let shown = opened.dir.root().display();
        return Err(Failure::setup(format!(
            "no trial in `{shown}` has finished; run them with `seedband run {}`",
            opened.file.display()
        )));
    }
    seedband_aggregator::export(&curves, &summary, &opened.dir.aggregate())?;
    Ok(summary)
}
