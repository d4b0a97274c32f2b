//! From an array to classes.

use super::{Array, Kind};

/// More classes than any data set has that is trained on one device; a larger label is a number of another kind.
const MOST_CLASSES: i128 = 1 << 16;

/// The classes in an array of `count` whole numbers from 0.
///
/// # Errors
/// The rest of a sentence that starts with the array: another shape, numbers with a fraction, a class that cannot be.
pub(crate) fn to_labels(array: &Array, count: usize) -> Result<Vec<u32>, String> {
    let (number, text) = (array.header.number, array.header.shape_text());
    match array.header.shape[..] {
        [there] | [there, 1] if there == count => {}
        [there] | [there, 1] => {
            return Err(format!(
                "has {there} classes, and there are {count} examples; they belong to other data, or one is cut"
            ));
        }
        [there, classes] if there == count => {
            return Err(format!(
                "has shape {text}, a row of {classes} for each example; save the number of its class, with \
                 `array.argmax(axis=1)`"
            ));
        }
        _ => return Err(format!("has shape {text}, and classes have one axis of {count}")),
    }
    if number.kind == Kind::Float {
        return Err(format!(
            "holds {}, and classes are whole numbers; save it with `array.astype(\"int64\")`",
            number.name()
        ));
    }
    let label = |(at, bytes): (usize, &[u8])| {
        let label = number.integer(bytes);
        u32::try_from(label)
            .ok()
            .filter(|_| label < MOST_CLASSES)
            .ok_or_else(|| {
                format!(
                    "has class `{label}` in example {at}, and classes go from 0 to {}; number them anew, with \
                 `np.unique(array, return_inverse=True)[1]`",
                    MOST_CLASSES - 1
                )
            })
    };
    array.bytes.chunks_exact(number.size).enumerate().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Header, Number};
    use super::*;

    fn array(kind: Kind, size: usize, shape: &[usize], bytes: &[u8]) -> Array {
        Array {
            header: Header {
                number: Number {
                    kind,
                    size,
                    big_endian: false,
                },
                fortran: false,
                shape: shape.to_vec(),
            },
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn classes_are_whole_numbers_one_an_example() {
        let short = array(Kind::Signed, 2, &[2], &[1, 0, 0, 1]);
        assert_eq!(to_labels(&short, 2), Ok(vec![1, 256]));
        let column = array(Kind::Unsigned, 1, &[2, 1], &[1, 0]);
        assert_eq!(to_labels(&column, 2), Ok(vec![1, 0]));
        for (array, part) in [
            (array(Kind::Float, 4, &[2], &[0; 8]), "whole numbers"),
            (array(Kind::Unsigned, 1, &[2, 2], &[0; 4]), "argmax"),
            (array(Kind::Unsigned, 1, &[3], &[0; 3]), "there are 2 examples"),
            (array(Kind::Unsigned, 1, &[], &[0]), "one axis of 2"),
            (array(Kind::Signed, 1, &[2], &[0, 0xff]), "class `-1` in example 1"),
            (
                array(Kind::Unsigned, 8, &[2], &[0xff; 16]),
                "class `18446744073709551615` in example 0",
            ),
        ] {
            let message = to_labels(&array, 2).unwrap_err();
            assert!(message.contains(part), "{message}");
        }
    }
}
