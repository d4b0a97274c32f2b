//! The binary versions of CIFAR-10 and CIFAR-100 (Krizhevsky 2009; <https://www.cs.toronto.edu/~kriz/cifar.html>).
//!
//! A file is a row of records without header: the label, or for CIFAR-100 the coarse and the fine label, of one byte
//! each, then 1024 red, 1024 green and 1024 blue bytes, row by row.

use crate::class_limit::ClassLimit;
use crate::{DataError, Examples, file};
use seedband_core::files::fsio;
use seedband_core::settings::Source;
use std::path::Path;

const SIDE: usize = 32;
const PIXELS: usize = 3 * SIDE * SIDE;

/// How a part of one of the two data sets is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Files, in order.
    files: &'static [&'static str],
    /// Bytes before the pixels; the last of them is the class.
    labels: usize,
    /// Number of classes.
    classes: usize,
    /// Records in each file.
    records: usize,
}

/// CIFAR-10: five training files of 3073-byte records.
pub const CIFAR10: Layout = Layout {
    files: &[
        "data_batch_1.bin",
        "data_batch_2.bin",
        "data_batch_3.bin",
        "data_batch_4.bin",
        "data_batch_5.bin",
    ],
    labels: 1,
    classes: 10,
    records: 10_000,
};

/// CIFAR-10's test file.
pub const CIFAR10_TEST: Layout = Layout {
    files: &["test_batch.bin"],
    ..CIFAR10
};

/// CIFAR-100: one training file of 3074-byte records.
pub const CIFAR100: Layout = Layout {
    files: &["train.bin"],
    labels: 2,
    classes: 100,
    records: 50_000,
};

/// CIFAR-100's test file.
pub const CIFAR100_TEST: Layout = Layout {
    files: &["test.bin"],
    records: 10_000,
    ..CIFAR100
};

/// The names of the classes, where the list that comes with the files has so many.
pub(crate) fn class_names(source: Source, folder: &Path, classes: usize) -> Option<Vec<String>> {
    let list = match source {
        Source::Cifar10 => "batches.meta.txt",
        Source::Cifar100 => "fine_label_names.txt",
        _ => return None,
    };
    let text = fsio::read(&folder.join(list)).ok()?;
    let names: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    (names.len() == classes).then_some(names)
}

