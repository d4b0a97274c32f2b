//! What a report is about: one folder a topic, with its words, its figure and its tables.
//!
//! A topic is a function from a config, or from the whole study, to [`Section`]s; `page` lays these out and knows no
//! topic. A new topic is a folder here and a line in one of the two lists.

mod answer;
mod bands;
mod compare;
mod content;
mod contents;
mod data;
mod decade_groups;
mod divergence_risk;
mod file_names;
mod loss_plot;
pub(crate) mod lr_grid;
mod metrics;
mod min_max_lr;
mod overlap;
mod partial;
mod ranges;
mod repeated_looks;
pub(crate) mod rules;
pub(crate) mod scaling;
mod seeds;
mod table;
pub(crate) mod trainings;
pub(crate) mod validation;
pub(crate) mod variation;
pub(crate) mod warnings;

pub(crate) use content::{Figure, Section, Sentence};
pub(crate) use contents::{ConfigContents, Contents};
pub(crate) use divergence_risk::definition as divergence_definition;
pub(crate) use table::Table;

use data::{ConfigData, StudyData};

/// Topics of the study as a whole, in the order of the page.
const OF_STUDY: &[fn(&StudyData<'_>) -> Vec<Section>] = &[
    repeated_looks::sections,
    warnings::of_study,
    compare::sections,
    ranges::sections,
    scaling::sections,
    variation::sections,
];

/// What a topic says of a config.
type OfConfig = fn(&ConfigData<'_>) -> Vec<Section>;

/// Topics of a config, in the order of the page. Markdown has those of one line together, config by config, and one
/// line after the other.
const OF_CONFIG: &[&[OfConfig]] = &[
    &[
        bands::sections,
        divergence_risk::sections,
        validation::sections,
        metrics::sections,
    ],
    &[min_max_lr::sections],
    &[decade_groups::sections],
    &[overlap::sections],
    &[warnings::of_config],
    &[rules::sections],
    &[trainings::sections],
    &[lr_grid::sections],
    &[seeds::sections],
];
