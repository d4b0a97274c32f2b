//! A study on disk, from curves to tables, with every number worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::float_cmp, reason = "values are meant to be exact")]

use polars::prelude::{CsvReadOptions, DataFrame, ParquetReader, SerReader};
use seedband_aggregator::{
    AggregateError, ConfigInput, StudyInput, TrainingCurves, aggregate, load, summarize, write_tables,
};
use seedband_core::files::curve::{Curve, End, Evaluation, Step};
use seedband_core::files::fsio;
use seedband_core::files::layout::StudyDir;
use seedband_core::range_test::Analysis;
use seedband_core::range_test::{
    NonFinite, Pairing, Range, Rule, RuleKind, Schedule, Smoothing, SmoothingKind, Spacing,
};
use seedband_core::recipe::Recipe;
use seedband_core::settings::{EarlyEnd, Statistics, StreamSeed};
use seedband_core::summary::{Counts, Summary};
use seedband_core::trial::Trial;
use std::collections::HashSet;
use std::fs::File;
use std::io::Cursor;
use std::path::Path;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// Learning rates 1e-4, 1e-3, … 10, up to rounding.
fn recipe() -> Recipe {
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

/// No smoothing, no trimming, no division: the min LR is the steepest point, the max LR the least. Losses that are not finite are dropped.
fn analysis() -> Analysis {
    let rule = |kind| Rule {
        skip_start: Some(0),
        skip_end: Some(0),
        divide_by: Some(1.0),
        non_finite: Some(NonFinite::Drop),
        ..Rule::new(kind)
    };
    Analysis {
        smoothing: Smoothing {
            kind: SmoothingKind::None,
            ..Smoothing::default()
        },
        range: Range {
            min: rule(RuleKind::Steepest),
            max: rule(RuleKind::LeastLoss),
        },
        ..Analysis::default()
    }
}

fn config(name: &str, recipe: Recipe, seeds: u64) -> ConfigInput {
    let labels = vec![("schedule.end".into(), recipe.schedule.end.to_string())];
    ConfigInput {
        name: name.into(),
        labels,
        recipe,
        analysis: analysis(),
        trainings: Vec::new(),
        seeds: (0..seeds).collect(),
    }
}

fn input(root: &Path, configs: Vec<ConfigInput>) -> StudyInput {
    StudyInput {
        dir: StudyDir::new(root),
        name: "study".into(),
        title: "A study".into(),
        description: String::new(),
        statistics: Statistics {
            quantiles: [0.25, 0.75],
            ..Statistics::default()
        },
        configs,
        failed: HashSet::new(),
    }
}

/// Eight seeds: 0 runs to its end; 1 too, but the stop rule fires at step 4; 2 meets a NaN; 3 was halted by a stricter rule than the present
/// one; 4 has not run; 5 failed; 6 has a curve that is cut off; 7 has one that is complete but too short. A second config has no curve.
fn study(root: &Path) -> StudyInput {
    let other = Recipe {
        schedule: Schedule {
            end: 1.0,
            ..recipe().schedule
        },
        ..recipe()
    };
    let mut input = input(root, vec![config("a", recipe(), 8), config("b", other, 2)]);
    let curve = |seed: u64, losses: &[f64], end| {
        let trial = Trial::new("a", seed, &recipe());
        let folder = input.dir.trial(&trial);
        fsio::create_dir_all(folder.root()).unwrap();
        let steps = losses
            .iter()
            .zip(0..)
            .map(|(&loss, step)| Step {
                step,
                lr: 0.5,
                loss,
                validation: None,
            })
            .collect();
        Curve { steps, end }.write(&folder.curve()).unwrap();
        folder.curve()
    };
    curve(0, &[3.0, 2.5, 1.0, 1.5, 3.0, 3.5], End::Completed);
    curve(1, &[3.0, 2.5, 2.0, 0.5, 3.0, 9.0], End::Completed);
    curve(2, &[3.0, 2.5, 1.0, NAN], End::NonFinite);
    curve(3, &[3.0, 2.5, 1.0, 1.5], End::StoppedEarly);
    let cut = curve(6, &[3.0, 2.0, 1.0, 1.0, 1.0, 1.0], End::Completed);
    let text = fsio::read(&cut).unwrap();
    std::fs::write(&cut, &text[..text.len() / 2]).unwrap();
    curve(7, &[3.0, 2.0, 1.0], End::Completed);
    input.failed = [2, 5].map(|seed| Trial::new("a", seed, &recipe()).id).into();
    input
}

#[test]
fn seeds_are_counted_by_outcome() {
    let root = tempfile::tempdir().unwrap();
    let summary = aggregate(&study(root.path())).unwrap();
    let counts = summary.configs[0].counts;
    // Seed 2 failed once and has a curve now: finished.
    assert_eq!(
        counts,
        Counts {
            wanted: 8,
            finished: 4,
            diverged: 2,
            failed: 1,
            missing: 3
        }
    );
    assert_eq!(
        (&*summary.study, &*summary.title, summary.quantiles),
        ("study", "A study", [0.25, 0.75])
    );
    assert_eq!(
        summary.configs[0].labels,
        [("schedule.end".to_owned(), "10".to_owned())]
    );
    assert_eq!(summary.configs[0].rules.max_lr, "least loss");
}

#[test]
fn bands_by_hand() {
    let root = tempfile::tempdir().unwrap();
    let summary = aggregate(&study(root.path())).unwrap();
    let config = &summary.configs[0];
    assert_eq!(config.lrs, recipe().schedule.recorded());
    // Quantiles of four values lie 3/4 of the way from the first to the second and 1/4 from the third to the fourth. At step 3 the values are
    // 0.5, 1.5, 1.5 and infinity, at step 4 twice 3 and twice infinity, at step 5 one is finite.
    let smoothed = &config.smoothed;
    assert_eq!((smoothed.n, &smoothed.ended[..]), (4, &[0, 0, 0, 0, 2, 3][..]));
    assert_eq!(smoothed.lower, [3.0, 2.5, 1.0, 1.25, 3.0, INF]);
    assert_eq!(smoothed.median, [3.0, 2.5, 1.0, 1.5, INF, INF]);
    assert_eq!(smoothed.upper, [3.0, 2.5, 1.25, INF, INF, INF]);
    // Raw losses know no stop: seed 1 has 9 at step 5.
    let raw = &config.raw;
    assert_eq!((raw.n, &raw.ended[..]), (4, &[0, 0, 0, 0, 2, 2][..]));
    assert_eq!(raw.lower[5], 3.5 + 0.75 * 5.5);
    assert_eq!(raw.median[5], INF);
}

/// Three seeds, measured after steps 2 and 5 of 6: the first throughout, the second with an infinite loss at the end, the third halted before.
#[test]
fn validation_has_the_measured_steps_alone() {
    let root = tempfile::tempdir().unwrap();
    let mut recipe = recipe();
    recipe.validation.every = 3;
    let input = input(
        root.path(),
        vec![config("a", recipe.clone(), 4), config("b", self::recipe(), 1)],
    );
    let curve = |recipe: &Recipe, seed: u64, losses: &[f64], validation: [Option<f64>; 2], end| {
        let trial = Trial::new("a", seed, recipe);
        let folder = input.dir.trial(&trial);
        fsio::create_dir_all(folder.root()).unwrap();
        let steps = losses.iter().zip(0..).map(|(&loss, step)| Step {
            step,
            lr: 0.5,
            loss,
            validation: match step {
                2 => validation[0],
                5 => validation[1],
                _ => None,
            }
            .map(|loss| Evaluation { loss, accuracy: 0.25 }),
        });
        let steps = steps.collect();
        Curve { steps, end }.write(&folder.curve()).unwrap();
    };
    let losses = [3.0, 2.5, 2.0, 1.5, 1.0, 0.5];
    curve(&recipe, 0, &losses, [Some(4.0), Some(6.0)], End::Completed);
    curve(&recipe, 1, &losses, [Some(2.0), Some(INF)], End::Completed);
    curve(&recipe, 2, &losses[..5], [Some(3.0), None], End::StoppedEarly);
    curve(&self::recipe(), 0, &losses, [None; 2], End::Completed);
    let curves = load(&input).unwrap();
    let summary = summarize(&input, &curves);
    let validation = summary.configs[0].validation.as_ref().unwrap();
    assert_eq!(validation.steps, [2, 5]);
    assert_eq!((validation.loss.n, &validation.loss.ended[..]), (3, &[0, 1][..]));
    assert_eq!(validation.loss.lower, [2.5, INF]);
    assert_eq!(validation.loss.median, [3.0, INF]);
    assert_eq!(validation.loss.upper, [3.5, INF]);
    let of_seeds: Vec<_> = validation.seeds.iter().map(|seed| &seed.validation[..]).collect();
    assert_eq!(of_seeds, [&[4.0, 6.0][..], &[2.0, INF], &[3.0]]);
    assert_eq!(validation.seeds[2].raw, losses[..5]);
    assert_eq!(validation.jitter, None, "two steps are too few");
    assert_eq!(summary.configs[1].validation, None);

    let folder = input.dir.aggregate();
    write_tables(&curves, &TrainingCurves::default(), &summary, &folder).unwrap();
    let frame = read_back(&folder, "curves");
    let column = floats(&frame, "validation_loss");
    assert_eq!(column[..6], [None, None, Some(4.0), None, None, Some(6.0)]);
    assert_eq!(column[17..], [None; 6], "halted, and the config without");
    assert_eq!(floats(&frame, "validation_accuracy")[2], Some(0.25));
    let csv = fsio::read(&folder.join("bands.csv")).unwrap();
    let rows: Vec<&str> = csv.lines().filter(|line| line.contains(",validation,")).collect();
    let lr = summary.configs[0].lrs[2];
    assert_eq!(
        rows,
        [
            &*format!("a,2,{lr},validation,3,0,2.5,3.0,3.5,0.25,0.75,raw,diverged-is-infinite"),
            "a,5,10.0,validation,3,1,inf,inf,inf,0.25,0.75,raw,diverged-is-infinite"
        ]
    );
    let again = fsio::read_json::<Summary>(&input.dir.summary()).unwrap();
    assert_eq!(again, summary);
    // What was written before there was a validation is read still, and written as it was.
    let text = fsio::read(&input.dir.summary()).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["configs"][1].get("validation"), None);
    json["configs"][0].as_object_mut().unwrap().remove("validation");
    let older: Summary = serde_json::from_value(json).unwrap();
    assert_eq!(older.configs[0].validation, None);
}

