//! Configs side by side: up to four in one plot, more in a plot each with the others' medians behind.

use crate::draw::axis;
use crate::draw::font::{self, Weight};
use crate::draw::panel::{Frame, Panel};
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{self, GRID, LABEL, MUTED, SMALL, TEXT, TITLE, WHITE, WIDTH};
use crate::format;
use seedband_core::summary::{ConfigSummary, Summary};

/// More bands than this on top of each other cannot be told apart.
const MOST_TOGETHER: usize = 4;
/// More plots than this on one page say nothing.
const MOST_PANELS: usize = 48;
const MARGIN: f64 = 24.0;

/// The figure; none for fewer than two configs.
pub(crate) fn scene(summary: &Summary) -> Option<Scene> {
    match summary.configs.len() {
        0 | 1 => None,
        n if n <= MOST_TOGETHER => Some(together(summary)),
        _ => Some(apart(summary)),
    }
}

fn new_scene(summary: &Summary, height: f64) -> Scene {
    let description = summary
        .configs
        .iter()
        .take(MOST_PANELS)
        .map(finding)
        .collect::<Vec<_>>()
        .join(" ");
    let title = format!("Loss by learning rate of {} configs", summary.configs.len());
    let mut scene = Scene::new(WIDTH, height, title, description);
    scene.bold(
        (MARGIN, 36.0),
        font::fit(&summary.title, TITLE, Weight::SemiBold, WIDTH - 2.0 * MARGIN),
        TITLE,
        Align::Left,
        TEXT,
    );
    scene
}

fn finding(config: &ConfigSummary) -> String {
    let end = |estimate: Option<seedband_core::summary::Estimate>| {
        estimate.map_or_else(|| "none".to_owned(), |estimate| format::lr(estimate.median))
    };
    format!(
        "{}: median min LR {}, median max LR {}, {}.",
        config.name,
        end(config.min_lr.estimate),
        end(config.max_lr.estimate),
        format::count(config.smoothed.n, "seed")
    )
}

fn together(summary: &Summary) -> Scene {
    let rows = summary.configs.len() as f64;
    let top = 78.0 + rows * 20.0;
    let frame = Frame {
        left: 76.0,
        top: top + 26.0,
        right: WIDTH - MARGIN,
        bottom: top + 386.0,
    };
    let mut scene = new_scene(summary, frame.bottom + 62.0);
    let panel = Panel::new(&summary.configs, frame);
    let subtitle = format!(
        "median and {} band, until it leaves the plot; disc: median min LR, diamond: median max LR",
        format::percent_range(summary.quantiles)
    );
    scene.text((MARGIN, 58.0), subtitle, LABEL, Align::Left, MUTED);
    scene.text(
        (frame.left, frame.top - 10.0),
        "smoothed loss",
        SMALL,
        Align::Left,
        MUTED,
    );
    panel.grid(&mut scene, Some(frame.bottom));
    for (index, config) in summary.configs.iter().enumerate() {
        let ink = theme::look(index).ink;
        panel.draw_band_until_it_leaves(&mut scene, &config.lrs, &config.smoothed, ink, 0.12);
    }
    for (index, config) in summary.configs.iter().enumerate() {
        let look = theme::look(index);
        for piece in panel.curve(&config.lrs, &config.smoothed.median) {
            scene.dashed(&piece, look.dash, look.ink, 2.4);
        }
        marks(&mut scene, &panel, config, index, 6.0);
        let y = 82.0 + index as f64 * 20.0;
        scene.rect((MARGIN, y - 7.0), (MARGIN + 44.0, y + 7.0), look.ink.alpha(0.12));
        scene.dashed(&[(MARGIN, y), (MARGIN + 44.0, y)], look.dash, look.ink, 2.4);
        let text = format!("{} ({})", config.name, format::count(config.smoothed.n, "seed"));
        let text = font::fit(&text, LABEL, Weight::Regular, WIDTH - 2.0 * MARGIN - 54.0);
        scene.text((MARGIN + 54.0, y + LABEL * 0.36), text, LABEL, Align::Left, TEXT);
    }
    let middle = f64::midpoint(frame.left, frame.right);
    scene.text(
        (middle, frame.bottom + 46.0),
        axis::shows(&summary.configs),
        LABEL,
        Align::Center,
        MUTED,
    );
    scene
}

