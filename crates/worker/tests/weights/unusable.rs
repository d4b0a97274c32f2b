//! Files that a trial cannot start from: one error that names what is wrong, and the next trial is trained.

use crate::into::{network, starting, worn};
use crate::out::saved;
use crate::{answers, recipe, request, resnet};
use safetensors::tensor::{Dtype as Stored, TensorView};
use safetensors::{SafeTensors, serialize};
use seedband_core::protocol::{Event, FailureClass, Request, Train};
use seedband_core::settings::{Dtype, Missing, Model};
use seedband_worker::start::Start;
use seedband_worker::state_dict;
use std::fs;
use std::path::Path;

/// How a trial that starts from a file of these bytes fails.
fn failure(bytes: &[u8], missing: Missing) -> (FailureClass, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    fs::write(&path, bytes).unwrap();
    let (class, message) = failure_of(starting(&recipe(resnet(8)), 0, &path, missing));
    (class, message.replace(&folder.path().display().to_string(), "DIR"))
}

fn failure_of(request: Train) -> (FailureClass, String) {
    let events = answers(&[
        Request::Train(request),
        Request::Train(crate::request(&recipe(resnet(8)), 0, None)),
    ]);
    let [Event::Failed(failed), Event::Started(_), .., Event::Finished(_)] = &events[..] else {
        panic!("{events:?}")
    };
    assert!(!failed.message.contains('\n'));
    (failed.class, failed.message.clone())
}

/// A tensor of the file: name, type, shape, bytes.
type Tensor = (String, Stored, Vec<usize>, Vec<u8>);

/// The file of a network, changed.
fn changed(change: impl FnOnce(&mut Vec<Tensor>)) -> Vec<u8> {
    let bytes = saved(&recipe(resnet(8)), 0);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut tensors: Vec<Tensor> = file
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, view.dtype(), view.shape().to_vec(), view.data().to_vec()))
        .collect();
    tensors.sort_by(|one, other| one.0.cmp(&other.0));
    change(&mut tensors);
    let views = tensors
        .iter()
        .map(|(name, dtype, shape, bytes)| (name.clone(), TensorView::new(*dtype, shape.clone(), bytes).unwrap()));
    serialize(views, &None).unwrap()
}

fn named<'a>(tensors: &'a mut [Tensor], name: &str) -> &'a mut Tensor {
    tensors.iter_mut().find(|tensor| tensor.0 == name).unwrap()
}

#[test]
fn tensors_that_do_not_fit_are_named() {
    use FailureClass::BadStudy;
    let lacking = changed(|tensors| tensors.retain(|tensor| !tensor.0.starts_with("layer2.0.bn1.")));
    let head = changed(|tensors| {
        for (name, shape) in [("fc.weight", vec![7, 64]), ("fc.bias", vec![7])] {
            let tensor = named(tensors, name);
            tensor.3.truncate(shape.iter().product::<usize>() * 4);
            tensor.2 = shape;
        }
    });
    let additional = changed(|tensors| tensors.push(("head.bias".into(), Stored::U8, vec![1], vec![0])));
    let everything = changed(|tensors| {
        for tensor in tensors {
            tensor.0.insert_str(0, "module.");
        }
    });
    for (bytes, missing, parts) in [
        (
            &lacking,
            Missing::Error,
            vec![
                "`DIR/weights.safetensors` does not fit the network: it lacks `layer2.0.bn1.weight`, `layer2.0.bn1.bias`, \
                 `layer2.0.bn1.running_mean`, `layer2.0.bn1.running_var`; ",
                "set `init.missing = \"draw\"`",
            ],
        ),
        (
            &head,
            Missing::Error,
            vec![
                "it has in another shape `fc.weight` ([7, 64] in the file, [10, 64] in the network), `fc.bias` ([7] in the file, [10] in the network); ",
            ],
        ),
        (
            &additional,
            Missing::Error,
            vec!["it has beside the network's `head.bias`; "],
        ),
        (
            &additional,
            Missing::Draw,
            vec!["it has beside the network's `head.bias`; "],
        ),
        (
            &everything,
            Missing::Draw,
            vec![
                "it lacks `conv1.weight`, ",
                " and 19 more; it has beside the network's `module.bn1.bias`, ",
            ],
        ),
        (
            &changed(Vec::clear),
            Missing::Draw,
            vec!["it has none of the network's tensors"],
        ),
    ] {
        let (class, message) = failure(bytes, missing);
        assert_eq!(class, BadStudy, "{message}");
        for part in parts {
            assert!(message.contains(part), "no `{part}` in: {message}");
        }
    }
}

#[test]
fn values_that_cannot_be_used_are_named() {
    let whole = |name: &'static str, value: f32| {
        changed(move |tensors| {
            named(tensors, name).3[4..8].copy_from_slice(&value.to_le_bytes());
        })
    };
    let as_type = |name: &'static str, dtype: Stored| {
        changed(move |tensors| {
            let tensor = named(tensors, name);
            tensor.1 = dtype;
            tensor.3 = vec![0; tensor.2.iter().product::<usize>() * dtype.size()];
        })
    };
    for (bytes, part) in [
        (whole("fc.bias", f32::NAN), "`fc.bias` holds `NaN`"),
        (whole("bn1.running_var", f32::INFINITY), "`bn1.running_var` holds `inf`"),
        (
            as_type("conv1.weight", Stored::I32),
            "`conv1.weight` has values of type `I32`; known are `F64`",
        ),
        (as_type("fc.weight", Stored::U8), "`fc.weight` has values of type `U8`"),
        (
            as_type("bn1.num_batches_tracked", Stored::F32),
            "`bn1.num_batches_tracked` has a value of type `F32`; it has to be `I64`",
        ),
    ] {
        for missing in [Missing::Error, Missing::Draw] {
            let (class, message) = failure(&bytes, missing);
            assert_eq!(class, FailureClass::BadData, "{message}");
            assert!(message.contains(part), "no `{part}` in: {message}");
        }
    }
}

/// A header and the bytes behind it.
fn file(header: &str, body: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), body].concat()
}

#[test]
fn damaged_and_hostile_files_are_refused() {
    let tensor = |dtype: &str, shape: &str, offsets: &str| {
        format!("{{\"a\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":{offsets}}}}}")
    };
    let overlapping = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}";
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
    let whole = state_dict::to_bytes(&worn(&network), network.specs(), Dtype::Float32);
    let header = 8 + u64::from_le_bytes(*whole.first_chunk().unwrap()) as usize;
    let start = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        Start::of(&starting(&recipe, 0, &path, Missing::Error), &network)
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
    request_of_another.trial.recipe.trainer.init.sha256 = Some("0".repeat(64));
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