#[test]
fn padding_keeps_the_last_value_even_nan() {
    let root = tempfile::tempdir().unwrap();
    let mut input = study(root.path());
    input.statistics.early_end = EarlyEnd::PadLast;
    let with_nan = aggregate(&input).unwrap();
    assert!(
        with_nan.configs[0].smoothed.median[3..]
            .iter()
            .all(|loss| loss.is_nan())
    );
    input.configs[0].seeds.retain(|seed| *seed != 2);
    let config = &aggregate(&input).unwrap().configs[0];
    // At the last step: 3.5; 3 at its stop (raw: 9); 1.5.
    assert_eq!((config.smoothed.median[5], config.raw.median[5]), (3.0, 3.5));
    assert_eq!((config.smoothed.lower[5], config.smoothed.upper[5]), (2.25, 3.25));
}

#[test]
fn ranges_by_hand() {
    let root = tempfile::tempdir().unwrap();
    let summary = aggregate(&study(root.path())).unwrap();
    let config = &summary.configs[0];
    let lr = &config.lrs;
    let by_seed: Vec<_> = config
        .seeds
        .iter()
        .map(|seed| (seed.seed, seed.min_lr.lr(), seed.max_lr.lr(), seed.stop_step))
        .collect();
    let row = |seed, low: usize, high: usize, stop| (seed, Some(lr[low]), Some(lr[high]), stop);
    assert_eq!(
        by_seed,
        [
            row(0, 1, 2, None),
            row(1, 2, 3, Some(4)),
            row(2, 2, 2, Some(3)),
            row(3, 1, 2, None)
        ]
    );
    assert_eq!(config.seeds[1].smoothed, [3.0, 2.5, 2.0, 0.5, 3.0]);
    assert_eq!(
        (config.seeds[1].least_lr, config.seeds[2].least_lr),
        (Some(lr[3]), Some(lr[2]))
    );

    let low = config.min_lr.estimate.unwrap();
    assert_eq!(
        (config.min_lr.n, low.lower, low.upper, low.interval),
        (4, lr[1], lr[2], None)
    );
    // The grid itself is rounded: a few units in the last place.
    let near = |value: f64, expected: f64| (value / expected - 1.0).abs() < 1e-14;
    assert!(near(low.median, 10_f64.powf(-2.5)) && near(low.decades, 1.0), "{low:?}");
    let high = config.max_lr.estimate.unwrap();
    assert_eq!((high.lower, high.median), (lr[2], lr[2]));
    assert!(near(high.upper, 10_f64.powf(-1.75)), "{high:?}");

    let consensus = config.consensus;
    assert_eq!(
        (consensus.n, consensus.most, consensus.min_lr, consensus.max_lr),
        (4, 4, Some(lr[2]), Some(lr[2]))
    );
    let decades: Vec<_> = config
        .decades
        .iter()
        .map(|decade| (decade.exponent, decade.seeds))
        .collect();
    assert_eq!(decades, [(-2, 3), (-1, 1)]);
}

