//! Curves and bands inside a plot. Heights are shares of the plot's height: 0 is its lower edge, 1 its upper edge. A
//! height may be infinite or NaN (no value).

use super::scene::Point;

/// The visible pieces of a curve, cut where it crosses an edge.
///
/// A curve that becomes infinite leaves no value that could be interpolated; it is drawn to reach the upper edge within
/// that step.
pub(crate) fn line(xs: &[f64], heights: &[f64]) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for run in runs(xs, &[heights]) {
        let mut piece: Vec<Point> = Vec::new();
        for pair in cut(&run).windows(2) {
            let (from, to) = (&pair[0], &pair[1]);
            let (a, b) = (from.1[0], to.1[0]);
            if outside(a, b) {
                flush(&mut pieces, &mut piece);
                continue;
            }
            if piece.is_empty() {
                piece.push((from.0, a.clamp(0.0, 1.0)));
            }
            piece.push((to.0, b.clamp(0.0, 1.0)));
        }
        flush(&mut pieces, &mut piece);
    }
    pieces
}

/// The visible polygons between two curves: along the lower one to the right and back along the upper one.
///
/// Where both are above the plot, below it, or equal, there is none.
pub(crate) fn band(xs: &[f64], lower: &[f64], upper: &[f64]) -> Vec<Vec<Point>> {
    let mut polygons = Vec::new();
    for run in runs(xs, &[lower, upper]) {
        let (mut below, mut above): (Vec<Point>, Vec<Point>) = (Vec::new(), Vec::new());
        let mut close = |below: &mut Vec<Point>, above: &mut Vec<Point>| {
            if below.len() > 1 {
                polygons.push(below.drain(..).chain(above.drain(..).rev()).collect());
            }
            below.clear();
            above.clear();
        };
        for pair in cut(&run).windows(2) {
            let [(from, a), (to, b)] = [(pair[0].0, &pair[0].1), (pair[1].0, &pair[1].1)];
            let thin = |at: &[f64]| (at[1].clamp(0.0, 1.0) - at[0].clamp(0.0, 1.0)).abs() < 1e-9;
            if thin(a) && thin(b) {
                close(&mut below, &mut above);
                continue;
            }
            if below.is_empty() {
                below.push((from, a[0].clamp(0.0, 1.0)));
                above.push((from, a[1].clamp(0.0, 1.0)));
            }
            below.push((to, b[0].clamp(0.0, 1.0)));
            above.push((to, b[1].clamp(0.0, 1.0)));
        }
        close(&mut below, &mut above);
    }
    polygons
}

type Column = (f64, Vec<f64>);