/// Reads the files of `layout` in `folder`, of each class the first `limit` images.
///
/// # Errors
/// A file that is missing, has not the size it has to have, or holds a class that the data set does not have.
pub fn read(folder: &Path, layout: Layout, limit: Option<u32>) -> Result<Examples, DataError> {
    let (mut pixels, mut classes) = (Vec::new(), Vec::new());
    let mut limit = ClassLimit::new(limit, layout.classes);
    for name in layout.files {
        let path = folder.join(name);
        let bytes = file::bytes(&path)?;
        let record = layout.labels + PIXELS;
        let whole = record * layout.records;
        if bytes.len() != whole {
            let problem = format!(
                "holds {} bytes and not {whole}; download the binary version again",
                bytes.len()
            );
            return Err(DataError::file(&path, problem));
        }
        for (index, record) in bytes.chunks_exact(record).enumerate() {
            let class = usize::from(record[layout.labels - 1]);
            if class >= layout.classes {
                let problem = format!(
                    "has class `{class}` in record {index}, and classes go from 0 to {}",
                    layout.classes - 1
                );
                return Err(DataError::file(&path, problem));
            }
            if limit.take(class) {
                pixels.extend_from_slice(&record[layout.labels..]);
                classes.push(class as u32);
            }
        }
    }
    Ok(Examples::rgb(pixels, classes, SIDE, SIDE, layout.classes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::one_line;
    use seedband_testkit::Fuzz;
    use std::fs;
    use tempfile::TempDir;

    /// A record whose pixels are `red`, then `green`, then `blue`.
    fn record(labels: &[u8], [red, green, blue]: [u8; 3]) -> Vec<u8> {
        let planes = [red, green, blue].map(|value| [value; SIDE * SIDE]);
        [labels, &planes.concat()].concat()
    }

    /// The layouts with files of two records and of one.
    const TWO_EACH: Layout = Layout { records: 2, ..CIFAR10 };
    const ONE: Layout = Layout { records: 1, ..CIFAR100 };

    fn cifar10(last: &[u8]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (index, name) in CIFAR10.files.iter().enumerate() {
            let first = record(&[index as u8], [index as u8, 100, 200]);
            let bytes = [first, record(&[9], [7, 8, 9])].concat();
            fs::write(folder.path().join(name), if index == 4 { last } else { &bytes }).unwrap();
        }
        folder
    }

    fn error(folder: &TempDir, layout: Layout) -> String {
        one_line(&read(folder.path(), layout, None).unwrap_err())
    }

    #[test]
    fn records_become_images_in_file_order() {
        let folder = cifar10(&[record(&[4], [1, 2, 3]), record(&[4], [4, 5, 6])].concat());
        let images = read(folder.path(), TWO_EACH, None).unwrap();
        assert_eq!(images.labels, [0, 9, 1, 9, 2, 9, 3, 9, 4, 4]);
        assert_eq!(
            (images.shape.sides(), images.classes, images.bytes().len()),
            ([3, 32, 32], 10, 10 * 3072)
        );
        assert_eq!(
            (
                images.bytes()[2 * 3072],
                images.bytes()[2 * 3072 + 1024],
                images.bytes()[3 * 3072 - 1]
            ),
            (1, 100, 200)
        );
        let few = read(folder.path(), TWO_EACH, Some(1)).unwrap();
        assert_eq!(few.labels, [0, 9, 1, 2, 3, 4]);
        assert_eq!(few.bytes().len(), 6 * 3072);
    }

    #[test]
    fn the_fine_label_counts() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("train.bin"), record(&[19, 99], [1, 2, 3])).unwrap();
        let images = read(folder.path(), ONE, None).unwrap();
        assert_eq!(
            (&images.labels[..], images.classes, images.bytes()[0]),
            (&[99][..], 100, 1)
        );
    }

    #[test]
    fn test_files_are_read_alike() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("test_batch.bin"), record(&[3], [1, 2, 3])).unwrap();
        let layout = Layout {
            records: 1,
            ..CIFAR10_TEST
        };
        assert_eq!(read(folder.path(), layout, None).unwrap().labels, [3]);
        let message = error(&folder, CIFAR10_TEST);
        assert!(
            message.contains("test_batch.bin` holds 3073 bytes and not 30730000"),
            "{message}"
        );
        assert!(error(&folder, CIFAR100_TEST).contains("test.bin"));
    }

    #[test]
    fn broken_files_are_named() {
        let whole = [record(&[4], [1, 2, 3]), record(&[4], [1, 2, 3])].concat();
        for (bytes, size) in [
            (&whole[..3000], 3000),
            (&whole[..3073], 3073),
            (&[][..], 0),
            (&[&whole[..], &[0]].concat()[..], 6147),
        ] {
            let message = error(&cifar10(bytes), TWO_EACH);
            assert!(
                message.contains(&format!("data_batch_5.bin` holds {size} bytes and not 6146")),
                "{message}"
            );
        }
        let message = error(
            &cifar10(&[record(&[4], [0; 3]), record(&[10], [0; 3])].concat()),
            TWO_EACH,
        );
        assert!(
            message.contains("data_batch_5.bin` has class `10` in record 1"),
            "{message}"
        );
        let folder = cifar10(&whole);
        fs::remove_file(folder.path().join("data_batch_3.bin")).unwrap();
        let message = error(&folder, TWO_EACH);
        assert!(
            message.contains("cannot read") && message.contains("data_batch_3.bin`: No such file"),
            "{message}"
        );
        let message = error(&folder, CIFAR100);
        assert!(message.contains("train.bin"), "{message}");
    }

    #[test]
    fn damaged_files_are_answered() {
        let folder = tempfile::tempdir().unwrap();
        for (layout, labels) in [(TWO_EACH, &[9][..]), (Layout { records: 2, ..CIFAR100 }, &[19, 99])] {
            let layout = Layout {
                files: &layout.files[..1],
                ..layout
            };
            let seeds = [[record(labels, [1, 2, 3]), record(labels, [4, 5, 6])].concat()];
            // The file, the images, and as much again while the list of images grows.
            Fuzz::new(&seeds).memory(|length| 20_000 + 4 * length).run(|bytes| {
                fs::write(folder.path().join(layout.files[0]), bytes).unwrap();
                if let Ok(images) = read(folder.path(), layout, None) {
                    assert_eq!((images.count(), images.bytes().len()), (2, 2 * PIXELS));
                    assert!(images.labels.iter().all(|label| (*label as usize) < layout.classes));
                }
            });
        }
    }
}