#[test]
fn without_a_curve_there_are_counts_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let summary = aggregate(&study(root.path())).unwrap();
    let config = &summary.configs[1];
    assert_eq!(
        config.counts,
        Counts {
            wanted: 2,
            missing: 2,
            ..Counts::default()
        }
    );
    assert_eq!(
        (config.smoothed.n, config.smoothed.median.len(), config.raw.ended.len()),
        (0, 0, 0)
    );
    assert_eq!(
        (
            config.min_lr.n,
            config.min_lr.estimate,
            config.consensus.min_lr,
            config.consensus.most
        ),
        (0, None, None, 0)
    );
    assert_eq!((config.lrs.len(), config.seeds.len(), config.decades.len()), (6, 0, 0));
}

fn read_back(folder: &Path, table: &str) -> DataFrame {
    let parquet = ParquetReader::new(File::open(folder.join(format!("{table}.parquet"))).unwrap())
        .finish()
        .unwrap();
    let csv = fsio::read(&folder.join(format!("{table}.csv"))).unwrap();
    let csv = CsvReadOptions::default()
        .with_schema(Some(parquet.schema().clone()))
        .into_reader_with_file_handle(Cursor::new(csv.into_bytes()))
        .finish()
        .unwrap();
    assert!(parquet.equals_missing(&csv), "{table}: {parquet} {csv}");
    parquet
}

