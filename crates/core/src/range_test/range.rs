//! The two rules that make a range.

use super::rule::{Rule, RuleKind};
use crate::Invalid;
use serde::{Deserialize, Serialize};

/// The rules for the min LR and the max LR of the suggested range (`[range.min]`, `[range.max]`).
///
/// A table that is given replaces its rule whole and so must name its `rule`: an option never changes meaning with a
/// default elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Range {
    /// The smallest rate worth using. Default: the steepest descent on points 10 to the sixth from the end.
    pub min: Rule,
    /// The largest rate that is safe. Default: the rate of the least smoothed loss over all points, divided by 10.
    pub max: Rule,
}

impl Default for Range {
    /// The fastai half of the reference study: fastai 1.0.61's `min_grad_lr`, and the least loss over all points / 10.
    fn default() -> Self {
        Self {
            min: Rule::default(),
            max: Rule {
                skip_start: Some(0),
                skip_end: Some(0),
                ..Rule::new(RuleKind::LeastLoss)
            },
        }
    }
}

impl Range {
    /// The first setting that cannot be used, with its key below `[range]`.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.min.validate().map_err(|invalid| invalid.under("min"))?;
        self.max.validate().map_err(|invalid| invalid.under("max"))
    }

    /// The same range with every default written out, for a record of how a result was made.
    #[must_use]
    pub fn explicit(&self) -> Self {
        Self {
            min: self.min.explicit(),
            max: self.max.explicit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_rule() {
        let mut range = Range::default();
        assert_eq!(range.validate(), Ok(()));
        assert_eq!(range.explicit().validate(), Ok(()));
        range.max.window = Some(3);
        assert_eq!(range.validate().expect_err("it cannot be used").key, "max.window");
    }

    #[test]
    fn a_table_without_its_rule_is_an_error() {
        let error = toml::from_str::<Range>("[max]\ndivide-by = 5.0").expect_err("it cannot be read");
        assert!(error.to_string().contains("missing field `rule`"), "{error}");
    }
}
