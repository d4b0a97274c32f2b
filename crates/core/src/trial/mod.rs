//! A trial: one config with one seed, and the id that names its content.

mod id;

pub use id::TrialId;

use crate::hex::hex;
use crate::recipe::Recipe;
use crate::seeds::Purpose;
use crate::settings::Validation;
use crate::train::{StartWeights, TrainPlan};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Version of what an id is made from. Raised when equal settings no longer give equal curves.
const ID_VERSION: u32 = 1;

/// One config with one seed, as it stands in `trial.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Trial {
    /// Content hash; what resume and claims go by.
    pub id: TrialId,
    /// The config this trial was made for. Other configs of equal recipe share the trial.
    pub config: String,
    /// The seed.
    pub seed: u64,
    /// What to train.
    pub recipe: Recipe,
    /// The training that follows the range test; absent for a range test.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub training: Option<TrainPlan>,
}

impl Trial {
    /// The range test of `recipe` with `seed`. Keys that depend on others are filled in first, so a default written out
    /// gives the same id.
    pub fn new(config: impl Into<String>, seed: u64, recipe: &Recipe) -> Self {
        let recipe = recipe.of_seed(seed).resolved();
        Self {
            id: identify(&recipe, seed, None),
            config: config.into(),
            seed,
            recipe,
            training: None,
        }
    }

    /// The training by `plan` that follows `range_test`.
    pub fn of_training(range_test: Self, plan: TrainPlan) -> Self {
        Self {
            id: identify(&range_test.recipe, range_test.seed, Some(&plan)),
            training: Some(plan),
            ..range_test
        }
    }

    /// How and on which images the network is evaluated; none where it is not.
    pub fn validation(&self) -> Option<&Validation> {
        match &self.training {
            Some(plan) => Some(&plan.validation),
            None => Some(&self.recipe.validation).filter(|validation| validation.is_on()),
        }
    }

    /// The stream that initial weights are drawn from.
    pub fn weights(&self) -> (Purpose, u64) {
        let purpose = match self.training.as_ref().map(|plan| plan.weights) {
            None | Some(StartWeights::Same) => Purpose::Weights,
            Some(StartWeights::Other) => Purpose::OtherWeights,
        };
        (purpose, self.recipe.streams.weights.of(self.seed))
    }
}