fn floats(frame: &DataFrame, column: &str) -> Vec<Option<f64>> {
    frame.column(column).unwrap().f64().unwrap().iter().collect()
}

fn texts(frame: &DataFrame, column: &str) -> Vec<Option<String>> {
    frame
        .column(column)
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .map(|text| text.map(Into::into))
        .collect()
}

#[test]
fn tables_hold_what_the_summary_says() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path());
    let curves = load(&input).unwrap();
    let summary = summarize(&input, &curves);
    let folder = input.dir.aggregate();
    write_tables(&curves, &TrainingCurves::default(), &summary, &folder).unwrap();

    let frame = read_back(&folder, "curves");
    assert_eq!(frame.height(), 6 + 6 + 4 + 4);
    assert_eq!(floats(&frame, "loss")[10..12], [Some(3.0), Some(9.0)]);
    assert!(floats(&frame, "loss")[15].unwrap().is_nan());
    assert_eq!(
        floats(&frame, "lr")[..6],
        summary.configs[0].lrs.iter().map(|lr| Some(*lr)).collect::<Vec<_>>()
    );
    assert_eq!(
        texts(&frame, "state")[9..12],
        ["kept", "stop", "after-stop"].map(|state| Some(state.to_owned()))
    );

    let frame = read_back(&folder, "bands");
    assert_eq!(frame.height(), 12);
    let raw_then_smoothed =
        |raw: &[f64], smoothed: &[f64]| [raw, smoothed].concat().into_iter().map(Some).collect::<Vec<_>>();
    let config = &summary.configs[0];
    assert_eq!(
        floats(&frame, "upper"),
        raw_then_smoothed(&config.raw.upper, &config.smoothed.upper)
    );
    assert_eq!(floats(&frame, "quantile_lower"), [Some(0.25); 12]);
    assert_eq!(texts(&frame, "early_end")[0].as_deref(), Some("diverged-is-infinite"));

    let frame = read_back(&folder, "ranges");
    assert_eq!(
        floats(&frame, "max_lr"),
        config.seeds.iter().map(|seed| seed.max_lr.lr()).collect::<Vec<_>>()
    );
    assert_eq!(frame.column("stop_step").unwrap().null_count(), 2);
    assert_eq!(frame.column("min_lr_reason").unwrap().null_count(), 4);

    let frame = read_back(&folder, "trials");
    let states = texts(&frame, "state")
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    assert_eq!(
        states,
        "finished finished finished finished missing failed missing missing missing missing"
    );
    assert_eq!(
        texts(&frame, "end")[2..5],
        [Some("non-finite".to_owned()), Some("halted".to_owned()), None]
    );

    let csv = fsio::read(&folder.join("bands.csv")).unwrap();
    assert_eq!(
        csv.lines().last(),
        Some("a,5,10.0,smoothed,4,3,inf,inf,inf,0.25,0.75,raw,diverged-is-infinite")
    );
}

