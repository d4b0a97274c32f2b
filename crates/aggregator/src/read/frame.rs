//! All curves of a study in tidy tables, one row for each trained step.

use super::{ConfigCurves, ReadCurve, TrainedSeed, TrainingCurve, TrainingCurves};
use polars::prelude::{
    ChunkTake, ChunkedBuilder, Column, DataFrame, Float64Chunked, Float64Type, IntoColumn, NamedFrom, PolarsResult,
    PrimitiveChunkedBuilder, StringChunked, StringChunkedBuilder, UInt32Chunked, UInt64Chunked,
};
use polars::series::IsSorted;
use seedband_core::files::curve::Step;

/// State of a step that counts.
const KEPT: &str = "kept";
/// State of the step that counts last, since its loss fired the stop rule.
const STOP: &str = "stop";
/// State of a step that was trained but does not count.
pub(crate) const AFTER_STOP: &str = "after-stop";

/// The steps of range tests, by config, then in the order of its trials, then by step:
///
/// | column | type | |
/// |---|---|---|
/// | `trial` | u32 | counts the trials that have a curve, ascending |
/// | `config` | u32 | place of the config in the study |
/// | `seed` | u64 | |
/// | `step` | u32 | from 0 |
/// | `lr` | f64 | what the step is filed under |
/// | `loss` | f64 | as recorded |
/// | `smoothed` | f64 or null | also after the stop, where the smoothing does not look ahead |
/// | `validation_loss`, `validation_accuracy` | f64 or null | where it was measured |
/// | `state` | string | [`KEPT`], [`STOP`] or [`AFTER_STOP`] |
pub(crate) fn curve_frame(configs: &[ConfigCurves]) -> PolarsResult<DataFrame> {
    let read = configs.iter().flat_map(ConfigCurves::read);
    let rows = read.map(|(_, read)| read.curve.steps.len()).sum();
    let (mut trial, mut config) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    let mut seed = Vec::with_capacity(rows);
    let mut steps = StepColumns::with_capacity(rows);
    let mut state = StringChunkedBuilder::new("state".into(), rows);
    let mut trials = 0_u32..;
    for (curves, place) in configs.iter().zip(0_u32..) {
        for ((of, read), count) in curves.read().zip(&mut trials) {
            for ((step, lr), number) in read.curve.steps.iter().zip(&curves.lrs).zip(0..) {
                trial.push(count);
                config.push(place);
                seed.push(of.seed);
                steps.push(step, *lr, read.reading.smoothed.get(number));
                state.append_value(state_at(read, number));
            }
        }
    }
    let mut trial = UInt32Chunked::from_vec("trial".into(), trial);
    // So that grouping by trial hashes nothing.
    trial.set_sorted_flag(IsSorted::Ascending);
    let mut columns = vec![
        trial.into_column(),
        UInt32Chunked::from_vec("config".into(), config).into_column(),
        UInt64Chunked::from_vec("seed".into(), seed).into_column(),
    ];
    columns.extend(steps.finish());
    columns.push(state.finish().into_column());
    DataFrame::new_infer_height(columns)
}

fn state_at(read: &ReadCurve, step: usize) -> &'static str {
    // The history of a smoothing that looks ahead may end at a blow-up, before the step that fired the stop rule.
    if step >= read.reading.kept {
        AFTER_STOP
    } else if read.reading.stop_step == Some(step) {
        STOP
    } else {
        KEPT
    }
}

/// The steps of trainings in the same order. The columns are those of [`curve_frame`], but that `lr` is what the
/// optimizer used, and that `training`, its name, stands in place of `trial` and `state`.
pub(crate) fn training_frame(curves: &TrainingCurves) -> PolarsResult<DataFrame> {
    let configs = curves.configs.iter().zip(0_u32..);
    let trained = configs.flat_map(|(seeds, config)| {
        let trained = move |seed| Some((config, seed, TrainedSeed::curve(seed)?));
        seeds.iter().filter_map(trained).collect::<Vec<_>>()
    });
    let trained: Vec<(u32, &TrainedSeed, &TrainingCurve)> = trained.collect();
    let rows = trained.iter().map(|(.., read)| read.curve.steps.len()).sum();
    let (mut config, mut seed) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    let mut place = Vec::with_capacity(rows);
    let mut steps = StepColumns::with_capacity(rows);
    for ((of_config, of, read), number) in trained.iter().zip(0_u32..) {
        for (step, smoothed) in read.curve.steps.iter().zip(&read.smoothed) {
            config.push(*of_config);
            seed.push(of.seed);
            place.push(number);
            steps.push(step, step.lr, Some(smoothed));
        }
    }
    let names: Vec<&str> = trained.iter().map(|(_, seed, _)| seed.training.as_str()).collect();
    let names = StringChunked::new("training".into(), names);
    let mut columns = vec![
        UInt32Chunked::from_vec("config".into(), config).into_column(),
        names
            .take(&UInt32Chunked::from_vec("place".into(), place))?
            .into_column(),
        UInt64Chunked::from_vec("seed".into(), seed).into_column(),
    ];
    columns.extend(steps.finish());
    DataFrame::new_infer_height(columns)
}

/// The columns that are known of each step, as far as they are filled.
struct StepColumns {
    step: Vec<u32>,
    lr: Vec<f64>,
    loss: Vec<f64>,
    smoothed: PrimitiveChunkedBuilder<Float64Type>,
    validation_loss: PrimitiveChunkedBuilder<Float64Type>,
    validation_accuracy: PrimitiveChunkedBuilder<Float64Type>,
}

impl StepColumns {
    fn with_capacity(rows: usize) -> Self {
        let floats = |name: &str| PrimitiveChunkedBuilder::new(name.into(), rows);
        Self {
            step: Vec::with_capacity(rows),
            lr: Vec::with_capacity(rows),
            loss: Vec::with_capacity(rows),
            smoothed: floats("smoothed"),
            validation_loss: floats("validation_loss"),
            validation_accuracy: floats("validation_accuracy"),
        }
    }

    fn push(&mut self, step: &Step, lr: f64, smoothed: Option<&f64>) {
        self.step.push(step.step);
        self.lr.push(lr);
        self.loss.push(step.loss);
        self.smoothed.append_option(smoothed.copied());
        let validation = step.validation;
        self.validation_loss.append_option(validation.map(|found| found.loss));
        self.validation_accuracy
            .append_option(validation.and_then(|found| found.accuracy));
    }

    fn finish(self) -> [Column; 6] {
        [
            UInt32Chunked::from_vec("step".into(), self.step).into_column(),
            Float64Chunked::from_vec("lr".into(), self.lr).into_column(),
            Float64Chunked::from_vec("loss".into(), self.loss).into_column(),
            self.smoothed.finish().into_column(),
            self.validation_loss.finish().into_column(),
            self.validation_accuracy.finish().into_column(),
        ]
    }
}
