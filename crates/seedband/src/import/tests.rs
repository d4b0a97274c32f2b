//! Files that the libraries themselves wrote (`tests/import`), and files that nobody would write.

use super::columns::ColumnNames;
use super::curves::{RawCurve, curves};
use super::format::{self, ImportFormat};
use seedband_testkit::Fuzz;
use std::path::{Path, PathBuf};

#[global_allocator]
static HEAP: seedband_testkit::Heap = seedband_testkit::Heap;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap()
}

/// Every curve in a file, by what `format` says, or else by what the file looks like.
fn read(bytes: &[u8], format: Option<ImportFormat>) -> Result<(ImportFormat, Vec<RawCurve>), String> {
    let names = ColumnNames::default();
    let parsed = format::read(bytes, format, &names)?;
    let mut all = Vec::new();
    for (_, table) in &parsed.tables {
        all.extend(curves(table, &names)?);
    }
    Ok((parsed.format, all))
}

fn losses(curve: &RawCurve) -> Vec<f64> {
    curve.points.iter().map(|point| point.loss).collect()
}

fn assert_close(values: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(values.len(), expected.len(), "{what}");
    for (step, (value, expected)) in values.iter().zip(expected).enumerate() {
        let scale = expected.abs().max(1.0);
        assert!(
            (value - expected).abs() <= tolerance * scale,
            "{what}, step {step}: {value}, expected {expected}"
        );
    }
}

/// What the loss function gave while the library kept its averages.
fn raw(name: &str) -> Vec<f64> {
    serde_json::from_slice(&bytes(name)).unwrap()
}

#[test]
fn averages_of_each_library_come_back_as_the_losses_that_it_saw() {
    for (name, format, asked) in [
        ("fastai", ImportFormat::Fastai, None),
        ("lightning", ImportFormat::Lightning, None),
        (
            "torch-lr-finder",
            ImportFormat::TorchLrFinder,
            Some(ImportFormat::TorchLrFinder),
        ),
    ] {
        for seed in [1, 2] {
            let (found, curves) = read(&bytes(&format!("{name}-seed{seed}.json")), asked).unwrap();
            assert_eq!((found, curves.len()), (format, 1), "{name}");
            let averages = losses(&curves[0]);
            let back = format.averaging(None).unwrap().undo(&averages).unwrap();
            let expected = raw(&format!("{name}-seed{seed}.raw.json"));
            // fastai and Lightning keep 32-bit floats: a rounding of 6e-8, fifty times over, of values that reach 50.
            assert_close(&back, &expected, 1e-3, name);
            let apart = averages
                .iter()
                .zip(&expected)
                .any(|(average, loss)| (average - loss).abs() > 0.1);
            assert!(apart, "{name} keeps averages");
        }
    }
}

#[test]
fn lists_that_several_programs_write_are_asked_about() {
    let bytes = bytes("torch-lr-finder-seed1.json");
    let error = read(&bytes, None).unwrap_err();
    assert!(
        error.contains("say `--format torch-lr-finder` or `--format lightning`"),
        "{error}"
    );
    let (_, curves) = read(&bytes, Some(ImportFormat::Json)).unwrap();
    assert_eq!(curves.len(), 1);
    let error = read(b"{\"lr\":1,\"loss\":2}", Some(ImportFormat::Fastai)).unwrap_err();
    assert!(error.starts_with("is no dump of fastai"), "{error}");
}

#[test]
fn event_files_of_both_kinds_hold_what_was_logged() {
    let by_hand: serde_json::Value = serde_json::from_slice(&bytes("by-hand.raw.json")).unwrap();
    let list = |value: &serde_json::Value| -> Vec<f64> { serde_json::from_value(value.clone()).unwrap() };
    for seed in ["1", "2"] {
        for name in ["tensorboardx", "tensorflow"] {
            let (format, curves) = read(&bytes(&format!("{name}-seed{seed}.tfevents")), None).unwrap();
            assert_eq!((format, curves.len()), (ImportFormat::TensorBoard, 1));
            let rates: Vec<f64> = curves[0].points.iter().map(|point| point.lr).collect();
            assert_close(&rates, &list(&by_hand["lr"]), 1e-7, name);
            assert_close(&losses(&curves[0]), &list(&by_hand["loss"][seed]), 1e-7, name);
        }
    }
}

