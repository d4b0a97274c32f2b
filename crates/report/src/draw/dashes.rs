//! Dashed lines.

use super::scene::Point;

/// Cuts a line into its dashes. SVG could do it, bitmaps could not, and plotters asks neither.
pub(crate) fn dashes(points: &[Point], dash: &[f64]) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    let mut index = 0;
    let mut left = dash[0];
    let mut piece: Vec<Point> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            let drawn = index % 2 == 0;
            if length <= left {
                left -= length;
                if drawn {
                    piece.push(to);
                }
                break;
            }
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            if drawn {
                piece.push(from);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![from];
            }
            index = (index + 1) % (dash.len() + dash.len() % 2);
            // A dash is never shorter than this, so the loop ends.
            left = dash[index % dash.len()].max(0.1);
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_into_dashes() {
        let pieces = dashes(&[(0.0, 0.0), (4.0, 0.0), (10.0, 0.0)], &[3.0, 2.0]);
        assert_eq!(pieces, [vec![(0.0, 0.0), (3.0, 0.0)], vec![(5.0, 0.0), (8.0, 0.0)]]);
        let around_a_corner = dashes(&[(0.0, 0.0), (2.0, 0.0), (2.0, 9.0)], &[3.0, 20.0]);
        assert_eq!(around_a_corner, [vec![(0.0, 0.0), (2.0, 0.0), (2.0, 1.0)]]);
        assert_eq!(dashes(&[], &[3.0, 2.0]), Vec::<Vec<Point>>::new());
    }
}
