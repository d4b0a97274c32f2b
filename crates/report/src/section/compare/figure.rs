//! Configs side by side: up to four in one plot, more in a plot each.

use super::{panels, words};
use crate::draw::legend;
use crate::draw::panel::{Frame, Panel};
use crate::draw::scene::Scene;
use crate::draw::theme::{self, MARGIN, WHITE, WIDTH};
use crate::format;
use crate::section::loss_plot;
use seedband_core::summary::{ConfigSummary, Summary};

/// More bands than this on top of each other cannot be told apart.
const MOST_TOGETHER: usize = 4;
/// How much a band covers.
const BAND: f64 = 0.12;

/// The figure; none for fewer than two configs.
pub(crate) fn scene(summary: &Summary) -> Option<Scene> {
    match summary.configs.len() {
        0 | 1 => None,
        n if n <= MOST_TOGETHER => Some(together(summary)),
        _ => Some(panels::scene(summary)),
    }
}

/// An empty figure of the given height, with its first `described` configs in words.
pub(crate) fn new_scene(summary: &Summary, height: f64, described: usize) -> Scene {
    let headlines: Vec<String> = summary.configs.iter().take(described).map(words::headline).collect();
    let title = format!("Loss by learning rate of {} configs", summary.configs.len());
    Scene::new(WIDTH, height, title, headlines.join(" "))
}

fn together(summary: &Summary) -> Scene {
    let configs = &summary.configs;
    let top = legend::plot_below(configs.len());
    let frame = Frame {
        left: 76.0,
        top,
        right: WIDTH - MARGIN,
        bottom: top + 360.0,
    };
    let mut scene = new_scene(summary, frame.bottom + 62.0, configs.len());
    let panel = loss_plot::panel(configs, frame);
    let subtitle = format!(
        "median and {} band, until it leaves the plot; disc: median min LR, diamond: median max LR",
        format::percent_range(summary.quantiles)
    );
    legend::header(&mut scene, &summary.title, &subtitle);
    panel.y_title(&mut scene, 10.0, "smoothed loss");
    panel.grid(&mut scene, Some(frame.bottom));
    for (index, config) in configs.iter().enumerate() {
        let color = theme::line_style(index).color;
        panel.draw_band_until_it_leaves(&mut scene, &config.lrs, &config.smoothed, color, BAND);
    }
    for (index, config) in configs.iter().enumerate() {
        let style = theme::line_style(index);
        panel.draw_styled(&mut scene, &config.lrs, &config.smoothed.median, style, 2.4);
        marks(&mut scene, &panel, config, index, 6.0);
        let text = format!("{} ({})", config.name, format::count(config.smoothed.n, "seed"));
        legend::line(&mut scene, index, style, 2.4, Some(BAND), &text);
    }
    panel.x_title(&mut scene, 46.0, loss_plot::axis_title(configs));
    scene
}

/// The median min LR and max LR, on the median curve.
pub(crate) fn marks(scene: &mut Scene, panel: &Panel, config: &ConfigSummary, index: usize, radius: f64) {
    let color = theme::line_style(index).color;
    for (estimate, diamond) in [(config.min_lr.estimate, false), (config.max_lr.estimate, true)] {
        let Some(estimate) = estimate else { continue };
        let Some(y) = panel.height_at(&config.lrs, &config.smoothed.median, estimate.median) else {
            continue;
        };
        let at = (panel.x.at(estimate.median), y);
        if diamond {
            scene.diamond(at, radius + 3.0, WHITE);
            scene.diamond(at, radius + 1.0, color);
        } else {
            scene.disc(at, radius + 1.5, WHITE);
            scene.disc(at, radius, color);
        }
    }
}
