//! Lines with no more points than can be seen.

use super::scene::Point;

/// Farthest that a dropped point may lie from the line drawn, in logical pixels.
const TOLERANCE: f64 = 0.08;

/// The line without points that make no visible difference: Ramer (1972), Douglas and Peucker (1973). Curves of
/// thousands of steps stay small files.
pub(crate) fn simplify(points: &[Point]) -> Vec<Point> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    let last = points.len() - 1;
    (keep[0], keep[last]) = (true, true);
    // A stack instead of recursion: a curve may be long and the worst case is one level a point.
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let farthest = (from + 1..to)
            .map(|index| (index, distance(points[index], points[from], points[to])))
            .fold(
                (from, TOLERANCE),
                |best, candidate| if candidate.1 > best.1 { candidate } else { best },
            );
        if farthest.0 != from {
            keep[farthest.0] = true;
            open.push((from, farthest.0));
            open.push((farthest.0, to));
        }
    }
    points
        .iter()
        .zip(keep)
        .filter_map(|(&point, kept)| kept.then_some(point))
        .collect()
}

/// Distance of a point from the segment between two others.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (px, py) = (point.0 - from.0, point.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 {
        ((px * dx + py * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (px - along * dx).hypot(py - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_can_be_seen() {
        let straight: Vec<Point> = (0..1000).map(|x| (f64::from(x), 2.0 * f64::from(x))).collect();
        assert_eq!(simplify(&straight), [straight[0], straight[999]]);
        let corner = [(0.0, 0.0), (5.0, 0.01), (10.0, 0.0), (10.0, 7.0)];
        assert_eq!(simplify(&corner), [corner[0], corner[2], corner[3]]);
        let back_and_forth = [(0.0, 0.0), (9.0, 0.0), (0.0, 0.0)];
        assert_eq!(simplify(&back_and_forth), back_and_forth);
        assert_eq!(simplify(&corner[..1]), corner[..1]);
    }
}