fn identify(recipe: &Recipe, seed: u64, training: Option<&TrainPlan>) -> TrialId {
    #[derive(Serialize)]
    struct Identity<'a> {
        version: u32,
        recipe: &'a Recipe,
        weights: u64,
        order: u64,
        augmentation: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        training: Option<TrainPlan>,
    }
    let streams = recipe.streams;
    let mut content = recipe.clone();
    content.trainer = recipe.trainer.identity();
    if training.is_some() || recipe.trainer.recorded().is_some() {
        // A training has a schedule and a validation of its own, and a recorded curve is all there is to know: a longer
        // one of another seed, which lengthens the plan, changes nothing about it.
        (content.schedule, content.validation) = Default::default();
    }
    // Only the seeds that come out count: a stream fixed at the trial's own seed is the same stream.
    content.streams = crate::settings::Streams::default();
    let identity = Identity {
        version: ID_VERSION,
        recipe: &content,
        weights: if recipe.trainer.draws_weights() {
            streams.weights.of(seed)
        } else {
            0
        },
        order: if recipe.trainer.draws_order() {
            streams.order.of(seed)
        } else {
            0
        },
        augmentation: if recipe.trainer.augments() {
            streams.augmentation.of(seed)
        } else {
            0
        },
        training: training.map(TrainPlan::identity),
    };
    // A struct of plain settings always serialises: no map with odd keys, and floats are validated as finite.
    let text = serde_json::to_string(&identity).unwrap_or_default();
    let digest = Sha256::digest(text.as_bytes());
    TrialId::from(hex(&digest[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Init, Missing, Scheme, StreamSeed, Streams};

    #[test]
    fn written_out_defaults_do_not_change_the_id() {
        let bare = Recipe::default();
        let written = bare.resolved();
        assert_ne!(bare, written);
        assert_eq!(Trial::new("a", 1, &bare).id, Trial::new("b", 1, &written).id);
    }

    /// Results from before there was a validation are found again: this id was computed then.
    #[test]
    fn without_validation_the_id_is_what_it_was() {
        let mut recipe = Recipe::default();
        let id = |recipe: &Recipe| Trial::new("a", 0, recipe).id;
        assert_eq!(id(&recipe).as_str(), "00cfdb5c1afc8d7bbe7dfdb320e7a425");
        (recipe.validation.images, recipe.validation.batch_size) = (Some(5), 7);
        assert_eq!(id(&recipe).as_str(), "00cfdb5c1afc8d7bbe7dfdb320e7a425");
        recipe.validation.every = 1;
        assert_ne!(id(&recipe).as_str(), "00cfdb5c1afc8d7bbe7dfdb320e7a425");
        assert_eq!(Trial::new("a", 0, &recipe).recipe.validation.images, Some(5));
    }

    #[test]
    fn seed_and_settings_change_the_id() {
        let recipe = Recipe::default();
        let mut other = recipe.clone();
        other.trainer.built_in_mut().unwrap().batches.batch_size = 64;
        let id = |seed, recipe: &Recipe| Trial::new("a", seed, recipe).id;
        assert_ne!(id(0, &recipe), id(1, &recipe));
        assert_ne!(id(0, &recipe), id(0, &other));
    }

    #[test]
    fn a_stream_fixed_at_the_same_seed_is_the_same_trial() {
        let recipe = Recipe::default();
        let fixed = Recipe {
            streams: Streams {
                weights: StreamSeed::Fixed(3),
                ..Streams::default()
            },
            ..recipe.clone()
        };
        assert_eq!(Trial::new("a", 3, &recipe).id, Trial::new("b", 3, &fixed).id);
        assert_ne!(Trial::new("a", 4, &recipe).id, Trial::new("b", 4, &fixed).id);
    }

    /// The content of the file counts: not its path, nor anything that would be drawn without it.
    #[test]
    fn weights_from_a_file_are_known_by_their_digest() {
        let with = |seed, change: &dyn Fn(&mut Init)| {
            let mut recipe = Recipe::default();
            (
                recipe.trainer.built_in_mut().unwrap().init.from,
                recipe.trainer.built_in_mut().unwrap().init.sha256,
            ) = (Some("/one".into()), Some("aa".into()));
            // Only the weights could differ from seed to seed.
            recipe.streams.order = StreamSeed::Fixed(0);
            change(&mut recipe.trainer.built_in_mut().unwrap().init);
            Trial::new("a", seed, &recipe).id
        };
        let same = with(0, &|_| ());
        assert_eq!(with(0, &|init| init.from = Some("/two".into())), same);
        assert_eq!(with(0, &|init| init.scheme = Scheme::Pytorch), same);
        assert_eq!(with(1, &|_| ()), same);
        assert_ne!(with(0, &|init| init.sha256 = Some("bb".into())), same);
        assert_ne!(with(0, &|init| (init.from, init.sha256) = (None, None)), same);
        let drawn = with(0, &|init| init.missing = Missing::Draw);
        assert_ne!(drawn, same);
        assert_ne!(with(1, &|init| init.missing = Missing::Draw), drawn);
        let scheme = |init: &mut Init| (init.missing, init.scheme) = (Missing::Draw, Scheme::Pytorch);
        assert_ne!(with(0, &scheme), drawn);
        // Without a digest the path is all there is to go by.
        let path = |path: &str| with(0, &|init| (init.from, init.sha256) = (Some(path.into()), None));
        assert_ne!(path("/one"), path("/two"));
    }

    #[test]
    fn a_named_data_set_may_move() {
        let at = |path: &str, name: Option<&str>| {
            let mut recipe = Recipe::default();
            recipe.trainer.built_in_mut().unwrap().data.source = crate::settings::Source::Cifar10;
            recipe.trainer.built_in_mut().unwrap().data.path = Some(path.into());
            recipe.trainer.built_in_mut().unwrap().data.name = name.map(Into::into);
            Trial::new("a", 0, &recipe).id
        };
        assert_eq!(at("/one", Some("cifar10")), at("/two", Some("cifar10")));
        assert_ne!(at("/one", None), at("/two", None));
    }
}
