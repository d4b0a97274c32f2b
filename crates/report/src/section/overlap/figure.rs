//! Seed against seed: how many decades of learning rates two ranges share, or by how many they miss each other.

use crate::draw::font::{self, Weight};
use crate::draw::rows::MARGIN;
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{AXIS, CURVE, GRID, Ink, LABEL, MUTED, RANGE, SMALL, TEXT, TITLE, WHITE, WIDTH};
use crate::format;
use crate::section::overlap;
use seedband_core::summary::ConfigSummary;
use seedband_core::summary::overlap::Overlaps;
use std::collections::HashMap;

/// With more seeds a cell is smaller than what an eye can tell apart.
const MOST_SEEDS: usize = 120;
const LEFT: f64 = 76.0;
const TOP: f64 = 92.0;
/// Side of the square of all pairs.
const SIDE: f64 = 560.0;
/// Cells as wide as this have room for their number.
const NUMBERED: f64 = 28.0;

/// The figure; none for fewer than two ranges, or for more than can be shown.
pub(crate) fn scene(config: &ConfigSummary) -> Option<Scene> {
    let overlaps = Overlaps::of(config);
    let seeds = &overlaps.seeds;
    if seeds.len() < 2 || seeds.len() > MOST_SEEDS {
        return None;
    }
    let title = format!("Overlap of the ranges of every two seeds of {}", config.name);
    let mut scene = Scene::new(
        WIDTH,
        TOP + SIDE + 62.0,
        title,
        overlap::finding(config).unwrap_or_default(),
    );
    header(&mut scene, config, &overlaps);
    let cell = SIDE / seeds.len() as f64;
    let places: HashMap<u64, usize> = seeds.iter().copied().zip(0..).collect();
    let shade = Shade::of(&overlaps);
    scene.rect((LEFT, TOP), (LEFT + SIDE, TOP + SIDE), GRID);
    for pair in &overlaps.pairs {
        let (Some(&first), Some(&second)) = (places.get(&pair.first), places.get(&pair.second)) else {
            continue;
        };
        for (column, row) in [(first, second), (second, first)] {
            let (x, y) = (LEFT + cell * column as f64, TOP + cell * row as f64);
            scene.rect((x, y), (x + cell, y + cell), shade.ink(pair.decades));
            if cell >= NUMBERED {
                let number = if pair.is_apart() {
                    format::signed_decades(pair.decades)
                } else {
                    format::decades(pair.decades)
                };
                let at = (x + cell / 2.0, y + cell / 2.0 + 3.5);
                scene.text(at, number, 10.0, Align::Center, shade.text(pair.decades));
            }
        }
    }
    names(&mut scene, seeds, cell);
    legend(&mut scene, &shade);
    Some(scene)
}

fn header(scene: &mut Scene, config: &ConfigSummary, overlaps: &Overlaps) {
    let name = font::fit(&config.name, TITLE, Weight::SemiBold, WIDTH - 2.0 * MARGIN);
    scene.bold((MARGIN, 36.0), name, TITLE, Align::Left, TEXT);
    let mut subtitle =
        "decades of learning rates that the ranges of two seeds share; seeds from the lowest range to the highest"
            .to_owned();
    if overlaps.without > 0 {
        subtitle = format!("{subtitle}; {} without a range", overlaps.without);
    }
    let subtitle = font::fit(&subtitle, LABEL, Weight::Regular, WIDTH - 2.0 * MARGIN);
    scene.text((MARGIN, 58.0), subtitle, LABEL, Align::Left, MUTED);
}

/// Seeds along both sides, as many as there is room for.
fn names(scene: &mut Scene, seeds: &[u64], cell: f64) {
    let widest = seeds
        .iter()
        .map(|seed| font::width(&seed.to_string(), SMALL, Weight::Regular))
        .fold(14.0, f64::max);
    let across = ((widest + 5.0) / cell).ceil().max(1.0) as usize;
    let down = (15.0 / cell).ceil().max(1.0) as usize;
    for (place, seed) in seeds.iter().enumerate() {
        let middle = cell * (place as f64 + 0.5);
        if place % across == 0 {
            let at = (LEFT + middle, TOP + SIDE + 17.0);
            scene.text(at, seed.to_string(), SMALL, Align::Center, MUTED);
        }
        if place % down == 0 {
            let at = (LEFT - 8.0, TOP + middle + SMALL * 0.36);
            let seed = font::fit(&seed.to_string(), SMALL, Weight::Regular, LEFT - 14.0);
            scene.text(at, seed, SMALL, Align::Right, MUTED);
        }
    }
    scene.text(
        (LEFT + SIDE / 2.0, TOP + SIDE + 44.0),
        "seed",
        LABEL,
        Align::Center,
        MUTED,
    );
    scene.text((LEFT - 8.0, TOP - 10.0), "seed", LABEL, Align::Right, MUTED);
}

/// A bar of all shades with what they mean.
fn legend(scene: &mut Scene, shade: &Shade) {
    let (left, top, width, height) = (LEFT + SIDE + 48.0, TOP + 26.0, 22.0, 260.0);
    scene.text((left, TOP + 8.0), "decades", LABEL, Align::Left, MUTED);
    let parts = 64;
    let span = shade.most - shade.least;
    for part in 0..parts {
        let value = shade.most - span * (f64::from(part) + 0.5) / f64::from(parts);
        let y = top + height * f64::from(part) / f64::from(parts);
        scene.rect(
            (left, y),
            (left + width, y + height / f64::from(parts) + 0.5),
            shade.ink(value),
        );
    }
    let mut marks = vec![(shade.most, format!("{} shared", format::decades(shade.most)))];
    // A gap too small for a label of its own on this scale is told in the cells.
    let labelled = height * -shade.least / span > 15.0;
    marks.push((
        0.0,
        if shade.least < 0.0 && !labelled {
            "below 0: a gap"
        } else {
            "0: ranges touch"
        }
        .to_owned(),
    ));
    if labelled {
        marks.push((shade.least, format!("gap of {}", format::decades(-shade.least))));
    }
    for (value, text) in marks {
        let y = top + height * (shade.most - value) / span;
        scene.line(&[(left + width, y), (left + width + 5.0, y)], AXIS, 1.0);
        scene.text((left + width + 10.0, y + SMALL * 0.36), text, SMALL, Align::Left, MUTED);
    }
}

/// From decades to colours: white at 0, blue for what is shared, vermilion for a gap.
struct Shade {
    /// The widest gap, as a number below 0; 0 without one.
    least: f64,
    /// The largest overlap, above 0.
    most: f64,
}

impl Shade {
    fn of(overlaps: &Overlaps) -> Self {
        let decades = || overlaps.pairs.iter().map(|pair| pair.decades);
        Self {
            least: decades().fold(0.0, f64::min),
            // A tenth of a decade, so that there is a scale even where no two ranges overlap.
            most: decades().fold(0.1, f64::max),
        }
    }

    fn share(&self, decades: f64) -> f64 {
        (decades.abs() / self.most.max(-self.least)).min(1.0)
    }

    fn ink(&self, decades: f64) -> Ink {
        if decades < 0.0 {
            // The smallest gap still is no white.
            RANGE.tint(0.35 + 0.65 * self.share(decades))
        } else {
            CURVE.tint(0.85 * self.share(decades))
        }
    }

    fn text(&self, decades: f64) -> Ink {
        if self.share(decades) > 0.6 { WHITE } else { TEXT }
    }
}