/// The median min LR and max LR, on the median curve.
fn marks(scene: &mut Scene, panel: &Panel, config: &ConfigSummary, index: usize, radius: f64) {
    let ink = theme::look(index).ink;
    for (estimate, diamond) in [(config.min_lr.estimate, false), (config.max_lr.estimate, true)] {
        let Some(estimate) = estimate else { continue };
        let Some(y) = panel.height_at(&config.lrs, &config.smoothed.median, estimate.median) else {
            continue;
        };
        let at = (panel.x.at(estimate.median), y);
        if diamond {
            scene.diamond(at, radius + 3.0, WHITE);
            scene.diamond(at, radius + 1.0, ink);
        } else {
            scene.disc(at, radius + 1.5, WHITE);
            scene.disc(at, radius, ink);
        }
    }
}

fn apart(summary: &Summary) -> Scene {
    let shown = summary.configs.len().min(MOST_PANELS);
    let columns = if shown <= 6 { 3 } else { 4 };
    let rows = shown.div_ceil(columns);
    let (gap_x, gap_y, left, top) = (26.0, 58.0, 58.0, 104.0);
    let width = (WIDTH - left - MARGIN - gap_x * (columns as f64 - 1.0)) / columns as f64;
    let height = width * 0.72;
    let mut scene = new_scene(summary, top + rows as f64 * (height + gap_y) + 14.0);
    let mut subtitle = format!(
        "median, {} band and median min LR and max LR, the other configs' medians in grey; loss by learning rate",
        format::percent_range(summary.quantiles)
    );
    if shown < summary.configs.len() {
        subtitle = format!("first {shown} of {} configs: {subtitle}", summary.configs.len());
    }
    let subtitle = font::fit(&subtitle, LABEL, Weight::Regular, WIDTH - 2.0 * MARGIN);
    scene.text((MARGIN, 58.0), subtitle, LABEL, Align::Left, MUTED);
    for index in 0..shown {
        let (column, row) = ((index % columns) as f64, (index / columns) as f64);
        let (x, y) = (left + column * (width + gap_x), top + row * (height + gap_y));
        let frame = Frame {
            left: x,
            top: y,
            right: x + width,
            bottom: y + height,
        };
        one(&mut scene, summary, index, frame, column == 0.0);
    }
    scene
}

/// One config in front of the others.
fn one(scene: &mut Scene, summary: &Summary, index: usize, frame: Frame, labels: bool) {
    let panel = Panel::new(&summary.configs, frame);
    let config = &summary.configs[index];
    small_grid(scene, &panel, labels);
    for other in summary.configs.iter().filter(|other| other.name != config.name) {
        for piece in panel.curve(&other.lrs, &other.smoothed.median) {
            scene.line(&piece, MUTED.tint(0.25), 0.8);
        }
    }
    let ink = theme::look(0).ink;
    panel.draw_band(scene, config, ink, theme::BAND_ALPHA);
    for piece in panel.curve(&config.lrs, &config.smoothed.median) {
        scene.line(&piece, ink, 2.0);
    }
    marks(scene, &panel, config, 1, 3.6);
    let room = frame.right - frame.left;
    let n = format!("n = {}", config.smoothed.n);
    let name = font::fit(
        &config.name,
        SMALL,
        Weight::SemiBold,
        room - font::width(&n, SMALL, Weight::Regular) - 8.0,
    );
    scene.bold((frame.left, frame.top - 8.0), name, SMALL, Align::Left, TEXT);
    scene.text((frame.right, frame.top - 8.0), n, SMALL, Align::Right, MUTED);
}

fn small_grid(scene: &mut Scene, panel: &Panel, labels: bool) {
    for tick in panel.y.ticks(38.0) {
        let Some(label) = tick.label else { continue };
        let y = panel.y.at(tick.value);
        scene.line(&[(panel.x.from, y), (panel.x.to, y)], GRID, 1.0);
        if labels {
            scene.text((panel.x.from - 7.0, y + 4.0), label, 11.0, Align::Right, MUTED);
        }
    }
    for tick in panel.x.ticks(42.0) {
        let Some(label) = tick.label else { continue };
        let x = panel.x.at(tick.value);
        scene.line(&[(x, panel.y.from), (x, panel.y.to)], GRID, 1.0);
        scene.text((x, panel.y.from + 16.0), label, 11.0, Align::Center, MUTED);
    }
    scene.line(
        &[(panel.x.from, panel.y.from), (panel.x.to, panel.y.from)],
        theme::AXIS,
        1.0,
    );
}
