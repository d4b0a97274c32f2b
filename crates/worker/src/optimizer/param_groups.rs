//! Which parameters are trained, and how fast.

use crate::failure::DataMismatch;
use crate::layers::Spec;
use seedband_core::settings::Group;
use seedband_data::fit;

/// What the learning rate of each parameter is multiplied by: that of the first group with its name, else 1; 0 for a
/// frozen one.
///
/// # Errors
/// A pattern fits no parameter, or all parameters are frozen.
pub(super) fn multipliers(groups: &[Group], specs: &[Spec]) -> Result<Vec<f64>, DataMismatch> {
    let names: Vec<String> = specs.iter().map(|spec| spec.name.clone()).collect();
    fit::groups(groups, &names)?;
    let of = |spec: &Spec| {
        let group = groups.iter().find(|group| group.has(&spec.name));
        group.map_or(1.0, Group::multiplier)
    };
    Ok(specs.iter().map(of).collect())
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
