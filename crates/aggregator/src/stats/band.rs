//! Curves of unequal length on the points of a grid, and their quantiles at each point.

use super::groups::Groups;
use super::quantile::{Sample, Scale};
use polars::prelude::{Column, DataFrame, IntoColumn, PolarsResult, UInt32Chunked, df};
use rayon::prelude::*;
use seedband_core::settings::{EarlyEnd, Statistics};
use seedband_core::summary::Band;

/// Curves over seeds, one row for each curve and point, of several bands at once. Names of columns:
#[derive(Clone, Copy)]
pub(crate) struct BandRows<'a> {
    pub(crate) frame: &'a DataFrame,
    /// Of type u32: which band a row belongs to.
    pub(crate) band: &'a str,
    /// Of type u32: which curve. A curve belongs to one band.
    pub(crate) curve: &'a str,
    /// Of type u32: the point of the grid. A curve has points 0, 1, 2, … without a gap.
    pub(crate) point: &'a str,
    /// Of type f64 without nulls.
    pub(crate) value: &'a str,
}

impl<'a> BandRows<'a> {
    /// The rows of a frame that [`band_frame`] has made.
    pub(crate) fn of(frame: &'a DataFrame) -> Self {
        Self {
            frame,
            band: "band",
            curve: "curve",
            point: "point",
            value: "value",
        }
    }
}

/// One row for each point of these curves, of each of which the number of its band and its values are given.
pub(crate) fn band_frame<V: AsRef<[f64]>>(curves: impl Iterator<Item = (u32, V)>) -> PolarsResult<DataFrame> {
    let (mut band, mut curve, mut point, mut value) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for ((of, values), number) in curves.zip(0_u32..) {
        let values = values.as_ref();
        band.extend(std::iter::repeat_n(of, values.len()));
        curve.extend(std::iter::repeat_n(number, values.len()));
        point.extend(0..values.len() as u32);
        value.extend_from_slice(values);
    }
    df!("band" => band, "curve" => curve, "point" => point, "value" => value)
}

/// What a band spans.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Curves, those without a point among them.
    pub(crate) curves: usize,
    /// Points of the grid.
    pub(crate) points: usize,
}

/// The quantiles over curves at each point, in raw space, of each band; `extents` by the number of the band. Without a
/// curve all lists are empty.
///
/// At a point that it does not reach a curve counts as `statistics.early_end` says. `diverged-is-infinite`: as
/// infinity, and so does each of its values that is not finite. `pad-last`: as its last value, even if that is infinite
/// or NaN, as the reference study pads its histories.
pub(crate) fn bands(rows: BandRows, extents: &[Extent], statistics: &Statistics) -> PolarsResult<Vec<Band>> {
    let ends = ends(rows, extents)?;
    let cells = cells(rows, extents)?;
    let groups = Groups::by(rows.frame, cells.column)?;
    let values = groups.floats(rows.value)?;
    let mut group_of_cell = vec![None; cells.count];
    for (group, cell) in groups.key(0)?.u32()?.iter().flatten().enumerate() {
        if let Some(found) = group_of_cell.get_mut(cell as usize) {
            *found = Some(group);
        }
    }
    let mut rest = &group_of_cell[..];
    let of_band = |(extent, ends): (&Extent, &Ends)| {
        let points = rest.split_off(..extent.points).unwrap_or_default();
        let points = if extent.curves == 0 { &[] } else { points };
        let at = |(point, group): (usize, &Option<usize>)| {
            let present = group.map(|group| values.of(group)).unwrap_or_default();
            sample(present, ends.before(point), statistics.early_end)
        };
        band(extent, points.par_iter().enumerate().map(at), ends, statistics)
    };
    Ok(extents.iter().zip(&ends).map(of_band).collect())
}

/// The points of all bands, one after another.
struct Cells {
    /// Which of them a row belongs to; [`u32::MAX`] for one that is on no grid.
    column: Column,
    count: usize,
}

fn cells(rows: BandRows, extents: &[Extent]) -> PolarsResult<Cells> {
    let mut count = 0;
    let mut starts = Vec::with_capacity(extents.len());
    for extent in extents {
        starts.push((count, extent.points));
        count += extent.points;
    }
    let (bands, points) = (
        rows.frame.column(rows.band)?.u32()?,
        rows.frame.column(rows.point)?.u32()?,
    );
    let cell = |(band, point): (Option<u32>, Option<u32>)| {
        let (start, length) = starts.get(band? as usize)?;
        let point = point? as usize;
        (point < *length).then_some((start + point) as u32)
    };
    let cells = bands.iter().zip(points.iter()).map(|row| cell(row).unwrap_or(u32::MAX));
    Ok(Cells {
        column: UInt32Chunked::from_vec("cell".into(), cells.collect()).into_column(),
        count,
    })
}

/// The values of one point: those of curves that reach it, and what the others count as.
fn sample(mut values: Vec<f64>, ended: &[End], early_end: EarlyEnd) -> Sample {
    match early_end {
        EarlyEnd::DivergedIsInfinite => {
            for value in values.iter_mut().filter(|value| !value.is_finite()) {
                *value = f64::INFINITY;
            }
            values.resize(values.len() + ended.len(), f64::INFINITY);
        }
        EarlyEnd::PadLast => values.extend(ended.iter().map(|end| end.last)),
    }
    Sample::new(values)
}

