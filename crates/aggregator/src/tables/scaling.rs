//! Suggested learning rates as powers of the batch size.

use super::table::Table;
use seedband_core::summary::{Interval, LocalSlope, Scaling, ScalingSummary, Summary};

struct Row<'a> {
    sweep: u32,
    of: &'a ScalingSummary,
    rate: &'static str,
    scaling: &'a Scaling,
}

impl Row<'_> {
    fn interval(&self) -> Option<Interval> {
        self.scaling.exponent?.interval
    }
}

/// The table `scaling`.
pub(super) fn table(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for (sweep, of) in (0..).zip(&summary.scalings) {
        rows.extend(
            [("min_lr", &of.min_lr), ("max_lr", &of.max_lr)].map(|(rate, scaling)| Row {
                sweep,
                of,
                rate,
                scaling,
            }),
        );
    }
    let table = Table::new("scaling", "one rate of one sweep over batch size, over seeds")
        .rows(&rows)
        .column(
            "sweep",
            "configs of one sweep differ only in their batch size, and at most in their steps; counted from 0",
            |row| Some(row.sweep),
        )
        .column("config", "name of its config of the least batch size", |row| {
            row.of.configs.first().map(String::as_str)
        })
        .column("least_batch_size", "least batch size", |row| {
            row.of.batch_sizes.first().copied()
        })
        .unit("images")
        .column("largest_batch_size", "largest batch size", |row| {
            row.of.batch_sizes.last().copied()
        })
        .unit("images")
        .column("sizes", "how many batch sizes there are", |row| {
            Some(row.of.batch_sizes.len() as u32)
        })
        .column(
            "steps_differ",
            "whether the number of steps differs between them",
            |row| Some(row.of.steps_differ),
        )
        .column(
            "end",
            "which rate of the learning rate range: `min_lr` or `max_lr`",
            |row| Some(row.rate),
        );
    table
        .column(
            "n",
            "seeds with this rate measured at every size: no reversed range, not cut off by the schedule",
            |row| Some(row.scaling.n),
        )
        .unit("seeds")
        .column(
            "reversed",
            "seeds left out since their range is reversed at a size",
            |row| Some(row.scaling.reversed),
        )
        .unit("seeds")
        .column(
            "bounds",
            "further seeds left out since the schedule cut this rate off at a size",
            |row| Some(row.scaling.bounds),
        )
        .unit("seeds")
        .column(
            "exponent",
            "median over the seeds of the slope of log LR on log batch size by least squares",
            |row| row.scaling.exponent.map(|exponent| exponent.median),
        )
        .column("lower", "lower quantile of the seeds' slopes", |row| {
            row.scaling.exponent.map(|exponent| exponent.lower)
        })
        .column("upper", "upper quantile of the seeds' slopes", |row| {
            row.scaling.exponent.map(|exponent| exponent.upper)
        })
        .column(
            "interval_lower",
            "lower limit of the median slope by order statistics, if there are enough seeds",
            |row| row.interval().map(|interval| interval.lower),
        )
        .column("interval_upper", "upper limit of the median slope", |row| {
            row.interval().map(|interval| interval.upper)
        })
        .column("interval_confidence", "exact confidence of the two limits", |row| {
            row.interval().map(|interval| interval.confidence)
        })
        .column(
            "is_straight",
            "whether one power fits all sizes, as far as these seeds can tell; absent where they are too few to tell",
            |row| row.scaling.is_straight,
        )
        .done()
}

/// One rate of one sweep, with its number and name.
fn rates(summary: &Summary) -> impl Iterator<Item = (u32, &ScalingSummary, &'static str, &Scaling)> {
    let sweeps = (0..).zip(&summary.scalings);
    sweeps.flat_map(|(sweep, of)| [(sweep, of, "min_lr", &of.min_lr), (sweep, of, "max_lr", &of.max_lr)])
}

const SWEEP: &str = "number of the sweep in `scaling`";
const END: &str = "which rate of the learning rate range: `min_lr` or `max_lr`";

/// The table `local_slopes`.
pub(super) fn local_slopes(summary: &Summary) -> Table {
    let slopes = |(sweep, _, rate, scaling): (u32, _, &'static str, &'_ Scaling)| {
        let n = scaling.n;
        let local = scaling.local.clone();
        local.into_iter().map(move |slope| (sweep, rate, n, slope))
    };
    let rows: Vec<(u32, &str, u32, LocalSlope)> = rates(summary).flat_map(slopes).collect();
    Table::new(
        "local_slopes",
        "one rate between two neighbouring batch sizes of one sweep, over seeds",
    )
    .rows(&rows)
    .column("sweep", SWEEP, |row| Some(row.0))
    .column("end", END, |row| Some(row.1))
    .column("from", "the smaller batch size", |row| Some(row.3.from))
    .unit("images")
    .column("to", "the larger batch size", |row| Some(row.3.to))
    .unit("images")
    .column("n", "seeds, as in `scaling`", |row| Some(row.2))
    .unit("seeds")
    .column(
        "slope",
        "median over the seeds of the slope of log LR on log batch size between these two sizes",
        |row| Some(row.3.median),
    )
    .column(
        "interval_lower",
        "lower limit of the median by order statistics, if there are enough seeds",
        |row| row.3.interval.map(|interval| interval.lower),
    )
    .column("interval_upper", "upper limit of the median", |row| {
        row.3.interval.map(|interval| interval.upper)
    })
    .column("interval_confidence", "exact confidence of the two limits", |row| {
        row.3.interval.map(|interval| interval.confidence)
    })
    .column(
        "p",
        "probability of so many seeds whose slope here lies on one side of that of their own line, where neither side \
             is likelier (sign test, corrected by Holm for all pairs of sizes)",
        |row| Some(row.3.p),
    )
    .done()
}

/// The table `seed_slopes`.
pub(super) fn seed_slopes(summary: &Summary) -> Table {
    type Row<'a> = (u32, &'a str, u64, f64, [u32; 2], f64);
    let mut rows: Vec<Row> = Vec::new();
    for (sweep, of, rate, scaling) in rates(summary) {
        for seed in &scaling.seeds {
            let sizes = of.batch_sizes.windows(2).map(|sizes| [sizes[0], sizes[1]]);
            let locals = sizes.zip(&seed.local);
            rows.extend(locals.map(|(sizes, local)| (sweep, rate, seed.seed, seed.slope, sizes, *local)));
        }
    }
    Table::new(
        "seed_slopes",
        "one rate of one seed between two neighbouring batch sizes of one sweep",
    )
    .rows(&rows)
    .column("sweep", SWEEP, |row| Some(row.0))
    .column("end", END, |row| Some(row.1))
    .column(
        "seed",
        "seed; the same seed has the same random streams at every size",
        |row| row.2,
    )
    .column("from", "the smaller batch size", |row| Some(row.4[0]))
    .unit("images")
    .column("to", "the larger batch size", |row| Some(row.4[1]))
    .unit("images")
    .column(
        "slope",
        "slope of log LR on log batch size between these two sizes",
        |row| Some(row.5),
    )
    .column(
        "line",
        "slope of the seed's line over all sizes, by least squares",
        |row| Some(row.3),
    )
    .done()
}
