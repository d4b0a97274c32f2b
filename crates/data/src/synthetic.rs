//! The built-in images: ten classes of 32x32 colour patterns that no file is needed for.
//!
//! A class is a sum of three coloured plane waves of one to three periods a side. An image shows its class's pattern
//! moved, zoomed, fainter or stronger and tinted, under pixel noise. Images of a class thus hardly agree in the mean:
//! on images it has not seen a linear classifier stays at chance, while a small network learns the classes in some
//! hundred steps.

use crate::{Examples, Shape};
use seedband_core::seeds::{Purpose, Stream};
use std::f64::consts::TAU;

/// Number of classes.
pub(crate) const CLASSES: usize = 10;

const SIDE: usize = 32;
const WAVES: usize = 3;

/// What one image is.
pub(crate) const SHAPE: Shape = Shape::Image {
    channels: 3,
    height: SIDE,
    width: SIDE,
};

/// Validation images of each class.
pub const VALIDATION_PER_CLASS: u32 = 50;

/// A plane wave: periods a side along both axes, phase in radians, and amplitude in each colour.
#[derive(Debug)]
struct Wave {
    frequency: [f64; 2],
    phase: f64,
    colour: [f64; 3],
}

/// How one image differs from its class's pattern.
struct Transform {
    /// Movement down and right as a share of the side.
    shift: [f64; 2],
    /// Factor on all frequencies.
    zoom: f64,
    /// Factor on all amplitudes.
    contrast: f64,
    /// Brightness of each colour around which the pattern swings, full range 1.
    tint: [f64; 3],
}

/// Makes `per_class` images of each class with pixel noise of standard deviation `noise` (full range 1), from `seed`
/// alone. Classes take turns, and the first images are the same however many are made.
pub fn make(per_class: u32, noise: f64, seed: u64) -> Examples {
    let mut stream = Stream::new(Purpose::SyntheticData, seed);
    let classes = classes(&mut stream);
    images(&classes, per_class, noise, &mut stream)
}

/// Makes [`VALIDATION_PER_CLASS`] other images of each class that [`make`] has for the same seed.
pub fn make_validation(noise: f64, seed: u64) -> Examples {
    let classes = classes(&mut Stream::new(Purpose::SyntheticData, seed));
    let mut stream = Stream::new(Purpose::SyntheticValidation, seed);
    images(&classes, VALIDATION_PER_CLASS, noise, &mut stream)
}

/// The patterns of all classes.
fn classes(stream: &mut Stream) -> Vec<[Wave; WAVES]> {
    (0..CLASSES).map(|_| [(); WAVES].map(|()| wave(stream))).collect()
}

/// Images of the classes in turn.
fn images(classes: &[[Wave; WAVES]], per_class: u32, noise: f64, stream: &mut Stream) -> Examples {
    let count = per_class as usize * CLASSES;
    let mut pixels = Vec::with_capacity(count * 3 * SIDE * SIDE);
    let labels: Vec<u32> = (0..CLASSES as u32).cycle().take(count).collect();
    for label in &labels {
        let transform = transform(stream);
        push_image(&classes[*label as usize], &transform, noise, stream, &mut pixels);
    }
    Examples::rgb(pixels, labels, SIDE, SIDE, CLASSES)
}

/// Uniform in [-1, 1).
fn signed_unit(stream: &mut Stream) -> f64 {
    2.0 * stream.unit_f64() - 1.0
}

fn wave(stream: &mut Stream) -> Wave {
    let angle = TAU / 2.0 * stream.unit_f64();
    let periods = 1.0 + 2.0 * stream.unit_f64();
    let (sin, cos) = angle.sin_cos();
    Wave {
        frequency: [periods * sin, periods * cos],
        phase: TAU * stream.unit_f64(),
        colour: [(); 3].map(|()| signed_unit(stream)),
    }
}