#[test]
fn a_damaged_event_file_is_an_error_and_a_torn_one_is_not() {
    let whole = bytes("tensorboardx-seed1.tfevents");
    let (_, curves) = read(&whole[..whole.len() - 3], None).unwrap();
    assert_eq!(curves[0].points.len(), 49);
    for at in [20, 200, 2000] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        let error = read(&damaged, Some(ImportFormat::TensorBoard)).unwrap_err();
        assert!(error.contains("is damaged: the checksum of its"), "{at}: {error}");
    }
}

#[test]
fn metrics_of_lightning_s_csv_logger_stand_in_rows_of_their_own() {
    let (format, curves) = read(&bytes("lightning-metrics-seed1.csv"), None).unwrap();
    assert_eq!(
        (format, curves.len(), curves[0].points.len()),
        (ImportFormat::Csv, 1, 32)
    );
    assert_close(&[curves[0].points[1].lr], &[0.00012], 1e-15, "lr");
}

#[test]
fn an_export_of_weights_and_biases_has_a_curve_a_run() {
    let (format, curves) = read(&bytes("wandb.csv"), None).unwrap();
    assert_eq!((format, curves.len()), (ImportFormat::Wandb, 2));
    assert_eq!(losses(&curves[0]), [2.5, 2.25, 2.0]);
    assert!(losses(&curves[1])[2].is_nan());
}

/// Files of every format, good and bad.
fn seeds() -> Vec<Vec<u8>> {
    let folder = fixture("");
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.retain(|path| {
        path.extension()
            .is_some_and(|kind| ["csv", "json", "jsonl", "tfevents"].iter().any(|known| kind == *known))
    });
    names.sort();
    assert!(names.len() > 10);
    names.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// A short cell, two bytes of text, takes some ten times as much: its row, its text and what a step becomes.
fn most(length: usize) -> usize {
    100_000 + 60 * length
}

#[test]
fn whatever_a_file_holds_is_answered() {
    const WORDS: [&str; 12] = [
        "lr",
        "loss",
        "lrs",
        "losses",
        "seed",
        "config",
        "step",
        "log_history",
        "val_loss",
        "a - lr",
        "NaN",
        "-Infinity",
    ];
    let seeds = seeds();
    let formats = [
        None,
        Some(ImportFormat::Csv),
        Some(ImportFormat::Json),
        Some(ImportFormat::Wandb),
        Some(ImportFormat::TensorBoard),
    ];
    for format in formats {
        Fuzz::new(&seeds).words(&WORDS).cases(600).memory(most).run(|bytes| {
            if let Ok((format, curves)) = read(bytes, format) {
                for curve in &curves {
                    assert!(!curve.points.is_empty());
                    if let Some(averaging) = format.averaging(None) {
                        assert_eq!(averaging.undo(&losses(curve)).unwrap().len(), curve.points.len());
                    }
                }
            }
        });
    }
}

/// A record whose checksums fit, whatever it holds: damage that reaches the fields.
#[test]
fn records_that_fit_and_hold_anything_are_answered() {
    let seeds: Vec<Vec<u8>> = seeds()
        .into_iter()
        .filter(|bytes| super::tensorboard::is_record(bytes))
        .collect();
    let events: Vec<Vec<u8>> = seeds
        .iter()
        .flat_map(|bytes| super::tensorboard::contents(bytes))
        .take(40)
        .collect();
    Fuzz::new(&events).cases(3000).memory(most).run(|bytes| {
        let file = super::tensorboard::framed(bytes);
        read(&file, Some(ImportFormat::TensorBoard))
    });
}
