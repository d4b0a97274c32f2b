//! Files of a study: tables in both formats, the schema and the summary.

use crate::study::study;
use crate::support::{config, floats, input, read_back, recipe, texts};
use polars::prelude::{ParquetReader, SerReader};
use seedband_aggregator::{
    AggregateError, ReadingCache, SCHEMA_VERSION, TrainingCurves, load, summarize, write_tables,
};
use seedband_core::files::fsio;
use seedband_core::summary::Summary;
use std::fs::File;

#[test]
fn tables_hold_what_the_summary_says() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path());
    let curves = load(&input, &mut ReadingCache::default()).unwrap();
    let summary = summarize(&input, &curves).unwrap();
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
    let curves = load(&input, &mut ReadingCache::default()).unwrap();
    let summary = summarize(&input, &curves).unwrap();
    let folder = input.dir.aggregate();
    write_tables(&curves, &TrainingCurves::default(), &summary, &folder).unwrap();
    let again = fsio::read_json::<Summary>(&input.dir.summary()).unwrap();
    // As text: a NaN is not equal to itself.
    assert_eq!(
        serde_json::to_string(&again).unwrap(),
        serde_json::to_string(&summary).unwrap()
    );

    let schema: serde_json::Value = fsio::read_json(&folder.join("schema.json")).unwrap();
    assert_eq!(schema["schema"], SCHEMA_VERSION);
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
    let expected = "bands.csv bands.parquet curves.csv curves.parquet differences.csv differences.parquet local_slopes.csv local_slopes.parquet metric_bands.csv metric_bands.parquet metrics.csv metrics.parquet overlaps.csv overlaps.parquet ranges.csv \
     ranges.parquet regrets.csv regrets.parquet risk.csv risk.parquet rules.csv rules.parquet scaling.csv \
     scaling.parquet schema.json seed_slopes.csv seed_slopes.parquet summary.json training_curves.csv training_curves.parquet trainings.csv \
     trainings.parquet trials.csv trials.parquet variation.csv variation.parquet";
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
        let curves = load(&input, &mut ReadingCache::default()).unwrap();
        write_tables(
            &curves,
            &TrainingCurves::default(),
            &summarize(&input, &curves).unwrap(),
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
    let curves = load(&input, &mut ReadingCache::default()).unwrap();
    std::fs::write(root.path().join("taken"), "").unwrap();
    let error = write_tables(
        &curves,
        &TrainingCurves::default(),
        &summarize(&input, &curves).unwrap(),
        &root.path().join("taken/aggregate"),
    )
    .unwrap_err();
    assert!(
        matches!(error, AggregateError::Fs(_)) && error.to_string().contains("taken/aggregate"),
        "{error}"
    );
}
