//! Training from a file that fits.

use crate::{answers, losses, network, recipe, request, resnet, saved, starting, trained_state, validations};
use seedband_core::protocol::Request;
use seedband_core::settings::{Dtype, Missing};
use seedband_data::Shape;
use seedband_worker::initial_state;
use seedband_worker::layers::NormState;
use seedband_worker::models::{DataShape, Network};
use seedband_worker::state_dict::{self, NetworkState};
use std::fs;

/// The trial whose weights were saved goes the same way from its file, to the last bit; a trial of another seed goes
/// another way from it.
#[test]
fn training_from_a_trials_own_file_gives_its_curve() {
    let mut recipe = recipe(resnet(8));
    recipe.validation.every = 1;
    recipe.validation.images = Some(20);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("init.safetensors");
    fs::write(&path, saved(&recipe, 3)).unwrap();
    let again = folder.path().join("again.safetensors");
    let mut own = starting(&recipe, 3, &path, Missing::Error);
    own.init_path = Some(again.clone());
    let events = answers(&[
        Request::Train(request(&recipe, 3, None)),
        Request::Train(own),
        Request::Train(starting(&recipe, 4, &path, Missing::Error)),
        Request::Train(request(&recipe, 4, None)),
    ]);
    assert_eq!(events.len(), 16, "{events:?}");
    let (drawn, own, other, other_drawn) = (&events[..4], &events[4..8], &events[8..12], &events[12..]);
    assert_eq!(losses(drawn), losses(own));
    assert_eq!(validations(drawn), validations(own));
    assert_eq!(validations(drawn).len(), 2);
    assert_ne!(losses(drawn), losses(other));
    assert_ne!(losses(other_drawn), losses(other));
    assert_eq!(fs::read(again).unwrap(), fs::read(path).unwrap());
}

/// Running averages have no part in a training loss, and are where a validation starts from.
#[test]
fn running_averages_of_the_file_are_what_validation_goes_by() {
    let mut recipe = recipe(resnet(8));
    recipe.validation.every = 1;
    recipe.validation.images = Some(20);
    let network = network(&recipe);
    let folder = tempfile::tempdir().unwrap();
    let fresh = initial_state::of(&request(&recipe, 0, None), &network).unwrap();
    let with = |name: &str, norms: Vec<NormState>| {
        let start = NetworkState { norms, ..fresh.clone() };
        let path = folder.path().join(name);
        fs::write(&path, state_dict::to_bytes(&start, network.specs(), Dtype::Float32)).unwrap();
        answers(&[Request::Train(starting(&recipe, 0, &path, Missing::Error))])
    };
    let (one, other) = (
        with("fresh", fresh.norms.clone()),
        with("trained", trained_state(&network).norms),
    );
    assert_eq!(losses(&one), losses(&other));
    let (one, other) = (validations(&one), validations(&other));
    assert_eq!((one.len(), other.len()), (2, 2));
    assert!(
        one.iter()
            .zip(&other)
            .all(|(one, other)| (one.loss - other.loss).abs() > 1e-3)
    );
}

/// A head for another number of classes: the rest is the file's, the head is the one that the seed gives to a network
/// drawn whole.
#[test]
fn what_the_file_lacks_is_drawn_from_the_seed() {
    let recipe = recipe(resnet(8));
    let network = network(&recipe);
    let other = Network::new(
        &recipe.trainer.built_in().unwrap().model,
        DataShape {
            example: Shape::Image {
                channels: 3,
                height: 32,
                width: 32,
            },
            classes: 7,
        },
    )
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let written = trained_state(&other);
    fs::write(&path, state_dict::to_bytes(&written, other.specs(), Dtype::Float64)).unwrap();
    let heads = network.specs().len() - 2;
    for seed in [0, 1] {
        let read = initial_state::of(&starting(&recipe, seed, &path, Missing::Draw), &network).unwrap();
        let drawn = initial_state::of(&request(&recipe, seed, None), &network).unwrap();
        assert_eq!(read.parameters[..heads], written.parameters[..heads]);
        assert_eq!(read.parameters[heads..], drawn.parameters[heads..]);
        assert_eq!(read.norms, written.norms);
    }
}
