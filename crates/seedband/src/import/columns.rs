//! Which column holds what.

use super::table::Table;
use std::fmt::Write as _;

/// What a column may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Step,
    Lr,
    Loss,
    Seed,
    Config,
    ValidationLoss,
    ValidationAccuracy,
}

/// Names of columns, keys or tags that the user gives; those that are usual are found without.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnNames {
    /// Of the step.
    pub step: Option<String>,
    /// Of the learning rate.
    pub lr: Option<String>,
    /// Of the training loss.
    pub loss: Option<String>,
    /// Of the seed.
    pub seed: Option<String>,
    /// Of the config.
    pub config: Option<String>,
    /// Of the validation loss.
    pub validation_loss: Option<String>,
    /// Of the validation accuracy, from 0 to 1.
    pub validation_accuracy: Option<String>,
}

impl Role {
    /// What it is, and the option that names its column.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Step => ("step", "--step-column"),
            Self::Lr => ("learning rate", "--lr-column"),
            Self::Loss => ("loss", "--loss-column"),
            Self::Seed => ("seed", "--seed-column"),
            Self::Config => ("config", "--config-column"),
            Self::ValidationLoss => ("validation loss", "--validation-loss-column"),
            Self::ValidationAccuracy => ("validation accuracy", "--validation-accuracy-column"),
        }
    }

    /// Usual names, the likeliest first; written as [`plain`] writes them.
    fn usual(self) -> &'static [&'static str] {
        match self {
            Self::Step => &[
                "step",
                "global_step",
                "trainer_global_step",
                "iteration",
                "iter",
                "batch",
                "steps",
            ],
            Self::Lr => &["lr", "learning_rate", "lrs", "learning_rates"],
            Self::Loss => &[
                "loss",
                "train_loss",
                "training_loss",
                "batch_loss",
                "train_loss_step",
                "loss_step",
                "losses",
            ],
            Self::Seed => &["seed", "random_seed"],
            Self::Config => &["config"],
            Self::ValidationLoss => &["validation_loss", "val_loss", "valid_loss", "eval_loss"],
            Self::ValidationAccuracy => &["validation_accuracy", "val_accuracy", "val_acc", "valid_accuracy"],
        }
    }
}

impl ColumnNames {
    fn given(&self, role: Role) -> Option<&str> {
        let name = match role {
            Role::Step => &self.step,
            Role::Lr => &self.lr,
            Role::Loss => &self.loss,
            Role::Seed => &self.seed,
            Role::Config => &self.config,
            Role::ValidationLoss => &self.validation_loss,
            Role::ValidationAccuracy => &self.validation_accuracy,
        };
        name.as_deref()
    }

    /// The place of the column for `role` among `columns`; none where there is none and none was named.
    ///
    /// # Errors
    /// The one that was named is not there, or several may be meant.
    pub(super) fn find(&self, role: Role, columns: &[String]) -> Result<Option<usize>, String> {
        if let Some(given) = self.given(role) {
            let place = columns.iter().position(|name| name == given);
            return place.map(Some).ok_or_else(|| {
                let option = role.words().1;
                format!(
                    "has no column `{given}`; name another with `{option}`: {}",
                    listed(columns)
                )
            });
        }
        let ways: [fn(&str) -> String; 2] = [plain, last_part];
        for way in ways {
            for usual in role.usual() {
                let fitting =
                    (0..columns.len()).filter(|place| columns.get(*place).is_some_and(|name| way(name) == *usual));
                if let Some(place) = only(role, fitting.collect(), columns)? {
                    return Ok(Some(place));
                }
            }
        }
        if role != Role::Lr {
            return Ok(None);
        }
        // Lightning's `LearningRateMonitor` writes `lr-SGD`.
        let fitting = (0..columns.len()).filter(|place| {
            columns
                .get(*place)
                .is_some_and(|name| last_part(name).starts_with("lr_"))
        });
        only(role, fitting.collect(), columns)
    }

    /// The same for a column that has to be there.
    pub(super) fn require(&self, role: Role, table: &Table) -> Result<usize, String> {
        self.find(role, table.columns())?.ok_or_else(|| {
            let (what, option) = role.words();
            format!(
                "has no column of a usual name for the {what}; name it with `{option}`: {}",
                listed(table.columns())
            )
        })
    }
}

/// The one of `places` where there is one.
fn only(role: Role, places: Vec<usize>, columns: &[String]) -> Result<Option<usize>, String> {
    if places.len() < 2 {
        return Ok(places.into_iter().next());
    }
    let (what, option) = role.words();
    let names: Vec<String> = places
        .into_iter()
        .filter_map(|place| columns.get(place).cloned())
        .collect();
    Err(format!(
        "has several columns that may be the {what}; name one with `{option}`: {}",
        listed(&names)
    ))
}

/// A name in small letters, its parts joined by `_`.
fn plain(name: &str) -> String {
    let parts = name.split(|letter: char| !letter.is_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("_").to_lowercase()
}

/// The same of what follows the last slash: `train/lr` is an `lr`.
fn last_part(name: &str) -> String {
    plain(name.rsplit('/').next().unwrap_or(name))
}

/// Names for people; of many the first.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut text = String::new();
    for name in names.iter().take(SHOWN) {
        let separator = if text.is_empty() { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{separator}`{}`", name.chars().take(60).collect::<String>());
    }
    match names.len() {
        0 => "it has none".into(),
        SHOWN.. if names.len() > SHOWN => format!("{text} and {} more", names.len() - SHOWN),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(role: Role, columns: &[&str]) -> Result<Option<usize>, String> {
        let columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
        ColumnNames::default().find(role, &columns)
    }

    #[test]
    fn usual_names_are_found_the_likeliest_first() {
        assert_eq!(find(Role::Loss, &["train_loss", "loss", "val_loss"]), Ok(Some(1)));
        assert_eq!(find(Role::Loss, &["Train/Loss", "val/loss"]), Ok(Some(0)));
        assert_eq!(find(Role::Lr, &["epoch", "lr-SGD"]), Ok(Some(1)));
        assert_eq!(find(Role::Lr, &["optim/Learning Rate"]), Ok(Some(0)));
        assert_eq!(find(Role::Step, &["_step"]), Ok(Some(0)));
        assert_eq!(find(Role::Seed, &["lr"]), Ok(None));
    }

    #[test]
    fn what_is_not_clear_is_asked() {
        let error = find(Role::Lr, &["lr-SGD/pg1", "lr-SGD/pg2", "x/lr_a", "x/lr_b"]).unwrap_err();
        assert_eq!(
            error,
            "has several columns that may be the learning rate; name one with `--lr-column`: `x/lr_a`, `x/lr_b`"
        );
        let names = ColumnNames {
            loss: Some("los".into()),
            ..ColumnNames::default()
        };
        let error = names.find(Role::Loss, &["loss".into()]).unwrap_err();
        assert_eq!(error, "has no column `los`; name another with `--loss-column`: `loss`");
        assert_eq!(names.find(Role::Loss, &["los".into(), "loss".into()]), Ok(Some(0)));
    }
}
