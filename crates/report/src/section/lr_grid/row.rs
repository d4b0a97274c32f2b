//! One way to choose a learning rate: where its suggestions lie on the grid, and its regret.

use super::words::{is_for_most, note};
use crate::draw::axis::Axis;
use crate::draw::font::{self, Weight};
use crate::draw::rows;
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{AXIS, LABEL, MARGIN, MUTED, RANGE, SMALL, TEXT, WHITE, WIDTH};
use crate::format;
use seedband_core::summary::{Estimate, Quantiles, Regret};

/// The row around height `middle`.
pub(crate) fn draw(scene: &mut Scene, axis: &Axis, regret: &Regret, middle: f64) {
    rows::name(scene, axis, middle, &regret.rule, note(regret));
    let for_most = is_for_most(regret);
    if let Some(suggestion) = regret.suggestion {
        suggested(scene, axis, suggestion, for_most, middle);
    }
    let right = WIDTH - MARGIN;
    let Some(Quantiles { median, lower, upper }) = regret.regret else {
        scene.text((right, middle + 5.0), "unknown", LABEL, Align::Right, MUTED);
        return;
    };
    let range = format!("({} – {})", format::loss(lower), format::loss(upper));
    let width = font::width(&range, SMALL, Weight::Regular);
    scene.text((right, middle + 5.0), range, SMALL, Align::Right, MUTED);
    // What stands for few seeds only must not look like a result.
    let (value, at) = (format::loss(median), (right - width - 8.0, middle + 5.0));
    if for_most {
        scene.bold(at, value, LABEL, Align::Right, TEXT);
    } else {
        scene.text(at, value, LABEL, Align::Right, MUTED);
    }
}

/// Median and quantiles of the suggestions; grey where most have no regret, an arrowhead at the edge for a median that
/// lies further out.
fn suggested(scene: &mut Scene, axis: &Axis, suggestion: Estimate, for_most: bool, middle: f64) {
    let color = if for_most { RANGE } else { AXIS };
    let [left, x, right] = [suggestion.lower, suggestion.median, suggestion.upper].map(|lr| axis.at(lr));
    scene.line(&[(left, middle), (right, middle)], color, 3.0);
    let beyond = match axis.share(suggestion.median) {
        share if share < -1e-9 => 1.0,
        share if share > 1.0 + 1e-9 => -1.0,
        _ => {
            scene.disc((x, middle), 6.0, WHITE);
            scene.disc((x, middle), 4.6, color);
            return;
        }
    };
    let tip = vec![
        (x, middle),
        (x + 9.0 * beyond, middle - 5.5),
        (x + 9.0 * beyond, middle + 5.5),
    ];
    scene.polygon(tip, color);
    let align = if beyond > 0.0 { Align::Left } else { Align::Right };
    let value = format::lr(suggestion.median);
    scene.text((x + 4.0 * beyond, middle - 8.0), value, SMALL, align, MUTED);
}
