//! Arms of a study as tables of finished strings: where the spread over seeds comes from. Page, Markdown and terminal show the same.

use crate::format;
use seedband_core::summary::Summary;
use seedband_core::summary::variation;
use seedband_core::summary::variation::{Arm, Scatter};

/// Arms of one group, as a table.
pub(crate) struct ArmsView {
    pub(crate) rows: Vec<ArmView>,
}

/// One arm.
pub(crate) struct ArmView {
    pub(crate) config: String,
    /// Streams that follow the seed.
    pub(crate) varies: String,
    pub(crate) min_lr: ScatterView,
    pub(crate) max_lr: ScatterView,
}

/// Scatter of the min LR or the max LR over the seeds.
pub(crate) struct ScatterView {
    /// Standard deviation in decades, with n.
    pub(crate) deviation: String,
    /// Share of the variance where everything varies.
    pub(crate) share: String,
}

/// The groups of a study, none in one without arms.
pub(crate) fn views(summary: &Summary) -> Vec<ArmsView> {
    let groups = variation::groups(summary).into_iter();
    groups
        .map(|group| ArmsView {
            rows: group.arms.iter().map(view).collect(),
        })
        .collect()
}

fn view(arm: &Arm) -> ArmView {
    ArmView {
        config: arm.config.clone(),
        varies: if arm.varies.is_empty() {
            "nothing".to_owned()
        } else {
            arm.varies.join(", ")
        },
        min_lr: scatter(arm.min_lr),
        max_lr: scatter(arm.max_lr),
    }
}

fn scatter(scatter: Option<Scatter>) -> ScatterView {
    let none = || "–".to_owned();
    ScatterView {
        deviation: scatter.map_or_else(none, |scatter| format!("{:.2} (n = {})", scatter.deviation, scatter.n)),
        share: scatter
            .and_then(|scatter| scatter.share)
            .map_or_else(none, |share| format::percent((share * 100.0).round() / 100.0)),
    }
}
