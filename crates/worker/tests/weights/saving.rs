//! What `init.safetensors` holds, and when it is there.

use crate::{answers, recipe, request, resnet, saved};
use safetensors::{Dtype as Stored, SafeTensors};
use seedband_core::protocol::{Event, FailureClass, Request};
use seedband_core::settings::Dtype;
use seedband_worker::dataset::Dataset;
use seedband_worker::initial_state;
use seedband_worker::models::{DataShape, Network};
use seedband_worker::train::train;
use std::collections::BTreeMap;
use std::fs;

/// By hand from the architecture: 19 convs, 19 batch norms of five entries each, 2 projections, one dense layer.
#[test]
fn a_resnet20_has_the_names_and_shapes_of_its_state_dict() {
    let bytes = saved(&recipe(resnet(20)), 0);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut expected: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut norm = |name: &str, channels: usize| {
        for entry in ["weight", "bias", "running_mean", "running_var"] {
            expected.insert(format!("{name}.{entry}"), vec![channels]);
        }
        expected.insert(format!("{name}.num_batches_tracked"), vec![]);
    };
    norm("bn1", 16);
    for (stage, channels) in [(1, 16), (2, 32), (3, 64)] {
        for block in 0..3 {
            norm(&format!("layer{stage}.{block}.bn1"), channels);
            norm(&format!("layer{stage}.{block}.bn2"), channels);
        }
    }
    expected.insert("conv1.weight".into(), vec![16, 3, 3, 3]);
    for (stage, channels, before) in [(1, 16, 16), (2, 32, 16), (3, 64, 32)] {
        for block in 0..3 {
            let input = if block == 0 { before } else { channels };
            let name = format!("layer{stage}.{block}");
            expected.insert(format!("{name}.conv1.weight"), vec![channels, input, 3, 3]);
            expected.insert(format!("{name}.conv2.weight"), vec![channels, channels, 3, 3]);
        }
        if stage > 1 {
            expected.insert(format!("layer{stage}.0.shortcut.weight"), vec![channels, before, 1, 1]);
        }
    }
    expected.insert("fc.weight".into(), vec![10, 64]);
    expected.insert("fc.bias".into(), vec![10]);
    assert_eq!(expected.len(), 19 + 19 * 5 + 2 + 2);
    let found: BTreeMap<String, Vec<usize>> = file
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, view.shape().to_vec()))
        .collect();
    assert_eq!(found, expected);
    for (name, view) in file.tensors() {
        let counts = name.ends_with("num_batches_tracked");
        assert_eq!(view.dtype(), if counts { Stored::I64 } else { Stored::F32 }, "{name}");
        if counts || name.ends_with("running_mean") {
            assert!(view.data().iter().all(|byte| *byte == 0), "{name}");
        }
        if name.ends_with("running_var") {
            assert!(
                view.data().chunks(4).all(|value| value == 1_f32.to_le_bytes()),
                "{name}"
            );
        }
    }
    let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
    let metadata = metadata.metadata().clone().unwrap();
    assert_eq!((metadata.len(), metadata["format"].as_str()), (1, "pt"));
}

/// Every drawn value, rounded as training rounds it, under its own name and in row-major order.
#[test]
fn values_are_those_that_training_starts_from() {
    for dtype in [Dtype::Float32, Dtype::Float64] {
        let mut recipe = recipe(resnet(8));
        recipe.trainer.built_in_mut().unwrap().batches.dtype = dtype;
        let bytes = saved(&recipe, 3);
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let images = Dataset::new(
            &seedband_data::read(&recipe.trainer.built_in().unwrap().data, None).unwrap(),
            tch::Device::Cpu,
        )
        .unwrap();
        let network = Network::new(&recipe.trainer.built_in().unwrap().model, DataShape::of(&images)).unwrap();
        let start = initial_state::of(&request(&recipe, 3, None), &network).unwrap();
        for (spec, values) in network.specs().iter().zip(&start.parameters) {
            let expected: Vec<u8> = match dtype {
                Dtype::Float32 => values.iter().flat_map(|value| (*value as f32).to_le_bytes()).collect(),
                Dtype::Float64 => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            };
            assert_eq!(file.tensor(&spec.name).unwrap().data(), expected, "{}", spec.name);
        }
    }
}

/// Whether a trial is trained, saved alone or saved after others, its file is the same; another seed's is not. The
/// curve is the same with and without a file.
#[test]
fn equal_trials_give_equal_bytes() {
    let recipe = recipe(resnet(8));
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (trained, later) = (at("trained"), at("later"));
    let events = answers(&[
        Request::Train(request(&recipe, 1, Some(&trained))),
        Request::SaveInit(request(&recipe, 1, Some(&later))),
        Request::Train(request(&recipe, 1, None)),
    ]);
    assert_eq!(events.len(), 4 + 1 + 4, "{events:?}");
    assert_eq!(events[..4], events[5..]);
    let alone = saved(&recipe, 1);
    assert_eq!(fs::read(trained).unwrap(), alone);
    assert_eq!(fs::read(later).unwrap(), alone);
    assert_ne!(saved(&recipe, 2), alone);
}

#[test]
fn a_file_is_there_before_training_begins() {
    let recipe = recipe(resnet(8));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("init.safetensors");
    let images = Dataset::new(
        &seedband_data::read(&recipe.trainer.built_in().unwrap().data, None).unwrap(),
        tch::Device::Cpu,
    )
    .unwrap();
    let mut events = 0;
    train(
        &request(&recipe, 0, Some(&path)),
        &images,
        None,
        tch::Device::Cpu,
        &mut |_| {
            assert!(path.is_file());
            events += 1;
            Ok(())
        },
    )
    .unwrap();
    assert_eq!(events, 4);
}

#[test]
fn a_file_that_cannot_be_written_fails_the_trial_alone() {
    let recipe = recipe(resnet(8));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none/init.safetensors");
    let events = answers(&[
        Request::Train(request(&recipe, 0, Some(&path))),
        Request::SaveInit(request(&recipe, 0, Some(&path))),
        Request::Train(request(&recipe, 0, None)),
    ]);
    assert_eq!(events.len(), 1 + 1 + 4, "{events:?}");
    for event in &events[..2] {
        let Event::Failed(failed) = event else {
            panic!("{event:?}")
        };
        assert_eq!(failed.class, FailureClass::Storage);
        assert!(failed.message.contains("cannot write `"), "{}", failed.message);
    }
}
