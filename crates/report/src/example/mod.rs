//! A made-up study for tests: curves with a plateau, a descent and a blow-up, some of which diverge early. What belongs
//! to one topic is beside it.

mod random;
mod seeds;
pub(crate) mod statistics;

pub(crate) use crate::section::lr_grid::example::with_lr_grid;
pub(crate) use crate::section::rules::example::ruled;
pub(crate) use crate::section::scaling::example::sweep;
pub(crate) use crate::section::trainings::example::{paired, trained, training};
pub(crate) use crate::section::validation::example::validated;
pub(crate) use crate::section::variation::example::sources;
pub(crate) use seeds::{answer, config, from_seeds, lrs};

use seedband_core::settings::{EarlyEnd, LrSpace};
use seedband_core::summary::{ConfigDifference, ConfigSummary, Interval, PairedDifference, Summary, VERSION};

/// A study of the given configs.
pub(crate) fn summary(configs: Vec<ConfigSummary>) -> Summary {
    Summary {
        version: VERSION,
        study: "reference".into(),
        title: "How reliable is the learning rate range test?".into(),
        description: "Twenty seeds a config; only the initial weights change from seed to seed.".into(),
        quantiles: [0.1, 0.9],
        early_end: EarlyEnd::DivergedIsInfinite,
        lr_space: LrSpace::Log10,
        confidence: 0.95,
        repeated_looks: false,
        precision: 0.5,
        configs,
        scalings: Vec::new(),
        variation: Vec::new(),
        differences: Vec::new(),
    }
}

/// Two configs: one whose seeds scatter a lot, one whose seeds agree.
pub(crate) fn reference() -> Summary {
    let mut summary = summary(vec![
        config("other weights each run", 20, 0.45, 7.9),
        config("same weights", 20, 0.12, 6.55),
    ]);
    let name = |place: usize| summary.configs[place].name.clone();
    summary.differences = vec![ConfigDifference {
        first: name(0),
        second: name(1),
        min_lr: None,
        max_lr: Some(PairedDifference {
            n: 20,
            bounds: 0,
            median: -0.05,
            interval: Some(Interval {
                lower: -0.3,
                upper: 0.2,
                confidence: 0.9586,
            }),
            p: 0.82,
            differs: false,
        }),
    }];
    summary
}

/// A config about which every topic has something to say.
pub(crate) fn everything(name: &str) -> ConfigSummary {
    let mut config = trained(name, 20);
    let grid = with_lr_grid(name);
    config.trainings.extend(grid.trainings.into_iter().skip(1));
    config.lr_grids = grid.lr_grids;
    config.validation = validated(name, 20).validation;
    let ruled = ruled(name, 20);
    (config.named_rules, config.disagreements) = (ruled.named_rules, ruled.disagreements);
    config
}