#[test]
fn files_say_what_they_are() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path());
    let curves = load(&input).unwrap();
    let summary = summarize(&input, &curves);
    let folder = input.dir.aggregate();
    write_tables(&curves, &TrainingCurves::default(), &summary, &folder).unwrap();
    let again = fsio::read_json::<Summary>(&input.dir.summary()).unwrap();
    // As text: a NaN is not equal to itself.
    assert_eq!(
        serde_json::to_string(&again).unwrap(),
        serde_json::to_string(&summary).unwrap()
    );

    let schema: serde_json::Value = fsio::read_json(&folder.join("schema.json")).unwrap();
    assert_eq!(schema["schema"], 2);
    for table in schema["tables"].as_array().unwrap() {
        let path = folder.join(format!("{}.parquet", table["name"].as_str().unwrap()));
        let mut reader = ParquetReader::new(File::open(path).unwrap());
        let metadata = reader.get_metadata().unwrap().key_value_metadata().clone().unwrap();
        assert!(
            metadata
                .iter()
                .any(|pair| pair.key == "seedband.schema" && pair.value.as_deref() == Some("2"))
        );
        let frame = reader.finish().unwrap();
        let columns: Vec<&str> = table["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["name"].as_str().unwrap())
            .collect();
        assert_eq!(frame.get_column_names(), columns);
    }

    // Each table twice, two JSON files, and nothing half-written.
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    let expected = "bands.csv bands.parquet curves.csv curves.parquet overlaps.csv overlaps.parquet ranges.csv ranges.parquet regrets.csv regrets.parquet risk.csv risk.parquet rules.csv rules.parquet scaling.csv scaling.parquet schema.json summary.json training_curves.csv training_curves.parquet trainings.csv trainings.parquet trials.csv trials.parquet variation.csv variation.parquet";
    assert_eq!(names, expected.split(' ').collect::<Vec<_>>());
    // A second export replaces all of it with equal bytes.
    let before = std::fs::read(folder.join("curves.parquet")).unwrap();
    write_tables(&curves, &TrainingCurves::default(), &summary, &folder).unwrap();
    assert_eq!(std::fs::read(folder.join("curves.parquet")).unwrap(), before);
}

