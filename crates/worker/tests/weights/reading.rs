//! Values from a file, as they are.

use crate::{network, recipe, resnet, starting, trained_state};
use safetensors::tensor::TensorView;
use safetensors::{Dtype as Stored, SafeTensors, serialize};
use seedband_core::settings::{Architecture, Dtype, Missing, Model};
use seedband_worker::initial_state;
use seedband_worker::layers::NormState;
use seedband_worker::state_dict::{self, NetworkState};
use std::fs;

/// Equal to the last bit in the precision that is written.
#[test]
fn a_state_that_is_written_is_read_again() {
    let recipe = recipe(resnet(20));
    let network = network(&recipe);
    let specs = network.specs();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let written = trained_state(&network);
    assert_eq!((written.norms.len(), written.norms[2].batches), (19, 5));
    for dtype in [Dtype::Float64, Dtype::Float32] {
        fs::write(&path, state_dict::to_bytes(&written, specs, dtype)).unwrap();
        let read = initial_state::of(&starting(&recipe, 0, &path, Missing::Error), &network).unwrap();
        let rounded = |values: &[f64]| -> Vec<f64> {
            let round = |value: &f64| match dtype {
                Dtype::Float64 => *value,
                Dtype::Float32 => f64::from(*value as f32),
            };
            values.iter().map(round).collect()
        };
        let expected = NetworkState {
            parameters: written.parameters.iter().map(|values| rounded(values)).collect(),
            norms: written
                .norms
                .iter()
                .map(|norm| NormState {
                    mean: rounded(&norm.mean),
                    variance: rounded(&norm.variance),
                    batches: norm.batches,
                })
                .collect(),
        };
        assert_eq!(read, expected);
        // What is read and written again is the same file.
        if dtype == Dtype::Float32 {
            assert_eq!(state_dict::to_bytes(&read, specs, dtype), fs::read(&path).unwrap());
        }
    }
}

/// By hand: sign, exponent and fraction of each type, subnormal ones too, and the halves that differ between the two
/// 16-bit types.
#[test]
fn values_of_every_type_are_widened_as_they_are() {
    let recipe = recipe(Model {
        architecture: Architecture::Mlp,
        hidden: Some(vec![]),
        ..Model::default()
    });
    let network = network(&recipe);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    // Ten biases; the weight, 10 x 3072, is zeros.
    let two = |bits: [u16; 10]| -> Vec<u8> { bits.iter().flat_map(|bits| bits.to_le_bytes()).collect() };
    let half_bits = two([
        0, 0x8000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x3c01,
    ]);
    let half = [
        0.0,
        -0.0,
        1.0,
        -2.0,
        1365.0 / 4096.0,
        65504.0,
        2_f64.powi(-14),
        2_f64.powi(-24),
        -1023.0 * 2_f64.powi(-24),
        1.0 + 2_f64.powi(-10),
    ];
    let brain_bits = two([
        0, 0x8000, 0x3f80, 0xc000, 0x3eab, 0x7f7f, 0x0080, 0x0001, 0x807f, 0x3f81,
    ]);
    let brain = [
        0.0,
        -0.0,
        1.0,
        -2.0,
        171.0 / 512.0,
        255.0 * 2_f64.powi(120),
        2_f64.powi(-126),
        2_f64.powi(-133),
        -127.0 * 2_f64.powi(-133),
        1.0 + 2_f64.powi(-7),
    ];
    let exact = [0.0, -0.0, 1.0, -2.0, 1.0 / 3.0, 1e300, 5e-324, 0.1, -0.1, 7.0];
    let f64s: Vec<u8> = exact.iter().flat_map(|value: &f64| value.to_le_bytes()).collect();
    let single = exact.map(|value| if value > 1e38 { 3e38_f32 } else { value as f32 });
    let f32s: Vec<u8> = single.iter().flat_map(|value| value.to_le_bytes()).collect();
    for (dtype, bytes, expected) in [
        (Stored::F16, half_bits, half),
        (Stored::BF16, brain_bits, brain),
        (Stored::F64, f64s, exact),
        (Stored::F32, f32s, single.map(f64::from)),
    ] {
        let zeros = vec![0; 10 * 3072 * dtype.size()];
        let tensors = [
            ("fc1.weight", TensorView::new(dtype, vec![10, 3072], &zeros).unwrap()),
            ("fc1.bias", TensorView::new(dtype, vec![10], &bytes).unwrap()),
        ];
        fs::write(&path, serialize(tensors, &None).unwrap()).unwrap();
        let start = initial_state::of(&starting(&recipe, 0, &path, Missing::Error), &network).unwrap();
        assert!(start.parameters[0].iter().all(|value| *value == 0.0));
        let bits = |values: &[f64]| -> Vec<u64> { values.iter().map(|value| value.to_bits()).collect() };
        assert_eq!(bits(&start.parameters[1]), bits(&expected), "{dtype:?}");
    }
}

/// A file without counts of batches, as exported from PyTorch before 0.4.1; PyTorch's `load_state_dict` takes them for
/// 0 as well.
#[test]
fn counts_of_batches_may_be_absent() {
    let recipe = recipe(resnet(8));
    let network = network(&recipe);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let written = trained_state(&network);
    let bytes = state_dict::to_bytes(&written, network.specs(), Dtype::Float64);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let kept = file
        .tensors()
        .into_iter()
        .filter(|(name, _)| !name.ends_with("tracked"));
    fs::write(&path, serialize(kept, &None).unwrap()).unwrap();
    let read = initial_state::of(&starting(&recipe, 0, &path, Missing::Error), &network).unwrap();
    assert_eq!(read.parameters, written.parameters);
    assert!(read.norms.iter().all(|norm| norm.batches == 0));
    assert_eq!(read.norms[4].mean, written.norms[4].mean);
}
