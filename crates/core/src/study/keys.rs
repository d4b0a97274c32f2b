//! The tables that a config may say: one list, from which the shapes of files and the lists of keys are made.

/// Calls the macro `$callback` with the tables that one config may say, each with its type, in the order in which they
/// are listed to people.
macro_rules! config_tables {
    ($callback:ident) => {
        $crate::recipe::recipe_tables! {
            $callback
            analysis {
                pairing: Pairing,
                smoothing: Smoothing,
                stop: Stop,
                divergence: Divergence,
                range: Range,
            }
        }
    };
}
pub(super) use config_tables;

macro_rules! names {
    (recipe { $($recipe:ident: $_recipe:ty,)* } analysis { $($analysis:ident: $_analysis:ty,)* }) => {
        /// Tables of a recipe.
        pub(super) const RECIPE: &[&str] = &[$(stringify!($recipe)),*];
        /// Keys of an analysis.
        pub(super) const ANALYSIS: &[&str] = &[$(stringify!($analysis)),*];
    };
}
config_tables!(names);

/// Tables of a recipe that are the built-in trainer's own.
pub(super) const BUILT_IN: &[&str] = &[
    "model",
    "init",
    "data",
    "pixels",
    "augment",
    "training",
    "loss",
    "optimizer",
];

/// The table of a program of the user's.
pub(super) const PROGRAM: &str = "trainer";

/// The table of curves that were recorded elsewhere.
pub(super) const RECORDED: &str = "recorded";

/// The table of the train stage.
pub(super) const TRAIN: &str = "train";

/// Whether one config can say this top-level key.
pub(super) fn is_of_config(key: &str) -> bool {
    of_config().any(|known| known == key)
}

/// Every top-level key that one config can say.
pub(super) fn of_config() -> impl Iterator<Item = &'static str> {
    RECIPE.iter().chain(ANALYSIS).copied().chain([TRAIN])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::range_test::{Analysis, Divergence};
    use crate::recipe::Recipe;
    use crate::trainer::{Program, Recorded};

    /// The lists hold every key that the types have, those included that are left out of files where they are at their
    /// default.
    #[test]
    fn the_lists_are_those_of_the_types() {
        let mut recipe = Recipe::default();
        recipe.validation.every = 1;
        let analysis = Analysis {
            divergence: Divergence {
                factor: Some(4.0),
                beta: None,
            },
            ..Analysis::default()
        };
        let keys = |table: toml::Table| table.keys().cloned().collect::<Vec<_>>();
        let built_in = keys(toml::Table::try_from(&recipe).unwrap());
        recipe.trainer = Program::default().into();
        let of_program = keys(toml::Table::try_from(&recipe).unwrap());
        recipe.trainer = Recorded::default().into();
        let of_recorded = keys(toml::Table::try_from(&recipe).unwrap());
        let (own, shared) = built_in.split_at(BUILT_IN.len());
        assert_eq!(
            (own, &of_program[0], shared),
            (
                &BUILT_IN.iter().map(|&key| key.to_owned()).collect::<Vec<_>>()[..],
                &PROGRAM.to_owned(),
                &of_program[1..]
            )
        );
        assert_eq!((&of_recorded[0][..], &of_recorded[1..]), (RECORDED, shared));
        let first = [PROGRAM, RECORDED].map(str::to_owned);
        assert_eq!([&first[..], &built_in].concat(), RECIPE);
        let mut listed = ANALYSIS.to_vec();
        let mut of_type = keys(toml::Table::try_from(&analysis).unwrap());
        listed.sort_unstable();
        of_type.sort_unstable();
        assert_eq!(of_type, listed);
        assert!(is_of_config("train") && !is_of_config("seeds"));
    }
}
