//! Seed against seed: how many decades of learning rates two ranges share, or by how many they miss each other.

use super::color_scale::ColorScale;
use super::words;
use crate::draw::font::{self, Weight};
use crate::draw::legend;
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{GRID, LABEL, MUTED, SMALL, WIDTH};
use crate::format;
use seedband_core::summary::ConfigSummary;
use seedband_core::summary::overlap::{Overlaps, Pair};
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
    let finding = words::finding(config).unwrap_or_default();
    let mut scene = Scene::new(WIDTH, TOP + SIDE + 62.0, title, finding);
    legend::header(&mut scene, &config.name, &subtitle(&overlaps));
    let side = SIDE / seeds.len() as f64;
    let places: HashMap<u64, usize> = seeds.iter().copied().zip(0..).collect();
    let scale = ColorScale::of(&overlaps);
    scene.rect((LEFT, TOP), (LEFT + SIDE, TOP + SIDE), GRID);
    for pair in &overlaps.pairs {
        if let (Some(&first), Some(&second)) = (places.get(&pair.first), places.get(&pair.second)) {
            cell(&mut scene, &scale, pair, [first, second], side);
            cell(&mut scene, &scale, pair, [second, first], side);
        }
    }
    names(&mut scene, seeds, side);
    scale.key(&mut scene, (LEFT + SIDE + 48.0, TOP));
    Some(scene)
}

/// The cell of a pair in a column and a row, with its number where there is room for it.
fn cell(scene: &mut Scene, scale: &ColorScale, pair: &Pair, [column, row]: [usize; 2], side: f64) {
    let (x, y) = (LEFT + side * column as f64, TOP + side * row as f64);
    scene.rect((x, y), (x + side, y + side), scale.color(pair.decades));
    if side >= NUMBERED {
        let number = if pair.is_apart() {
            format::signed_decades(pair.decades)
        } else {
            format::decades(pair.decades)
        };
        let at = (x + side / 2.0, y + side / 2.0 + 3.5);
        scene.text(at, number, 10.0, Align::Center, scale.text(pair.decades));
    }
}

fn subtitle(overlaps: &Overlaps) -> String {
    let subtitle =
        "decades of learning rates that the ranges of two seeds share; seeds from the lowest range to the highest";
    match overlaps.without {
        0 => subtitle.to_owned(),
        without => format!("{subtitle}; {without} without a range"),
    }
}

/// Seeds along both sides, as many as there is room for.
fn names(scene: &mut Scene, seeds: &[u64], side: f64) {
    let widest = seeds
        .iter()
        .map(|seed| font::width(&seed.to_string(), SMALL, Weight::Regular))
        .fold(14.0, f64::max);
    let across = ((widest + 5.0) / side).ceil().max(1.0) as usize;
    let down = (15.0 / side).ceil().max(1.0) as usize;
    for (place, seed) in seeds.iter().enumerate() {
        let middle = side * (place as f64 + 0.5);
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
    let below = (LEFT + SIDE / 2.0, TOP + SIDE + 44.0);
    scene.text(below, "seed", LABEL, Align::Center, MUTED);
    scene.text((LEFT - 8.0, TOP - 10.0), "seed", LABEL, Align::Right, MUTED);
}
