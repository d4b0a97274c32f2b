//! Figures. Each is a pure function from a summary to a [`Scene`]; [`paint`] makes SVG and PNG of it.

use crate::draw::scene::Scene;
use crate::section::file_names;
use seedband_core::summary::{Calibration, ConfigSummary, Summary};

/// A figure and the name of its files without ending.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) scene: Scene,
}

/// The figures of one config.
#[derive(Clone, Copy)]
pub(crate) struct ConfigFigures<'a> {
    pub(crate) bands: &'a Figure,
    pub(crate) losses: Option<&'a Figure>,
    pub(crate) groups: Option<&'a Figure>,
    pub(crate) overlap: Option<&'a Figure>,
    pub(crate) rules: Option<&'a Figure>,
    pub(crate) trainings: Option<&'a Figure>,
    /// One for each grid of learning rates; absent for one without a seed.
    pub(crate) calibrations: &'a [Option<Figure>],
}

/// All figures of a study.
pub(crate) struct Figures {
    /// Configs side by side; absent when there is only one.
    pub(crate) compare: Option<Figure>,
    /// The ranges of all configs; absent when there is no config.
    pub(crate) ranges: Option<Figure>,
    /// One for each sweep over batch size.
    pub(crate) scalings: Vec<Figure>,
    /// One for each config, in the summary's order.
    pub(crate) bands: Vec<Figure>,
    /// One for each config in the same order; absent for a config without a validation.
    pub(crate) losses: Vec<Option<Figure>>,
    /// One for each config in the same order; absent for a config whose curves have their least loss in one decade.
    pub(crate) groups: Vec<Option<Figure>>,
    /// One for each config in the same order; absent for a config of fewer than two ranges, or of more than a figure can show.
    pub(crate) overlaps: Vec<Option<Figure>>,
    /// One for each config in the same order; absent for a config without named rules.
    pub(crate) rules: Vec<Option<Figure>>,
    /// One for each config in the same order; absent for a config without a training that belongs to no grid.
    pub(crate) trainings: Vec<Option<Figure>>,
    /// One for each grid of each config in the same order; absent for a grid without a seed that was trained at every learning rate.
    pub(crate) calibrations: Vec<Vec<Option<Figure>>>,
}

impl Figures {
    pub(crate) fn of(summary: &Summary) -> Self {
        let file_names = file_names::unique(summary.configs.iter().map(|config| config.name.as_str()));
        let bands = summary
            .configs
            .iter()
            .zip(&file_names)
            .map(|(config, name)| Figure {
                name: format!("bands-{name}"),
                scene: crate::section::bands::figure::scene(summary, config),
            })
            .collect();
        let perhaps = |kind: &str, scene: &dyn Fn(&ConfigSummary) -> Option<Scene>| {
            let figure = |(config, name): (&ConfigSummary, &String)| {
                scene(config).map(|scene| Figure {
                    name: format!("{kind}-{name}"),
                    scene,
                })
            };
            summary.configs.iter().zip(&file_names).map(figure).collect()
        };
        let named = |name: &str, scene: Scene| Figure {
            name: name.to_owned(),
            scene,
        };
        Self {
            compare: crate::section::compare::figure::scene(summary).map(|scene| named("compare", scene)),
            ranges: crate::section::ranges::figure::scene(summary).map(|scene| named("ranges", scene)),
            scalings: (1..)
                .zip(&summary.scalings)
                .map(|(number, sweep)| {
                    let name = if number == 1 {
                        "scaling".to_owned()
                    } else {
                        format!("scaling-{number}")
                    };
                    named(&name, crate::section::scaling::figure::scene(summary, sweep))
                })
                .collect(),
            losses: perhaps("losses", &|config| {
                crate::section::validation::figure::scene(summary, config)
            }),
            groups: perhaps("groups", &crate::section::decade_groups::figure::scene),
            overlaps: perhaps("overlap", &crate::section::overlap::figure::scene),
            rules: perhaps("rules", &|config| crate::section::rules::figure::scene(summary, config)),
            trainings: perhaps("trainings", &|config| {
                crate::section::trainings::figure::scene(summary, config)
            }),
            calibrations: calibrations(summary, &file_names),
            bands,
        }
    }

    /// The figures of each config, in the summary's order.
    pub(crate) fn of_configs(&self) -> impl Iterator<Item = ConfigFigures<'_>> {
        let optional = self
            .losses
            .iter()
            .zip(&self.groups)
            .zip(&self.overlaps)
            .zip(&self.rules)
            .zip(&self.trainings)
            .zip(&self.calibrations);
        self.bands.iter().zip(optional).map(
            |(bands, (((((losses, groups), overlap), rules), trainings), calibrations))| ConfigFigures {
                bands,
                losses: losses.as_ref(),
                groups: groups.as_ref(),
                overlap: overlap.as_ref(),
                rules: rules.as_ref(),
                trainings: trainings.as_ref(),
                calibrations,
            },
        )
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Figure> {
        self.compare
            .iter()
            .chain(&self.ranges)
            .chain(&self.scalings)
            .chain(&self.bands)
            .chain(self.losses.iter().flatten())
            .chain(self.groups.iter().flatten())
            .chain(self.overlaps.iter().flatten())
            .chain(self.rules.iter().flatten())
            .chain(self.trainings.iter().flatten())
            .chain(self.calibrations.iter().flatten().flatten())
    }
}

/// The figures of all grids: `calibration-<config>`, and with a number from the second of a config on.
fn calibrations(summary: &Summary, file_names: &[String]) -> Vec<Vec<Option<Figure>>> {
    let grids = summary.configs.iter().zip(file_names);
    let bases = grids.flat_map(|(config, name)| config.calibrations.iter().map(move |_| name.as_str()));
    let mut names = file_names::unique(bases).into_iter();
    let mut of_config = |config: &ConfigSummary| {
        let grids = config.calibrations.iter().zip(names.by_ref());
        let figure = |(grid, name): (&Calibration, String)| {
            crate::section::lr_grid::figure::scene(summary, config, grid).map(|scene| Figure {
                name: format!("calibration-{name}"),
                scene,
            })
        };
        grids.map(figure).collect()
    };
    summary.configs.iter().map(&mut of_config).collect()
}
