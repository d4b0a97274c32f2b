use crate::Invalid;
use serde::{Deserialize, Serialize};

/// Loss and accuracy on images that are not trained on, measured during the range test, table `[validation]`. Off by
/// default.
///
/// The network is evaluated after the update of a step, by the running averages of its batch norms, on images without
/// augmentation. Training losses are the same with and without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Validation {
    /// Evaluate after each so many steps, and after the last; 0: never. Default 0.
    pub every: u32,
    /// A fixed random sample of so many validation images, the same for all trials; all where there are fewer. Default:
    /// all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images: Option<u32>,
    /// Images at once: speed and memory; results change by rounding alone. Default 1000.
    pub batch_size: u32,
}

impl Default for Validation {
    fn default() -> Self {
        Self {
            every: 0,
            images: None,
            batch_size: 1000,
        }
    }
}

impl Validation {
    /// Whether anything is evaluated at all.
    pub fn is_on(&self) -> bool {
        self.every > 0
    }

    /// Whether the network is evaluated after `step`, from 0, of `planned`.
    pub fn is_due(&self, step: u32, planned: u32) -> bool {
        self.is_on() && ((step + 1).is_multiple_of(self.every) || step + 1 == planned)
    }

    /// The same validation without the settings that mean nothing where it is off.
    #[must_use]
    pub fn resolved(&self) -> Self {
        if self.is_on() { self.clone() } else { Self::default() }
    }

    /// Whether nothing is said that a trial's identity depends on: trials from before there was a validation keep their
    /// ids.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Checks ranges.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.images.is_some_and(|images| images == 0) {
            return Err(Invalid::new("images", 0, "has to be at least 1", "images = 1000"));
        }
        if (1..=1_048_576).contains(&self.batch_size) {
            return Ok(());
        }
        Err(Invalid::new(
            "batch-size",
            self.batch_size,
            "has to be from 1 to 1048576",
            "batch-size = 1000",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_after_each_so_many_steps_and_the_last() {
        let due = |every, planned| -> Vec<u32> {
            let validation = Validation {
                every,
                ..Validation::default()
            };
            (0..planned).filter(|step| validation.is_due(*step, planned)).collect()
        };
        assert_eq!(due(0, 4), [] as [u32; 0]);
        assert_eq!(due(1, 4), [0, 1, 2, 3]);
        assert_eq!(due(3, 7), [2, 5, 6]);
        assert_eq!(due(3, 6), [2, 5]);
        assert_eq!(due(u32::MAX, 4), [3]);
    }

    #[test]
    fn ranges_are_checked() {
        let of = |images, batch_size| {
            let validation = Validation {
                every: 1,
                images,
                batch_size,
            };
            validation.validate().map_err(|invalid| invalid.key)
        };
        assert_eq!(of(None, 1), Ok(()));
        assert_eq!(of(Some(1), 1_048_576), Ok(()));
        assert_eq!(of(Some(0), 1), Err("images".into()));
        assert_eq!(of(None, 0), Err("batch-size".into()));
    }
}
