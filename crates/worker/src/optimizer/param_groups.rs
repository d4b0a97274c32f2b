//! Which parameters are trained, and how fast.

use crate::failure::DataMismatch;
use crate::layers::Spec;
use crate::names::listed;
use seedband_core::settings::{Group, fits};

/// Most names that an error lists.
const MAX_NAMES: usize = 100;

/// What the learning rate of each parameter is multiplied by: that of the first group with its name, else 1; 0 for a
/// frozen one.
///
/// # Errors
/// A pattern fits no parameter, or all parameters are frozen.
pub(super) fn multipliers(groups: &[Group], specs: &[Spec]) -> Result<Vec<f64>, DataMismatch> {
    for pattern in groups.iter().flat_map(|group| &group.parameters) {
        if !specs.iter().any(|spec| fits(pattern, &spec.name)) {
            return Err(DataMismatch::Pattern {
                pattern: pattern.clone(),
                names: names(specs),
            });
        }
    }
    let of = |spec: &Spec| {
        let group = groups.iter().find(|group| group.has(&spec.name));
        group.map_or(1.0, Group::multiplier)
    };
    let multipliers: Vec<f64> = specs.iter().map(of).collect();
    if multipliers.iter().all(|multiplier| *multiplier == 0.0) {
        return Err(DataMismatch::Frozen);
    }
    Ok(multipliers)
}

fn names(specs: &[Spec]) -> String {
    let names: Vec<String> = specs.iter().map(|spec| format!("`{}`", spec.name)).collect();
    listed(&names, MAX_NAMES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Builder;

    fn specs() -> Vec<Spec> {
        let mut builder = Builder::default();
        builder.conv("conv1", 1, 1, 1, 1);
        builder.norm("bn1", 1);
        builder.dense("fc", 1, 1);
        builder.finish()
    }

    fn group(patterns: &[&str], lr_multiplier: f64) -> Group {
        Group {
            parameters: patterns.iter().map(ToString::to_string).collect(),
            lr_multiplier: Some(lr_multiplier),
            freeze: false,
        }
    }

    #[test]
    fn the_first_group_that_names_a_parameter_counts() {
        let of = |groups: &[Group]| multipliers(groups, &specs()).unwrap();
        assert_eq!(of(&[]), [1.0; 5]);
        let groups = [
            group(&["fc.bias", "bn1.*"], 3.0),
            group(&["fc.*"], 10.0),
            group(&["*.bias"], 7.0),
        ];
        assert_eq!(of(&groups), [1.0, 3.0, 3.0, 10.0, 3.0]);
        let frozen = Group {
            freeze: true,
            lr_multiplier: None,
            ..group(&["*"], 0.0)
        };
        assert_eq!(of(&[group(&["fc.*"], 1.0), frozen]), [0.0, 0.0, 0.0, 1.0, 1.0]);
    }

    #[test]
    fn a_pattern_that_fits_nothing_is_told_what_there_is() {
        let error = multipliers(&[group(&["fc.*"], 2.0), group(&["bn1.*", "head.*"], 2.0)], &specs()).unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("`head.*`")
                && message.contains("`conv1.weight`, `bn1.weight`, `bn1.bias`, `fc.weight`, `fc.bias`"),
            "{message}"
        );
        assert_eq!(
            multipliers(&[group(&["*"], 0.0)], &specs()).unwrap_err(),
            DataMismatch::Frozen
        );
    }
}
