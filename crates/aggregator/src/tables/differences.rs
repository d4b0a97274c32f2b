//! How every two configs differ, seed by seed.

use super::table::Table;
use seedband_core::summary::{PairedDifference, Summary};

struct Row<'a> {
    first: &'a str,
    second: &'a str,
    rate: &'static str,
    found: PairedDifference,
}

/// The table `differences`.
pub(super) fn table(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for pair in &summary.differences {
        let rates = [("min_lr", pair.min_lr), ("max_lr", pair.max_lr)];
        rows.extend(rates.into_iter().filter_map(|(rate, found)| {
            Some(Row {
                first: &pair.first,
                second: &pair.second,
                rate,
                found: found?,
            })
        }));
    }
    Table::new("differences", "one rate of two configs, over the seeds that both have")
        .rows(&rows)
        .column("first", "name of one config", |row| Some(row.first))
        .column("second", "name of the other", |row| Some(row.second))
        .column(
            "end",
            "which rate of the learning rate range: `min_lr` or `max_lr`",
            |row| Some(row.rate),
        )
        .column("n", "seeds that have this rate in both configs", |row| {
            Some(row.found.n)
        })
        .unit("seeds")
        .column(
            "bounds",
            "of these, seeds whose rate the schedule cut off in either",
            |row| Some(row.found.bounds),
        )
        .unit("seeds")
        .column("median", "median over the seeds of log10(first / second)", |row| {
            Some(row.found.median)
        })
        .unit("decades")
        .column(
            "interval_lower",
            "lower limit of the median by order statistics, if there are enough seeds",
            |row| row.found.interval.map(|interval| interval.lower),
        )
        .unit("decades")
        .column("interval_upper", "upper limit of the median", |row| {
            row.found.interval.map(|interval| interval.upper)
        })
        .unit("decades")
        .column("interval_confidence", "exact confidence of the two limits", |row| {
            row.found.interval.map(|interval| interval.confidence)
        })
        .column(
            "p",
            "probability of so uneven a split of seeds with a larger and with a smaller rate where neither is likelier \
             (exact sign test, corrected by Holm for all pairs of configs)",
            |row| Some(row.found.p),
        )
        .done()
}
