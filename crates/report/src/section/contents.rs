//! All that a report says of a study, before it is laid out.

use super::content::{Figure, Section};
use super::data::{ConfigData, StudyData};
use super::{OF_CONFIG, OF_STUDY, answer, file_names};
use seedband_core::summary::Summary;
use std::collections::BTreeMap;

/// The sections of a study.
#[derive(Debug)]
pub(crate) struct Contents {
    /// All configs in one table.
    pub(crate) overview: answer::Overview,
    /// Of the study as a whole.
    pub(crate) study: Vec<Section>,
    /// One for each config, in the study's order.
    pub(crate) configs: Vec<ConfigContents>,
}

/// The sections of one config.
#[derive(Debug)]
pub(crate) struct ConfigContents {
    pub(crate) name: String,
    /// Name of its place on the page.
    pub(crate) anchor: String,
    /// What to do with it.
    pub(crate) answer: answer::Statement,
    /// Settings that tell it from the other configs: dotted key, value.
    pub(crate) labels: Vec<(String, String)>,
    /// One list for each line of [`OF_CONFIG`].
    pub(crate) topics: Vec<Vec<Section>>,
}

impl Contents {
    /// What all topics say of a study, with figures.
    pub(crate) fn of(summary: &Summary) -> Self {
        let with_figures = true;
        Self::new(&StudyData { summary, with_figures })
    }

    /// The same without figures, which take most of the time.
    pub(crate) fn in_words(summary: &Summary) -> Self {
        let with_figures = false;
        Self::new(&StudyData { summary, with_figures })
    }

    fn new(study: &StudyData<'_>) -> Self {
        let names = file_names::unique(study.summary.configs.iter().map(|config| config.name.as_str()));
        let configs: Vec<ConfigData<'_>> = study
            .summary
            .configs
            .iter()
            .zip(&names)
            .map(|(config, file_name)| ConfigData {
                study: *study,
                summary: study.summary,
                config,
                file_name,
            })
            .collect();
        let mut contents = Self {
            overview: answer::overview(&configs),
            study: OF_STUDY.iter().flat_map(|topic| topic(study)).collect(),
            configs: configs.iter().map(ConfigContents::of).collect(),
        };
        contents.number_figures();
        contents
    }

    /// The answer of each config in words, by its name.
    pub(crate) fn answers(&self) -> BTreeMap<&str, &str> {
        let answers = self.configs.iter();
        answers.map(|config| (config.name.as_str(), config.answer.text.as_str())).collect()
    }

    /// All figures, in the order of the page.
    pub(crate) fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.sections().filter_map(|section| section.figure.as_ref())
    }

    /// All sections, in the order of the page.
    pub(crate) fn sections(&self) -> impl Iterator<Item = &Section> {
        self.study
            .iter()
            .chain(self.configs.iter().flat_map(ConfigContents::sections))
    }

    /// The sections of the configs, one line of [`OF_CONFIG`] after another.
    pub(crate) fn topic_by_topic(&self) -> impl Iterator<Item = (&ConfigContents, &Section)> {
        (0..OF_CONFIG.len()).flat_map(|line| {
            self.configs.iter().flat_map(move |config| {
                let sections = config.topics.get(line).into_iter().flatten();
                sections.map(move |section| (config, section))
            })
        })
    }

    /// A topic with several figures of one config, or of the study, gives all of them one name: from the second on they
    /// get a number.
    fn number_figures(&mut self) {
        let of_configs = self
            .configs
            .iter_mut()
            .flat_map(|config| config.topics.iter_mut().flatten());
        let sections = self.study.iter_mut().chain(of_configs);
        let names: Vec<&mut String> = sections
            .filter_map(|section| section.figure.as_mut())
            .map(|figure| &mut figure.name)
            .collect();
        file_names::number(names);
    }
}

impl ConfigContents {
    fn of(data: &ConfigData<'_>) -> Self {
        let topics = OF_CONFIG
            .iter()
            .map(|line| line.iter().flat_map(|topic| topic(data)).collect());
        Self {
            name: data.config.name.clone(),
            anchor: data.anchor(),
            answer: answer::Statement::of(data),
            labels: data.config.labels.clone(),
            topics: topics.collect(),
        }
    }

    /// Its sections, in the order of the page.
    pub(crate) fn sections(&self) -> impl Iterator<Item = &Section> {
        self.topics.iter().flatten()
    }
}
