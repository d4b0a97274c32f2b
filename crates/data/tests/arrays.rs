//! NumPy's arrays and IDX files: what NumPy wrote is read back as NumPy reads it, and what cannot be used is refused.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use seedband_core::one_line;
use seedband_core::settings::{Data, Layout, Source};
use seedband_data::{Examples, Values, read, read_validation};
use seedband_testkit::Fuzz;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[global_allocator]
static HEAP: seedband_testkit::Heap = seedband_testkit::Heap;

/// What NumPy reads, see `arrays/make.py`.
#[derive(Deserialize)]
struct Expected {
    layout: Option<Layout>,
    shape: Vec<usize>,
    bytes: bool,
    values: Vec<f64>,
    labels: Vec<u32>,
}

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn expected() -> BTreeMap<String, Expected> {
    serde_json::from_str(&fs::read_to_string(place("arrays/expected.json")).unwrap()).unwrap()
}

fn arrays() -> Data {
    Data {
        source: Source::Arrays,
        path: Some("data".into()),
        ..Data::default()
    }
}

fn refused(data: &Data, path: &Path) -> String {
    one_line(&read(data, Some(path)).unwrap_err())
}

fn values(examples: &Examples) -> Vec<f64> {
    match &examples.values {
        Values::Bytes(values) => values.iter().map(|value| f64::from(*value)).collect(),
        Values::Floats(values) => values.iter().map(|value| f64::from(*value)).collect(),
    }
}

#[test]
fn what_numpy_wrote_is_what_numpy_reads() {
    let cases = expected();
    assert_eq!(cases.len(), 12);
    for (name, expected) in cases {
        let path = place(&format!("arrays/{name}.npz"));
        let data = Data {
            layout: expected.layout,
            ..arrays()
        };
        let examples = read(&data, Some(&path)).unwrap_or_else(|error| panic!("{name}: {}", one_line(&error)));
        let shape: Vec<usize> = std::iter::once(examples.count())
            .chain(examples.shape.sides())
            .collect();
        assert_eq!(shape[..expected.shape.len()], expected.shape, "{name}");
        assert_eq!(values(&examples), expected.values, "{name}");
        assert_eq!(examples.labels, expected.labels, "{name}");
        assert_eq!(matches!(examples.values, Values::Bytes(_)), expected.bytes, "{name}");
        let classes = examples.classes;
        let test = read_validation(&data, Some(&path), None, examples.shape, classes).unwrap();
        assert_eq!(values(&test), values(&examples)[..values(&test).len()], "{name}");
        assert_eq!(
            (&test.labels[..], test.classes),
            (&examples.labels[..2], classes),
            "{name}"
        );
    }
}

#[test]
fn a_folder_holds_arrays_as_a_file_does() {
    let folder = place("arrays/folder");
    let found = read(&arrays(), Some(&folder)).unwrap();
    assert_eq!((found.count(), found.shape.sides(), found.classes), (5, [6, 1, 1], 3));
    let named = Data {
        arrays: Some(["second".into(), "y".into()]),
        ..arrays()
    };
    assert_eq!(read(&named, Some(&folder)).unwrap(), found);
    let message = one_line(&read_validation(&arrays(), Some(&folder), None, found.shape, 3).unwrap_err());
    assert!(
        message.contains("data.validation-arrays") && message.contains("validation.every = 0"),
        "{message}"
    );
    let own = Data {
        validation_arrays: Some(["X".into(), "y".into()]),
        ..arrays()
    };
    assert_eq!(
        read_validation(&own, Some(&folder), None, found.shape, 3).unwrap(),
        found
    );
    let message = one_line(&read_validation(&own, Some(&folder), None, found.shape, 2).unwrap_err());
    assert!(message.contains("y.npy` has class `2`"), "{message}");
}

