//! Studies on disk whose curves are written by hand.

use polars::prelude::{CsvReadOptions, DataFrame, ParquetReader, SerReader};
use seedband_aggregator::{ConfigInput, ReadingCache, StudyInput, TrainingCurves, load, summarize, write_tables};
use seedband_core::files::curve::{Curve, End, Evaluation, Step};
use seedband_core::files::fsio;
use seedband_core::files::layout::StudyDir;
use seedband_core::range_test::{
    Analysis, NonFinite, Range, Rule, RuleKind, Schedule, Smoothing, SmoothingKind, Spacing,
};
use seedband_core::recipe::Recipe;
use seedband_core::settings::Statistics;
use seedband_core::summary::Summary;
use seedband_core::trial::Trial;
use std::collections::HashSet;
use std::fs::File;
use std::io::Cursor;
use std::path::Path;

/// Learning rates 1e-4, 1e-3, … 10, up to rounding.
pub(crate) fn recipe() -> Recipe {
    Recipe {
        schedule: Schedule {
            start: 1e-4,
            end: 10.0,
            steps: 6,
            spacing: Spacing::Inclusive,
            ..Schedule::default()
        },
        ..Recipe::default()
    }
}

/// Losses as they are.
pub(crate) fn no_smoothing() -> Smoothing {
    Smoothing {
        kind: SmoothingKind::None,
        ..Smoothing::default()
    }
}

/// No smoothing, no trimming, no division: the min LR is the steepest point, the max LR the least. Losses that are not
/// finite are dropped.
pub(crate) fn analysis() -> Analysis {
    let rule = |kind| Rule {
        skip_start: Some(0),
        skip_end: Some(0),
        divide_by: Some(1.0),
        non_finite: Some(NonFinite::Drop),
        ..Rule::new(kind)
    };
    Analysis {
        smoothing: no_smoothing(),
        range: Range {
            min: rule(RuleKind::Steepest),
            max: rule(RuleKind::LeastLoss),
        },
        ..Analysis::default()
    }
}

/// A config of seeds 0, 1, … that is told apart by its largest learning rate.
pub(crate) fn config(name: &str, recipe: Recipe, seeds: u64) -> ConfigInput {
    let labels = vec![("schedule.end".into(), recipe.schedule.end.to_string())];
    ConfigInput {
        name: name.into(),
        labels,
        recipe,
        analysis: analysis(),
        trainings: Vec::new(),
        seeds: (0..seeds).collect(),
        repeats: 0,
    }
}

/// A study of these configs with its results at `root`.
pub(crate) fn input(root: &Path, configs: Vec<ConfigInput>) -> StudyInput {
    StudyInput {
        dir: StudyDir::new(root),
        name: "study".into(),
        title: "A study".into(),
        description: String::new(),
        statistics: Statistics::default(),
        configs,
        failed: HashSet::new(),
    }
}

/// A curve of these losses.
pub(crate) fn curve(losses: &[f64], end: End) -> Curve {
    validated_curve(losses, |_| None, end)
}

/// A curve of these losses, with the validation loss after each step where there is one and an accuracy of a quarter.
pub(crate) fn validated_curve(losses: &[f64], validation: impl Fn(u32) -> Option<f64>, end: End) -> Curve {
    let steps = losses.iter().zip(0..).map(|(&loss, step)| Step {
        validation: validation(step).map(|loss| Evaluation {
            loss,
            accuracy: Some(0.25),
        }),
        ..Step::new(step, 0.5, loss)
    });
    Curve {
        steps: steps.collect(),
        end,
    }
}

/// Writes the curve of a trial.
pub(crate) fn write_curve(input: &StudyInput, trial: &Trial, curve: &Curve) {
    let folder = input.dir.trial(trial);
    fsio::create_dir_all(folder.root()).unwrap();
    fsio::write_json(&folder.trial(), trial).unwrap();
    curve.write(&folder.curve()).unwrap();
}

/// The range tests as they stand on disk.
pub(crate) fn summarized(input: &StudyInput) -> Summary {
    summarize(input, &load(input, &mut ReadingCache::default()).unwrap()).unwrap()
}

/// The same, with the tables in `aggregate/`.
pub(crate) fn tabled(input: &StudyInput) -> Summary {
    let curves = load(input, &mut ReadingCache::default()).unwrap();
    let summary = summarize(input, &curves).unwrap();
    write_tables(&curves, &TrainingCurves::default(), &summary, &input.dir.aggregate()).unwrap();
    summary
}

/// A table in both formats, which are equal.
pub(crate) fn read_back(folder: &Path, table: &str) -> DataFrame {
    let parquet = ParquetReader::new(File::open(folder.join(format!("{table}.parquet"))).unwrap());
    let parquet = parquet.finish().unwrap();
    let csv = fsio::read(&folder.join(format!("{table}.csv"))).unwrap();
    let csv = CsvReadOptions::default()
        .with_schema(Some(parquet.schema().clone()))
        .into_reader_with_file_handle(Cursor::new(csv.into_bytes()))
        .finish()
        .unwrap();
    assert!(parquet.equals_missing(&csv), "{table}: {parquet} {csv}");
    parquet
}

pub(crate) fn floats(frame: &DataFrame, column: &str) -> Vec<Option<f64>> {
    frame.column(column).unwrap().f64().unwrap().iter().collect()
}

pub(crate) fn texts(frame: &DataFrame, column: &str) -> Vec<Option<String>> {
    let texts = frame.column(column).unwrap().str().unwrap().iter();
    texts.map(|text| text.map(Into::into)).collect()
}