/// The band of these samples, one a point.
fn band(
    extent: &Extent,
    samples: impl IndexedParallelIterator<Item = Sample>,
    ends: &Ends,
    statistics: &Statistics,
) -> Band {
    let quantiles = |sample: Sample| {
        let [lower, upper] = statistics.quantiles.map(|q| sample.quantile(q, Scale::Raw));
        (sample.median(Scale::Raw), (lower, upper))
    };
    let (median, (lower, upper)): (Vec<f64>, (Vec<f64>, Vec<f64>)) = samples.map(quantiles).unzip();
    Band {
        n: extent.curves as u32,
        ended: (0..median.len()).map(|point| ends.before(point).len() as u32).collect(),
        median,
        lower,
        upper,
    }
}

/// Where the curves of a band end, the shortest first.
struct Ends(Vec<End>);

/// The end of a curve.
#[derive(Debug, Clone, Copy)]
struct End {
    /// Its points.
    length: usize,
    /// Its last value; NaN without a point.
    last: f64,
}

impl Ends {
    /// The curves that have ended before a point.
    fn before(&self, point: usize) -> &[End] {
        &self.0[..self.0.partition_point(|end| end.length <= point)]
    }
}

/// The ends of the curves of each band.
fn ends(rows: BandRows, extents: &[Extent]) -> PolarsResult<Vec<Ends>> {
    let groups = Groups::new(rows.frame, [rows.curve])?;
    let bands = rows.frame.column(rows.band)?.u32()?;
    let points = rows.frame.column(rows.point)?.u32()?;
    let values = rows.frame.column(rows.value)?.f64()?;
    let mut ends: Vec<Vec<End>> = vec![Vec::new(); extents.len()];
    for group in 0..groups.len() {
        let last = groups.rows(group).max_by_key(|row| points.get(*row));
        let last = last.and_then(|row| Some((bands.get(row)?, points.get(row)?, values.get(row)?)));
        let Some((band, point, last)) = last else { continue };
        if let Some(ends) = ends.get_mut(band as usize) {
            let length = point as usize + 1;
            ends.push(End { length, last });
        }
    }
    let whole = ends.into_iter().zip(extents).map(|(mut ends, extent)| {
        let without = extent.curves.saturating_sub(ends.len());
        ends.extend(std::iter::repeat_n(
            End {
                length: 0,
                last: f64::NAN,
            },
            without,
        ));
        ends.sort_by_key(|end| end.length);
        Ends(ends)
    });
    Ok(whole.collect())
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "values are meant to be exact")]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;
    const INF: f64 = f64::INFINITY;

    /// The band of these curves on a grid of so many points.
    fn of(curves: &[&[f64]], points: usize, statistics: &Statistics) -> Band {
        let frame = band_frame(curves.iter().map(|curve| (0, curve))).unwrap();
        let extent = Extent {
            curves: curves.len(),
            points,
        };
        bands(BandRows::of(&frame), &[extent], statistics).unwrap().remove(0)
    }

    /// What one curve counts as at four points.
    fn values(curve: &[f64], early_end: EarlyEnd) -> Vec<f64> {
        let statistics = Statistics {
            early_end,
            ..Statistics::default()
        };
        of(&[curve], 4, &statistics).median
    }

    #[test]
    fn after_its_end_a_curve_is_infinite() {
        let infinite = EarlyEnd::DivergedIsInfinite;
        assert_eq!(values(&[2.0, 1.0, 3.0, 4.0], infinite), [2.0, 1.0, 3.0, 4.0]);
        assert_eq!(values(&[2.0, 1.0], infinite), [2.0, 1.0, INF, INF]);
        assert_eq!(values(&[2.0, NAN], infinite), [2.0, INF, INF, INF]);
        assert_eq!(values(&[2.0, -INF], infinite), [2.0, INF, INF, INF]);
        assert_eq!(values(&[], infinite), [INF; 4]);
    }

    #[test]
    fn or_stays_at_its_last_value() {
        assert_eq!(values(&[2.0, 1.0], EarlyEnd::PadLast), [2.0, 1.0, 1.0, 1.0]);
        assert_eq!(values(&[2.0, INF], EarlyEnd::PadLast), [2.0, INF, INF, INF]);
        let padded = values(&[2.0, NAN], EarlyEnd::PadLast);
        assert!(padded[0] == 2.0 && padded[1..].iter().all(|loss| loss.is_nan()));
        assert!(values(&[], EarlyEnd::PadLast).iter().all(|loss| loss.is_nan()));
    }

    #[test]
    fn a_band_by_hand() {
        let statistics = Statistics {
            quantiles: [0.25, 0.75],
            ..Statistics::default()
        };
        let band = of(&[&[1.0, 10.0, 9.0], &[2.0, 30.0], &[5.0]], 3, &statistics);
        assert_eq!((band.n, &band.ended[..]), (3, &[0, 1, 2][..]));
        // Of three values the quantiles 1/4 and 3/4 lie halfway between neighbours.
        assert_eq!(band.lower, [1.5, 20.0, INF]);
        assert_eq!(band.median, [2.0, 30.0, INF]);
        assert_eq!(band.upper, [3.5, INF, INF]);
    }

    #[test]
    fn no_curve_makes_an_empty_band() {
        let band = of(&[], 3, &Statistics::default());
        assert_eq!((band.n, band.ended.len(), band.median.len()), (0, 0, 0));
    }
}