fn transform(stream: &mut Stream) -> Transform {
    Transform {
        shift: [(); 2].map(|()| 0.4 * signed_unit(stream)),
        zoom: 1.0 + 0.1 * signed_unit(stream),
        contrast: 0.1 + 0.1 * stream.unit_f64(),
        tint: [(); 3].map(|()| 0.5 + 0.1 * signed_unit(stream)),
    }
}

/// Appends the three colour planes of one image.
fn push_image(waves: &[Wave; WAVES], transform: &Transform, noise: f64, stream: &mut Stream, pixels: &mut Vec<u8>) {
    // Every wave's value at every pixel, once for all three colours.
    let at = |index: usize| {
        let place = [(index / SIDE) as f64, (index % SIDE) as f64].map(|pixel| pixel / SIDE as f64);
        waves.each_ref().map(|wave| {
            let along: f64 = (0..2)
                .map(|axis| wave.frequency[axis] * (place[axis] + transform.shift[axis]))
                .sum();
            (TAU * transform.zoom * along + wave.phase).sin()
        })
    };
    let values: Vec<[f64; WAVES]> = (0..SIDE * SIDE).map(at).collect();
    for (channel, tint) in transform.tint.iter().enumerate() {
        for values in &values {
            let pattern: f64 = values
                .iter()
                .zip(waves)
                .map(|(value, wave)| value * wave.colour[channel])
                .sum();
            let value = tint + transform.contrast * pattern + noise * stream.normal();
            pixels.push((value.clamp(0.0, 1.0) * 255.0).round() as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_take_turns_and_have_one_size() {
        let images = make(3, 0.25, 0);
        assert_eq!(
            (images.count(), images.bytes().len(), images.classes),
            (30, 30 * 3072, 10)
        );
        assert_eq!(images.labels[..12], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    }

    #[test]
    fn the_seed_alone_decides_and_fewer_images_are_the_first_ones() {
        let (few, many) = (make(2, 0.25, 7), make(3, 0.25, 7));
        assert_eq!(few.bytes(), &many.bytes()[..few.bytes().len()]);
        assert_ne!(make(2, 0.25, 8).bytes(), few.bytes());
    }

    /// The steepest class pattern changes by at most 0.2 * 3 waves * 3 periods * tau / 32 = 0.35 from one pixel to the
    /// next and mostly by far less, so that differences of neighbours are little more than the difference of two
    /// noises.
    #[test]
    fn noise_has_its_standard_deviation() {
        let images = make(20, 0.1, 1);
        let differences = images
            .bytes()
            .chunks_exact(2)
            .map(|pair| (f64::from(pair[0]) - f64::from(pair[1])) / 255.0);
        let squares: Vec<f64> = differences.map(|difference| difference * difference).collect();
        let deviation = (squares.iter().sum::<f64>() / squares.len() as f64 / 2.0).sqrt();
        assert!((0.1..0.13).contains(&deviation), "{deviation}");
    }

    /// Even without noise; that they show the same classes is seen by a network that has learned them, in
    /// `tests/validation.rs`.
    #[test]
    fn validation_images_are_other_images() {
        let (training, validation) = (make(50, 0.0, 3), make_validation(0.0, 3));
        assert_eq!(validation.count(), 500);
        assert_eq!(validation.labels, training.labels);
        let images = |images: &Examples| -> Vec<Vec<u8>> { images.bytes().chunks(3072).map(<[u8]>::to_vec).collect() };
        let (seen, unseen) = (images(&training), images(&validation));
        assert!(unseen.iter().all(|image| !seen.contains(image)));
        assert_ne!(make_validation(0.0, 4).bytes(), validation.bytes());
    }

    /// The pixels of every result on synthetic data rest on this.
    #[test]
    fn the_images_never_change() {
        assert_eq!(
            make(1, 0.25, 0).fingerprint(),
            "aa888dbe18155909bb583141f431f4a1759ba329762db010ecb11034efa51eaf"
        );
    }
}
