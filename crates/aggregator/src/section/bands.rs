//! The loss at each planned step, over seeds.

use crate::read::AFTER_STOP;
use crate::stats::{BandRows, Extent, bands};
use polars::prelude::{ChunkCompareEq, DataFrame, PolarsResult};
use seedband_core::settings::Statistics;
use seedband_core::summary::ConfigSummary;

/// Fills in the bands of the raw and the smoothed loss. `curves` is one row a trained step, `kept` those of them that
/// count.
pub(crate) fn add_bands(
    configs: &mut [ConfigSummary],
    curves: &DataFrame,
    kept: &DataFrame,
    statistics: &Statistics,
) -> PolarsResult<()> {
    let extents: Vec<Extent> = configs.iter().map(extent).collect();
    let of = |frame, value| {
        let rows = BandRows {
            frame,
            band: "config",
            curve: "trial",
            point: "step",
            value,
        };
        bands(rows, &extents, statistics)
    };
    let bands = of(curves, "loss")?.into_iter().zip(of(kept, "smoothed")?);
    for (config, (raw, smoothed)) in configs.iter_mut().zip(bands) {
        (config.raw, config.smoothed) = (raw, smoothed);
    }
    Ok(())
}

/// The band of a config has one point for each planned step.
fn extent(config: &ConfigSummary) -> Extent {
    Extent {
        curves: config.seeds.len(),
        points: config.lrs.len(),
    }
}

/// The rows of `curves` that count, up to and including the step that fired the stop rule.
pub(crate) fn kept_steps(curves: &DataFrame) -> PolarsResult<DataFrame> {
    let counts = curves.column("state")?.str()?.not_equal(AFTER_STOP);
    curves
        .select(["trial", "config", "seed", "step", "smoothed"])?
        .filter(&counts)
}
