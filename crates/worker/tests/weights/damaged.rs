//! Files of weights that are damaged at random.

use crate::{network, recipe, request, saved};
use safetensors::SafeTensors;
use seedband_core::settings::{Architecture, Missing, Model};
use seedband_testkit::Fuzz;
use seedband_worker::failure::one_line;
use seedband_worker::initial_state;
use seedband_worker::state_dict::{self, NetworkState};
use std::fs;

#[test]
fn damaged_weights_are_answered() {
    let small = recipe(Model {
        architecture: Architecture::Resnet,
        depth: Some(8),
        width: Some(1),
        hidden: None,
    });
    let network = network(&small);
    let start = initial_state::of(&request(&small, 0, None), &network).unwrap();
    let good = saved(&small, 0);
    let header = &good[..good.len()
        - SafeTensors::deserialize(&good)
            .unwrap()
            .tensors()
            .iter()
            .map(|(_, view)| view.data().len())
            .sum::<usize>()];
    let bare = b"\x02\0\0\0\0\0\0\0{}".to_vec();
    let claims =
        b"\x45\0\0\0\0\0\0\0{\"fc.bias\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}"
            .to_vec();
    let seeds = [good.clone(), header.to_vec(), bare, claims];
    let words = [
        "dtype",
        "shape",
        "data_offsets",
        "__metadata__",
        "\"F64\"",
        "\"BF16\"",
        "\"I64\"",
        "[0,18446744073709551615]",
    ];
    let folder = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    let path = folder.path().join("weights.safetensors");
    // The file, its header as a list of tensors with names and shapes, and the values of the network.
    Fuzz::new(&seeds)
        .words(&words)
        .memory(|length| 200_000 + 40 * length)
        .run(|bytes| {
            fs::write(&path, bytes).unwrap();
            for missing in [Missing::Error, Missing::Draw] {
                let mut read = start.clone();
                match state_dict::read(&mut read, network.specs(), &path, None, missing) {
                    Ok(()) => {
                        let shape = |start: &NetworkState| start.parameters.iter().map(Vec::len).collect::<Vec<_>>();
                        assert_eq!(shape(&read), shape(&start));
                        assert!(read.parameters.iter().flatten().all(|value| value.is_finite()));
                    }
                    Err(error) => assert!(one_line(&error).contains("weights.safetensors"), "{}", one_line(&error)),
                }
            }
        });
}
