//! What is no safetensors file, or a damaged one.

use crate::{answers, failure, failure_of, network, recipe, request, resnet, saved, starting, trained_state};
use seedband_core::protocol::{Event, FailureClass, Request};
use seedband_core::settings::{Dtype, Missing, Model};
use seedband_worker::{initial_state, state_dict};
use std::fs;
use std::path::Path;

/// A header and the bytes behind it.
fn file(header: &str, body: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), body].concat()
}

#[test]
fn damaged_and_hostile_files_are_refused() {
    let tensor = |dtype: &str, shape: &str, offsets: &str| {
        format!("{{\"a\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":{offsets}}}}}")
    };
    let overlapping = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\
                        \"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}";
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    let whole = saved(&recipe(resnet(8)), 0);
    for (bytes, part) in [
        (vec![], "shorter than the 8 bytes"),
        (b"PK\x03\x04".to_vec(), "shorter than the 8 bytes"),
        (whole[..whole.len() - 1].to_vec(), "longer or shorter than its tensors"),
        ([&whole[..], b"x"].concat(), "longer or shorter than its tensors"),
        (whole[..1000].to_vec(), "header is longer than the file"),
        (
            u64::MAX.to_le_bytes().to_vec(),
            "a header of 18446744073709551615 bytes is longer than 16777216",
        ),
        ((1_u64 << 24).to_le_bytes().to_vec(), "header is longer than the file"),
        (file("no JSON", b""), "header does not list tensors"),
        (file("[]", b""), "header does not list tensors"),
        (file(&deep, b""), "header does not list tensors"),
        (
            file(&tensor("F31", "[1]", "[0,4]"), &[0; 4]),
            "header does not list tensors",
        ),
        (
            file(&tensor("F32", "[-1]", "[0,4]"), &[0; 4]),
            "header does not list tensors",
        ),
        (
            file(&tensor("F32", "[1e3]", "[0,4]"), &[0; 4]),
            "header does not list tensors",
        ),
        (
            file(overlapping, &[0; 8]),
            "`b` does not begin where the tensor before it ends",
        ),
        (
            file(&tensor("F32", "[1]", "[4,8]"), &[0; 8]),
            "`a` does not begin where",
        ),
        (
            file(&tensor("F32", "[1]", "[0,18446744073709551615]"), &[0; 4]),
            "longer or shorter than its shape",
        ),
        (
            file(
                &tensor("U8", "[18446744073709551615]", "[0,18446744073709551615]"),
                &[0; 4],
            ),
            "longer or shorter than its tensors",
        ),
        (
            file(&tensor("F32", "[4611686018427387904,4]", "[0,4]"), &[0; 4]),
            "a tensor's shape is too large",
        ),
        (
            file(&tensor("F32", "[2]", "[0,4]"), &[0; 4]),
            "longer or shorter than its shape",
        ),
    ] {
        let (class, message) = failure(&bytes, Missing::Draw);
        assert_eq!(class, FailureClass::BadData, "{message}");
        assert!(
            message.starts_with("`DIR/weights.safetensors` is no safetensors file: ") && message.contains(part),
            "no `{part}` in: {message}"
        );
    }
}

/// Every bit of the header, flipped, and every length: an error or a state, never a panic.
#[test]
fn no_damage_makes_the_reader_panic() {
    let narrow = Model {
        width: Some(2),
        ..resnet(8)
    };
    let recipe = recipe(narrow);
    let network = network(&recipe);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let whole = state_dict::to_bytes(&trained_state(&network), network.specs(), Dtype::Float32);
    let header = 8 + u64::from_le_bytes(*whole.first_chunk().unwrap()) as usize;
    let start = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        initial_state::of(&starting(&recipe, 0, &path, Missing::Error), &network)
    };
    assert!(start(&whole).is_ok());
    // A flip changes what the file says but for a blank of the padding and within the metadata: no test can tell these.
    let mut unseen = 0;
    for at in 0..header {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 7);
        unseen += usize::from(start(&bytes).is_ok());
    }
    assert!(unseen < header / 20, "{unseen} of {header}");
    for length in (0..whole.len()).step_by(97).chain([header - 1, header, header + 1]) {
        assert!(start(&whole[..length]).is_err(), "{length}");
    }
}

#[test]
fn what_is_no_file_or_another_one_is_refused() {
    let recipe = recipe(resnet(8));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let none = folder.path().join("none");
    // /dev/zero has no end.
    for (path, part) in [
        (none.as_path(), "No such file"),
        (folder.path(), "it is not a file"),
        (Path::new("/dev/zero"), "it is not a file"),
    ] {
        let (class, message) = failure_of(starting(&recipe, 0, path, Missing::Error));
        assert_eq!(class, FailureClass::BadData);
        assert!(message.contains("cannot read `") && message.contains(part), "{message}");
    }
    fs::write(&path, saved(&recipe, 0)).unwrap();
    let mut request_of_another = starting(&recipe, 0, &path, Missing::Error);
    request_of_another
        .trial
        .recipe
        .trainer
        .built_in_mut()
        .unwrap()
        .init
        .sha256 = Some("0".repeat(64));
    let (class, message) = failure_of(request_of_another);
    assert_eq!(class, FailureClass::BadData);
    assert!(
        message.contains(&format!("and the trial's is `{}`", "0".repeat(64))),
        "{message}"
    );
    let mut without = starting(&recipe, 0, &path, Missing::Error);
    without.weights_path = None;
    assert!(failure_of(without).1.contains("set `init.from`"));
    // A path is no reason to read a file that the recipe does not name.
    let mut drawn = request(&recipe, 0, None);
    drawn.weights_path = Some(none);
    assert!(matches!(
        answers(&[Request::Train(drawn)]).last(),
        Some(Event::Finished(_))
    ));
}