#[test]
fn a_study_of_nothing_is_exported_too() {
    let root = tempfile::tempdir().unwrap();
    for configs in [Vec::new(), vec![config("a", recipe(), 3)]] {
        let input = input(&root.path().join("not yet there"), configs);
        let curves = load(&input).unwrap();
        write_tables(
            &curves,
            &TrainingCurves::default(),
            &summarize(&input, &curves),
            &root.path().join("out"),
        )
        .unwrap();
        assert_eq!(read_back(&root.path().join("out"), "curves").height(), 0);
        assert_eq!(read_back(&root.path().join("out"), "bands").height(), 0);
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let root = tempfile::tempdir().unwrap();
    let input = input(root.path(), Vec::new());
    let curves = load(&input).unwrap();
    std::fs::write(root.path().join("taken"), "").unwrap();
    let error = write_tables(
        &curves,
        &TrainingCurves::default(),
        &summarize(&input, &curves),
        &root.path().join("taken/aggregate"),
    )
    .unwrap_err();
    assert!(
        matches!(error, AggregateError::Fs(_)) && error.to_string().contains("taken/aggregate"),
        "{error}"
    );
}

/// The least loss is at step 3. Filed as recorded it stands beside 0.1; the optimizer had 0.01 there.
#[test]
fn losses_are_filed_as_recorded_or_as_used() {
    let root = tempfile::tempdir().unwrap();
    let mut lagging = recipe();
    lagging.schedule.lag = 1;
    let filed = |pairing| {
        let mut config = config("a", lagging.clone(), 1);
        config.analysis.pairing = pairing;
        input(root.path(), vec![config])
    };
    let trial = Trial::new("a", 0, &lagging);
    let folder = input(root.path(), Vec::new()).dir.trial(&trial);
    fsio::create_dir_all(folder.root()).unwrap();
    let steps = [3.0, 2.5, 2.0, 1.0, 1.5, 2.0].into_iter().zip(0..);
    Curve {
        steps: steps
            .map(|(loss, step)| Step {
                step,
                lr: 0.5,
                loss,
                validation: None,
            })
            .collect(),
        end: End::Completed,
    }
    .write(&folder.curve())
    .unwrap();
    let config = |pairing| aggregate(&filed(pairing)).unwrap().configs.remove(0);
    let (recorded, used) = (config(Pairing::Recorded), config(Pairing::Used));
    assert_eq!(
        (recorded.pairing, used.pairing),
        (Some(Pairing::Recorded), Some(Pairing::Used))
    );
    assert_eq!(recorded.lrs[1..5], used.lrs[2..]);
    assert_eq!((used.lrs[0], used.lrs[1]), (recorded.lrs[0], recorded.lrs[0]));
    assert_eq!(recorded.seeds[0].max_lr.lr(), Some(recorded.lrs[3]));
    assert_eq!(used.seeds[0].max_lr.lr(), Some(recorded.lrs[2]));
    assert_eq!(recorded.seeds[0].smoothed, used.seeds[0].smoothed);
}

/// Two configs of two seeds each that share the trial of seed 0. Their least losses lie two decades apart and one: standard deviations of 2 and 1 times
/// the root of a half, and a quarter of the variance. The steepest descent, the min LR, is one step before each of them.
#[test]
fn arms_have_a_table_of_their_own() {
    let root = tempfile::tempdir().unwrap();
    let mut all = config("all", recipe(), 2);
    all.labels = vec![("streams.order".into(), "vary".into())];
    let mut fixed = recipe();
    fixed.streams.order = StreamSeed::Fixed(0);
    let mut weights = config("weights", fixed.clone(), 2);
    weights.labels = vec![("streams.order".into(), "0".into())];
    let input = input(root.path(), vec![all, weights]);
    for (recipe, seed, least) in [(recipe(), 0, 1), (recipe(), 1, 3), (fixed, 1, 2)] {
        let folder = input.dir.trial(&Trial::new("a", seed, &recipe));
        fsio::create_dir_all(folder.root()).unwrap();
        fsio::write_json(&folder.trial(), &Trial::new("a", seed, &recipe)).unwrap();
        let loss = |step: u32| {
            if step == least {
                1.0
            } else {
                2.0 + f64::from(step) / 100.0
            }
        };
        Curve {
            steps: (0..6)
                .map(|step| Step {
                    step,
                    lr: 0.5,
                    loss: loss(step),
                    validation: None,
                })
                .collect(),
            end: End::Completed,
        }
        .write(&folder.curve())
        .unwrap();
    }
    let curves = load(&input).unwrap();
    write_tables(
        &curves,
        &TrainingCurves::default(),
        &summarize(&input, &curves),
        &input.dir.aggregate(),
    )
    .unwrap();
    let csv = fsio::read(&input.dir.aggregate().join("variation.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "group,config,weights_vary,order_varies,augmentation_varies,end,n,deviation,share"
    );
    let expected = [
        ("0,all,true,true,false,min_lr,2", 2.0, 1.0),
        ("0,all,true,true,false,max_lr,2", 2.0, 1.0),
        ("0,weights,true,false,false,min_lr,2", 1.0, 0.25),
        ("0,weights,true,false,false,max_lr,2", 1.0, 0.25),
    ];
    assert_eq!(lines.len(), 1 + expected.len());
    for (line, (start, deviation, share)) in lines[1..].iter().zip(expected) {
        let numbers: Vec<f64> = line
            .strip_prefix(start)
            .unwrap_or_else(|| panic!("{line}"))
            .split(',')
            .skip(1)
            .map(|cell| cell.parse().unwrap())
            .collect();
        // Learning rates are powers of ten up to rounding.
        assert!((numbers[0] - deviation * 0.5_f64.sqrt()).abs() < 1e-12, "{line}");
        assert!((numbers[1] - share).abs() < 1e-12, "{line}");
    }
}
