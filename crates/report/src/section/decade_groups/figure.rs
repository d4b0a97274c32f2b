//! The curves of one config in groups by the decade of their least loss: each seed in the colour of its group, and each group's median.

use crate::draw::axis;
use crate::draw::font::{self, Weight};
use crate::draw::panel::{Frame, Panel};
use crate::draw::rows::MARGIN;
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{self, LABEL, MUTED, SMALL, TEXT, TITLE, WIDTH};
use crate::format;
use crate::section::decade_groups;
use seedband_core::summary::ConfigSummary;

/// There are no more looks that can be told apart.
const MOST_GROUPS: usize = 6;

/// The figure; none for fewer than two groups.
pub(crate) fn scene(config: &ConfigSummary) -> Option<Scene> {
    let shown = &config.decades[..config.decades.len().min(MOST_GROUPS)];
    if shown.len() < 2 {
        return None;
    }
    let top = 78.0 + shown.len() as f64 * 20.0;
    let frame = Frame {
        left: 76.0,
        top: top + 26.0,
        right: WIDTH - MARGIN,
        bottom: top + 386.0,
    };
    let title = format!(
        "Loss by learning rate of {}, by the decade of the least loss",
        config.name
    );
    let mut scene = Scene::new(
        WIDTH,
        frame.bottom + 62.0,
        title,
        decade_groups::finding(config).unwrap_or_default(),
    );
    let panel = Panel::new([config], frame);
    header(&mut scene, config, shown.len());
    scene.text(
        (frame.left, frame.top - 10.0),
        "smoothed loss",
        SMALL,
        Align::Left,
        MUTED,
    );
    panel.grid(&mut scene, Some(frame.bottom));
    for (index, group) in shown.iter().enumerate() {
        for seed in config.seeds.iter().filter(|seed| seed.decade == Some(group.exponent)) {
            for piece in panel.curve(&config.lrs, &seed.smoothed) {
                scene.line(&piece, theme::look(index).ink.tint(0.35), 0.8);
            }
        }
    }
    for (index, group) in shown.iter().enumerate() {
        let look = theme::look(index);
        for piece in panel.curve(&config.lrs, &group.median) {
            scene.dashed(&piece, look.dash, look.ink, 2.4);
        }
        let y = 82.0 + index as f64 * 20.0;
        scene.dashed(&[(MARGIN, y), (MARGIN + 44.0, y)], look.dash, look.ink, 2.4);
        let text = format!(
            "least loss within {}: {}",
            decade_groups::bounds(group.exponent),
            format::count(group.seeds, "seed")
        );
        scene.text((MARGIN + 54.0, y + LABEL * 0.36), text, LABEL, Align::Left, TEXT);
    }
    scene.text(
        (f64::midpoint(frame.left, frame.right), frame.bottom + 46.0),
        axis::shows([config]),
        LABEL,
        Align::Center,
        MUTED,
    );
    Some(scene)
}

fn header(scene: &mut Scene, config: &ConfigSummary, shown: usize) {
    let name = font::fit(&config.name, TITLE, Weight::SemiBold, WIDTH - 2.0 * MARGIN);
    scene.bold((MARGIN, 36.0), name, TITLE, Align::Left, TEXT);
    let all = config.decades.len();
    let mut subtitle =
        "curves in groups by the decade of their least smoothed loss; thick: median of the group".to_owned();
    if shown < all {
        subtitle = format!("lowest {shown} of {all} groups: {subtitle}");
    }
    scene.text((MARGIN, 58.0), subtitle, LABEL, Align::Left, MUTED);
}
