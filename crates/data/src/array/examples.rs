//! From an array to examples: which of its axes is which.

use super::{Array, Header};
use crate::{Shape, Values};
use seedband_core::settings::Layout;

/// The examples of an array, and what one of them is: features of `[n, d]`, grey images of `[n, height, width]`, grey or
/// colour ones of four axes, whose order is `layout` or else the one that the lengths allow.
///
/// Bytes of images stay bytes; all other numbers are taken as they are, as float32.
///
/// # Errors
/// The rest of a sentence that starts with the array: another shape, no example, a number that is not finite.
pub(crate) fn to_values(array: &Array, layout: Option<Layout>) -> Result<(Values, Shape), String> {
    let (axes, shape) = axes(&array.header, layout)?;
    if array.header.shape[0] == 0 || shape.is_empty() {
        return Err(format!("has shape {}, which is no example", array.header.shape_text()));
    }
    let number = array.header.number;
    let is_image = matches!(shape, Shape::Image { .. });
    if is_image && number.is_byte() {
        return Ok((Values::Bytes(gather(array, &axes, |bytes| bytes[0])), shape));
    }
    let values = gather(array, &axes, |bytes| number.float(bytes) as f32);
    if let Some(at) = values.iter().position(|value| !value.is_finite()) {
        return Err(format!(
            "has a number that is not finite, or too large for float32, in example {}; remove or replace it",
            at / shape.len()
        ));
    }
    Ok((Values::Floats(values), shape))
}

/// For each axis of `[n, channels, height, width]` the array's own; none where it has length 1.
type Axes = [Option<usize>; 4];

fn axes(header: &Header, layout: Option<Layout>) -> Result<(Axes, Shape), String> {
    let text = header.shape_text();
    let image = |channels: usize, height: usize, width: usize| Shape::Image {
        channels,
        height,
        width,
    };
    match header.shape[..] {
        [_, features] => Ok(([Some(0), Some(1), None, None], Shape::Features(features))),
        [_, height, width] => Ok(([Some(0), None, Some(1), Some(2)], image(1, height, width))),
        [_, a, b, c] => {
            let is_color = |side| side == 1 || side == 3;
            let layout = match (layout, is_color(a), is_color(c)) {
                (Some(Layout::Nchw), true, _) | (None, true, false) => Layout::Nchw,
                (Some(Layout::Nhwc), _, true) | (None, false, true) => Layout::Nhwc,
                (None, true, true) => {
                    return Err(format!(
                        "has shape {text}, in which either axis may be the channels; set `data.layout` to \"nhwc\" or \
                         \"nchw\""
                    ));
                }
                (layout, ..) => {
                    let (place, there) = match layout {
                        Some(Layout::Nhwc) => ("last", format!("{c} channels")),
                        Some(Layout::Nchw) => ("second", format!("{a} channels")),
                        None => ("last or second", format!("{a} and {c}")),
                    };
                    return Err(format!(
                        "has shape {text}, and images have 1 or 3 channels as their {place} axis, not {there}; save it \
                         with grey or red, green and blue alone"
                    ));
                }
            };
            Ok(match layout {
                Layout::Nchw => ([Some(0), Some(1), Some(2), Some(3)], image(a, b, c)),
                Layout::Nhwc => ([Some(0), Some(3), Some(1), Some(2)], image(c, a, b)),
            })
        }
        _ => Err(format!(
            "has shape {text}; features have two axes (examples, features) and images three or four (examples, height, \
             width, and channels last or second)"
        )),
    }
}

/// The numbers in the order of `axes`.
fn gather<T>(array: &Array, axes: &Axes, number: impl Fn(&[u8]) -> T) -> Vec<T> {
    let (header, size) = (&array.header, array.header.number.size);
    let strides = header.strides();
    let [n, channels, height, width] = axes.map(|axis| axis.map_or((1, 0), |axis| (header.shape[axis], strides[axis])));
    // As they lie, where that is the order asked for: a data set of images is much of a worker's start.
    let plane = height.0 * width.0;
    let expected = [channels.0 * plane, plane, width.0, 1];
    let mut sides = [n, channels, height, width].into_iter().zip(expected);
    if sides.all(|((length, stride), expected)| length == 1 || stride == expected) {
        return array.bytes.chunks_exact(size).map(number).collect();
    }
    let mut numbers = Vec::with_capacity(array.bytes.len() / size);
    for example in 0..n.0 {
        for channel in 0..channels.0 {
            for row in 0..height.0 {
                let start = example * n.1 + channel * channels.1 + row * height.1;
                for column in 0..width.0 {
                    let at = (start + column * width.1) * size;
                    numbers.push(number(&array.bytes[at..at + size]));
                }
            }
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::*;

    /// Bytes that count from 0.
    fn array(shape: &[usize], fortran: bool) -> Array {
        let count: usize = shape.iter().product();
        Array {
            header: Header {
                number: Number::UINT8,
                fortran,
                shape: shape.to_vec(),
            },
            bytes: (0..count).map(|value| value as u8).collect(),
        }
    }

    fn bytes(array: &Array, layout: Option<Layout>) -> (Vec<u8>, [usize; 3]) {
        match to_values(array, layout) {
            Ok((Values::Bytes(bytes), shape)) => (bytes, shape.sides()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn channels_come_first_whatever_the_order() {
        // One image of 2x4 pixels with channels last: red is every third byte.
        let expected = (0..24).map(|at| (at % 8) * 3 + at / 8).collect();
        assert_eq!(bytes(&array(&[1, 2, 4, 3], false), None), (expected, [3, 2, 4]));
        assert_eq!(
            bytes(&array(&[1, 3, 2, 4], false), None),
            ((0..24).collect(), [3, 2, 4])
        );
        // The same in Fortran's order: the first axis is the fastest.
        assert_eq!(
            bytes(&array(&[2, 2, 2], true), None),
            (vec![0, 4, 2, 6, 1, 5, 3, 7], [1, 2, 2])
        );
    }

    #[test]
    fn an_order_that_is_not_clear_has_to_be_said() {
        let both = array(&[1, 3, 2, 3], false);
        let message = to_values(&both, None).unwrap_err();
        assert!(
            message.contains("1x3x2x3") && message.contains("data.layout"),
            "{message}"
        );
        assert_eq!(bytes(&both, Some(Layout::Nchw)).1, [3, 2, 3]);
        assert_eq!(bytes(&both, Some(Layout::Nhwc)).1, [3, 3, 2]);
        for (shape, layout) in [
            (&[1, 4, 2, 4][..], None),
            (&[1, 4, 2, 3], Some(Layout::Nchw)),
            (&[1, 3, 2, 4], Some(Layout::Nhwc)),
            (&[4], None),
            (&[], None),
            (&[0, 2, 2], None),
            (&[2, 0], None),
            (&[1, 1, 1, 1, 1], None),
        ] {
            assert!(to_values(&array(shape, false), layout).is_err(), "{shape:?}");
        }
    }
}
