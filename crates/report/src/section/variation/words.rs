//! Which sources scatter differently, in words: only what a test tells apart.

use crate::format;
use seedband_core::summary::variation::{Scatter, VariationConfig, VariationGroup};

/// The name of a rate, and how its scatter is found in a config.
type Rate = (&'static str, fn(&VariationConfig) -> Option<Scatter>);

const RATES: [Rate; 2] = [("min LR", |config| config.min_lr), ("max LR", |config| config.max_lr)];

/// Which configs scatter otherwise than the one where all vary; none where there is nothing to compare.
pub(crate) fn finding(group: &VariationGroup, confidence: f64) -> Option<String> {
    let full = group.full.as_ref()?;
    let mut sentences = Vec::new();
    let mut untold = Vec::new();
    for (rate, scatter) in RATES {
        let compared: Vec<(&str, Scatter)> = group
            .configs
            .iter()
            .filter_map(|config| Some((config.config.as_str(), scatter(config)?)))
            .filter(|(_, scatter)| scatter.beside_full.is_some())
            .collect();
        let differ: Vec<String> = compared
            .iter()
            .filter_map(|(name, scatter)| difference(name, scatter))
            .collect();
        if !differ.is_empty() {
            sentences.push(format!("Beside {full}, the {rate} scatters {}.", differ.join(", and ")));
        } else if !compared.is_empty() {
            untold.push(rate);
        }
    }
    if !untold.is_empty() {
        sentences.push(format!(
            "How far the {} {} is not told apart from {full} in any other config by these seeds.",
            untold.join(" and the "),
            if untold.len() == 1 { "scatters" } else { "scatter" }
        ));
    }
    (!sentences.is_empty()).then(|| {
        format!(
            "{} (Fligner-Killeen test at {} confidence, corrected for the number of configs by Holm's method.)",
            sentences.join(" "),
            format::percent(confidence)
        )
    })
}

/// `less far in weights alone (0.31 times, p = 0.002)`; none where it is not told apart.
fn difference(name: &str, scatter: &Scatter) -> Option<String> {
    let beside = scatter.beside_full.filter(|beside| beside.differs)?;
    let how = match beside.ratio {
        Some(ratio) if ratio < 1.0 => "less far",
        Some(ratio) if ratio > 1.0 => "farther",
        _ => "differently",
    };
    let times = beside
        .ratio
        .map_or_else(String::new, |ratio| format!("{} times, ", format::lr(ratio)));
    Some(format!(
        "{how} in {name} ({times}p = {})",
        format::probability(beside.p)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn only_what_is_told_apart_is_said_to_differ() {
        let mut group = example::sources().variation.remove(0);
        assert_eq!(
            finding(&group, 0.95).unwrap(),
            "Beside all, the min LR scatters less far in order|alone (0.31 times, p = 0.0021). How far the max LR scatters is \
             not told apart from all in any other config by these seeds. (Fligner-Killeen test at 95 % confidence, corrected \
             for the number of configs by Holm's method.)"
        );
        let beside = group.configs[1].min_lr.as_mut().unwrap().beside_full.as_mut().unwrap();
        beside.differs = false;
        assert!(finding(&group, 0.95).unwrap().starts_with(
            "How far the min LR and the max LR scatter is not told apart from all in any other config by these seeds."
        ));
        group.full = None;
        assert_eq!(finding(&group, 0.95), None);
    }
}