/// Stretches in which every curve has a value.
fn runs(xs: &[f64], curves: &[&[f64]]) -> Vec<Vec<Column>> {
    let mut runs = vec![Vec::new()];
    for (index, &x) in xs.iter().enumerate() {
        let column: Option<Vec<f64>> = curves.iter().map(|curve| finite(curve, index)).collect();
        match column {
            Some(heights) if x.is_finite() => {
                if let Some(run) = runs.last_mut() {
                    run.push((x, heights));
                }
            }
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// A height to draw by: an infinite one is the upper edge, or beyond it where the curve was already rising that fast.
fn finite(curve: &[f64], index: usize) -> Option<f64> {
    let before = |steps: usize| index.checked_sub(steps).map_or(f64::NAN, |index| curve[index]);
    match *curve.get(index)? {
        f64::INFINITY => Some((2.0 * before(1) - before(2)).max(1.0))
            .filter(|height| height.is_finite())
            .or(Some(1.0)),
        f64::NEG_INFINITY => Some(0.0),
        height => (!height.is_nan()).then_some(height),
    }
}

/// The columns, with one more wherever a curve crosses an edge between two of them.
fn cut(run: &[Column]) -> Vec<Column> {
    let mut columns: Vec<Column> = run.first().cloned().into_iter().collect();
    for pair in run.windows(2) {
        let [(x0, from), (x1, to)] = [&pair[0], &pair[1]];
        let mut shares: Vec<f64> = from
            .iter()
            .zip(to)
            .flat_map(|(&a, &b)| [0.0, 1.0].map(|edge| (edge - a) / (b - a)))
            .filter(|&share| share > 0.0 && share < 1.0)
            .collect();
        shares.sort_by(f64::total_cmp);
        for share in shares {
            let heights = from.iter().zip(to).map(|(&a, &b)| snap(a + (b - a) * share)).collect();
            columns.push((x0 + (x1 - x0) * share, heights));
        }
        columns.push(pair[1].clone());
    }
    columns
}

/// A crossing lies on its edge in spite of rounding.
fn snap(height: f64) -> f64 {
    [0.0, 1.0]
        .into_iter()
        .find(|edge| (height - edge).abs() < 1e-12)
        .unwrap_or(height)
}

fn outside(a: f64, b: f64) -> bool {
    (a >= 1.0 && b >= 1.0) || (a <= 0.0 && b <= 0.0)
}

fn flush(pieces: &mut Vec<Vec<Point>>, piece: &mut Vec<Point>) {
    if piece.len() > 1 {
        pieces.push(std::mem::take(piece));
    }
    piece.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    const XS: [f64; 4] = [0.0, 1.0, 2.0, 3.0];

    #[test]
    fn lines() {
        for (heights, expected) in [
            (
                [0.5, 0.5, 0.5, 0.5],
                vec![vec![(0.0, 0.5), (1.0, 0.5), (2.0, 0.5), (3.0, 0.5)]],
            ),
            // Leaves through the upper edge half-way and comes back.
            (
                [0.5, 1.5, 0.5, 0.5],
                vec![vec![(0.0, 0.5), (0.5, 1.0)], vec![(1.5, 1.0), (2.0, 0.5), (3.0, 0.5)]],
            ),
            ([0.5, -0.5, -0.5, -0.5], vec![vec![(0.0, 0.5), (0.5, 0.0)]]),
            ([0.5, 0.5, INF, INF], vec![vec![(0.0, 0.5), (1.0, 0.5), (2.0, 1.0)]]),
            // Already rising by 0.4 a step, it gets there after a quarter of the next.
            ([0.5, 0.9, INF, INF], vec![vec![(0.0, 0.5), (1.0, 0.9), (1.25, 1.0)]]),
            ([0.5, 0.5, NAN, 0.5], vec![vec![(0.0, 0.5), (1.0, 0.5)]]),
            ([2.0, 3.0, INF, 2.0], vec![]),
            ([NAN, NAN, NAN, NAN], vec![]),
            // From above to below the plot in one step: only the part inside.
            ([-1.0, 2.0, 2.0, 2.0], vec![vec![(1.0 / 3.0, 0.0), (2.0 / 3.0, 1.0)]]),
        ] {
            assert_eq!(line(&XS, &heights), expected, "{heights:?}");
        }
    }

    #[test]
    fn bands() {
        type Case = ([f64; 4], [f64; 4], Vec<Vec<Point>>);
        let cases: [Case; 8] = [
            (
                [0.2; 4],
                [0.4; 4],
                vec![vec![
                    (0.0, 0.2),
                    (1.0, 0.2),
                    (2.0, 0.2),
                    (3.0, 0.2),
                    (3.0, 0.4),
                    (2.0, 0.4),
                    (1.0, 0.4),
                    (0.0, 0.4),
                ]],
            ),
            // The upper curve is cut where it crosses the edge and the band goes on along the edge.
            (
                [0.5, 0.5, 0.5, 0.5],
                [0.5, 1.5, 1.5, 1.5],
                vec![vec![
                    (0.0, 0.5),
                    (0.5, 0.5),
                    (1.0, 0.5),
                    (2.0, 0.5),
                    (3.0, 0.5),
                    (3.0, 1.0),
                    (2.0, 1.0),
                    (1.0, 1.0),
                    (0.5, 1.0),
                    (0.0, 0.5),
                ]],
            ),
            // Both infinite: the band closes at the upper edge and nothing follows.
            (
                [0.2, 0.2, INF, INF],
                [0.4, INF, INF, INF],
                vec![vec![
                    (0.0, 0.2),
                    (1.0, 0.2),
                    (2.0, 1.0),
                    (2.0, 1.0),
                    (1.0, 1.0),
                    (0.0, 0.4),
                ]],
            ),
            // Out through the top and back: two polygons.
            (
                [0.5, 2.0, 2.0, 0.5],
                [0.5, 3.0, 3.0, 0.5],
                vec![
                    vec![
                        (0.0, 0.5),
                        (0.2, 0.8),
                        (1.0 / 3.0, 1.0),
                        (1.0 / 3.0, 1.0),
                        (0.2, 1.0),
                        (0.0, 0.5),
                    ],
                    vec![
                        (2.0 + 2.0 / 3.0, 1.0),
                        (2.8, 0.8),
                        (3.0, 0.5),
                        (3.0, 0.5),
                        (2.8, 1.0),
                        (2.0 + 2.0 / 3.0, 1.0),
                    ],
                ],
            ),
            (
                [0.2, NAN, 0.2, 0.2],
                [0.4; 4],
                vec![vec![(2.0, 0.2), (3.0, 0.2), (3.0, 0.4), (2.0, 0.4)]],
            ),
            ([0.3; 4], [0.3; 4], vec![]),
            ([2.0; 4], [INF; 4], vec![]),
            ([-2.0; 4], [-1.0; 4], vec![]),
        ];
        for (lower, upper, expected) in cases {
            let polygons = band(&XS, &lower, &upper);
            assert_eq!(polygons.len(), expected.len(), "{lower:?} {upper:?}: {polygons:?}");
            for (polygon, expected) in polygons.iter().zip(&expected) {
                assert_eq!(polygon.len(), expected.len(), "{polygon:?}");
                for (found, wanted) in polygon.iter().zip(expected) {
                    // Crossings are found by one division and one multiplication.
                    assert!(
                        (found.0 - wanted.0).hypot(found.1 - wanted.1) < 1e-12,
                        "{polygon:?} {expected:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn lists_of_unequal_length_are_cut_to_the_shortest() {
        assert_eq!(line(&XS, &[0.5, 0.5]), [vec![(0.0, 0.5), (1.0, 0.5)]]);
        assert!(line(&[], &[0.5]).is_empty());
        assert!(band(&XS, &[0.5], &[]).is_empty());
    }
}
