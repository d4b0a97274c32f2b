//! Each seed in the colour of its group, and each group's median.

use super::words;
use crate::draw::legend;
use crate::draw::panel::Frame;
use crate::draw::scene::Scene;
use crate::draw::theme::{self, MARGIN, WIDTH};
use crate::format;
use crate::section::data::ConfigData;
use crate::section::loss_plot;
use seedband_core::summary::Decade;

/// There are no more line styles that can be told apart.
const MOST_GROUPS: usize = 6;

/// The figure; none for fewer than two groups.
pub(crate) fn scene(data: &ConfigData<'_>) -> Option<Scene> {
    let config = data.config;
    let groups: Vec<&Decade> = words::groups(config).collect();
    let shown = &groups[..groups.len().min(MOST_GROUPS)];
    if shown.len() < 2 {
        return None;
    }
    let top = legend::plot_below(shown.len());
    let frame = Frame {
        left: 76.0,
        top,
        right: WIDTH - MARGIN,
        bottom: top + 360.0,
    };
    let title = format!(
        "Loss by learning rate of {}, by the decade of the least loss",
        config.name
    );
    let finding = words::finding(config).unwrap_or_default();
    let mut scene = Scene::new(WIDTH, frame.bottom + 62.0, title, finding);
    let panel = loss_plot::panel([config], frame);
    legend::header(&mut scene, &config.name, &words::subtitle(shown.len(), groups.len()));
    panel.y_title(&mut scene, 10.0, "smoothed loss");
    panel.grid(&mut scene, Some(frame.bottom));
    for (index, group) in shown.iter().enumerate() {
        let color = theme::line_style(index).color.tint(0.35);
        for (_, curve) in data
            .smoothed()
            .filter(|(seed, _)| seed.decade.is_some_and(|decade| group.exponents().contains(&decade)))
        {
            panel.draw_curve(&mut scene, &config.lrs, curve, color, 0.8);
        }
    }
    for (index, group) in shown.iter().enumerate() {
        let style = theme::line_style(index);
        panel.draw_styled(&mut scene, &config.lrs, &group.median, style, 2.4);
        let seeds = format::count(group.seeds, "seed");
        let text = format!("least loss within {}: {seeds}", words::bounds(group));
        legend::line(&mut scene, index, style, 2.4, None, &text);
    }
    panel.x_title(&mut scene, 46.0, loss_plot::axis_title([config]));
    Some(scene)
}