#[test]
fn fewer_of_each_class_are_the_first() {
    let few = Data {
        images_per_class: Some(1),
        ..arrays()
    };
    let path = place("arrays/features.npz");
    let (all, few) = (read(&arrays(), Some(&path)).unwrap(), read(&few, Some(&path)).unwrap());
    assert_eq!(few.labels, [2, 0, 1]);
    assert_eq!(values(&few), values(&all)[..18]);
}

#[test]
fn what_cannot_be_used_is_refused_with_a_way_out() {
    for (name, part) in [
        ("objects", "Python objects"),
        ("text", "np.unique"),
        ("one-hot", "argmax"),
        ("real", "astype(\"int64\")"),
        ("negative", "class `-1` in example 1"),
        ("short", "has 4 classes, and there are 5 examples"),
        ("one-class", "one class alone"),
        ("nan", "in example 3"),
        ("alpha", "5x2x4x4"),
        ("unclear", "data.layout"),
        ("complex", "something else"),
        ("records", "records of several fields"),
        ("flat", "has shape 5;"),
        ("names", "it has `inputs`, `outputs`"),
    ] {
        let message = refused(&arrays(), &place(&format!("arrays/refused/{name}.npz")));
        assert!(message.contains(part) && message.contains(name), "{name}: {message}");
    }
    let message = refused(&arrays(), &place("arrays/make.py"));
    assert!(message.contains("is no `.npz` file"), "{message}");
    let message = refused(&arrays(), &place("arrays/folder/y.npy"));
    assert!(message.contains("name its folder"), "{message}");
    let message = refused(&arrays(), &place("idx"));
    assert!(message.contains("it has none"), "{message}");
}

#[test]
fn idx_files_are_read_by_their_names() {
    let idx = Data {
        source: Source::Idx,
        path: Some("data".into()),
        ..Data::default()
    };
    let examples = read(&idx, Some(&place("idx"))).unwrap();
    let grey = &expected()["grey"];
    assert_eq!(
        (values(&examples), &examples.labels),
        (grey.values.clone(), &grey.labels)
    );
    assert_eq!(examples.shape.sides(), [1, 2, 4]);
    let test = read_validation(&idx, Some(&place("idx")), None, examples.shape, 3).unwrap();
    assert_eq!(test.labels, grey.labels[..2]);
    // Names as other copies have them, unpacked.
    let root = tempfile::tempdir().unwrap();
    let copy = |from: &str, to: &str| fs::copy(place("idx").join(from), root.path().join(to)).unwrap();
    let message = refused(&idx, root.path());
    assert!(message.contains("holds no `train-images-idx3-ubyte`"), "{message}");
    copy("train-images-idx3-ubyte.gz", "emnist-train-images.idx3-ubyte.gz");
    let message = refused(&idx, root.path());
    assert!(message.contains("holds no `train-labels-idx1-ubyte`"), "{message}");
    copy("train-labels-idx1-ubyte.gz", "emnist-train-labels-idx1-ubyte.gz");
    assert_eq!(read(&idx, Some(root.path())).unwrap(), examples);
    copy("train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz");
    let message = refused(&idx, root.path());
    assert!(
        message.contains("holds 2 files `…train-images-idx3-ubyte`"),
        "{message}"
    );
}

#[test]
fn damaged_archives_are_answered() {
    let folder = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    let path = folder.path().join("data.npz");
    let seeds = ["features", "grey", "fortran"].map(|name| fs::read(place(&format!("arrays/{name}.npz"))).unwrap());
    // The archive's list, what deflate may come to, its tables, and the numbers made of it.
    Fuzz::new(&seeds)
        .memory(|length| 1_000_000 + 10_000 * length)
        .run(|bytes| {
            fs::write(&path, bytes).unwrap();
            if let Ok(examples) = read(&arrays(), Some(&path)) {
                assert_eq!(examples.values.len(), examples.count() * examples.shape.len());
                assert!(examples.labels.iter().all(|label| (*label as usize) < examples.classes));
            }
        });
}
