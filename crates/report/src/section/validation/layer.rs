//! The three losses of the figure.

use crate::draw::color::Color;
use crate::draw::theme::{CURVE, VALIDATION};
use crate::section::data::ConfigData;
use seedband_core::summary::{Band, Quantiles, ValidationSummary};

/// One loss in its plot.
pub(crate) struct Layer<'a> {
    pub(crate) name: &'static str,
    /// How far it jumps beside the smoothed loss.
    pub(crate) jumps: Option<Quantiles>,
    pub(crate) lrs: &'a [f64],
    pub(crate) band: &'a Band,
    pub(crate) seeds: Vec<&'a [f64]>,
    pub(crate) color: Color,
}

/// Raw, validation and smoothed loss; `measured` are the rates of the steps after which there was a validation.
pub(crate) fn layers<'a>(
    data: &ConfigData<'a>,
    validation: &'a ValidationSummary,
    measured: &'a [f64],
) -> [Layer<'a>; 3] {
    let config = data.config;
    let jitter = validation.jitter.as_ref();
    [
        Layer {
            name: "training loss of each batch",
            jumps: jitter.map(|jitter| jitter.raw),
            lrs: &config.lrs,
            band: &config.raw,
            seeds: validation.seeds.iter().map(|seed| &seed.raw[..]).collect(),
            color: CURVE,
        },
        Layer {
            name: "validation loss",
            jumps: jitter.map(|jitter| jitter.validation),
            lrs: measured,
            band: &validation.loss,
            seeds: validation.seeds.iter().map(|seed| &seed.validation[..]).collect(),
            color: VALIDATION,
        },
        Layer {
            name: "smoothed training loss",
            jumps: None,
            lrs: &config.lrs,
            band: &config.smoothed,
            seeds: data.smoothed().map(|(_, curve)| curve).collect(),
            color: CURVE,
        },
    ]
}
