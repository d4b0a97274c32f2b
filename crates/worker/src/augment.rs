//! Random crop, flip and shift, drawn on the CPU and applied on the device.
//!
//! All three move whole rows and columns, so an augmented image is a weighted sum of its source's rows and columns. What is drawn for an
//! image comes down to which source row feeds each output row and by what weight, and the same for columns; the device only gathers.

use crate::data::Dataset;
use crate::failure::Unfit;
use crate::pixels::to_unit;
use seedband_core::seeds::Stream;
use seedband_core::settings::{Augment, PaddingMode};
use tch::{Kind, TchError, Tensor};

/// The augmentation of a trial: its settings and its random stream.
#[derive(Debug)]
pub struct Augmenter {
    settings: Augment,
    stream: Stream,
}

/// What is drawn for one image.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Draw {
    /// Top left corner of the crop in the padded image, in pixels from 0 to twice the padding.
    crop: [u32; 2],
    flip: bool,
    /// Shift down and right, in pixels: output (i, j) is taken from (i + dy, j + dx).
    shift: [f64; 2],
}

/// For each output row (or column) of one image the source row and its weight.
#[derive(Debug, Clone, PartialEq)]
struct Tap {
    index: Vec<i64>,
    weight: Vec<f64>,
}

impl Tap {
    /// Whether every weight is 1.
    #[expect(clippy::float_cmp, reason = "a weight that is not exactly 1 counts")]
    fn is_plain(&self) -> bool {
        self.weight.iter().all(|weight| *weight == 1.0)
    }
}

impl Augmenter {
    /// The augmentation of images of the given size.
    ///
    /// # Errors
    /// A reflected padding that is not smaller than the image.
    pub fn new(settings: &Augment, stream: Stream, height: usize, width: usize) -> Result<Self, Unfit> {
        let padding = settings.crop_padding;
        if settings.padding_mode == PaddingMode::Reflect && padding as usize >= height.min(width).max(1) {
            return Err(Unfit::Padding { padding, height, width });
        }
        Ok(Self {
            settings: settings.clone(),
            stream,
        })
    }

    /// Draws and applies the augmentation of the images `indices` of `dataset`: `[n, 3, height, width]` of `kind`, in units of 0 to 1.
    pub fn batch(&mut self, dataset: &Dataset, indices: &[u32], kind: Kind) -> Result<Tensor, TchError> {
        let images: Vec<i64> = indices.iter().map(|index| i64::from(*index)).collect();
        let images = Tensor::f_from_slice(&images)?.f_to(dataset.pixels.device())?;
        if !self.settings.is_on() {
            return to_unit(&dataset.pixels.f_index_select(0, &images)?, kind);
        }
        let draws: Vec<Draw> = indices.iter().map(|_| self.draw(dataset)).collect();
        self.apply(dataset, &images, &draws, kind)
    }

    /// Applies `draws` to the images of which `images`, `[n]`, holds the indices.
    fn apply(&self, dataset: &Dataset, images: &Tensor, draws: &[Draw], kind: Kind) -> Result<Tensor, TchError> {
        let device = dataset.pixels.device();
        let rows = self.taps(draws, dataset.height, |draw| (draw.crop[0], draw.shift[0], false));
        let columns = self.taps(draws, dataset.width, |draw| (draw.crop[1], draw.shift[1], draw.flip));
        let n = draws.len() as i64;
        let images = images.f_reshape([n, 1, 1, 1])?;
        let channels = Tensor::f_arange(3, (Kind::Int64, device))?.f_reshape([1, 3, 1, 1])?;
        let mut sum: Option<Tensor> = None;
        for row in &rows {
            let row_index = Tensor::f_from_slice(&row.index)?
                .f_reshape([n, 1, -1, 1])?
                .f_to(device)?;
            for column in &columns {
                let column_index = Tensor::f_from_slice(&column.index)?
                    .f_reshape([n, 1, 1, -1])?
                    .f_to(device)?;
                let gathered =
                    dataset
                        .pixels
                        .f_index(&[Some(&images), Some(&channels), Some(&row_index), Some(&column_index)])?;
                let mut part = to_unit(&gathered, kind)?;
                for (tap, shape) in [(row, [n, 1, -1, 1]), (column, [n, 1, 1, -1])] {
                    // Where nothing is blended or blacked out a multiplication by 1 is left out.
                    if !tap.is_plain() {
                        let weight = Tensor::f_from_slice(&tap.weight)?
                            .f_reshape(shape)?
                            .f_to_device_(device, kind, false, false)?;
                        part = part.f_mul(&weight)?;
                    }
                }
                sum = Some(match sum {
                    Some(sum) => sum.f_add(&part)?,
                    None => part,
                });
            }
        }
        sum.map_or_else(|| to_unit(&dataset.pixels.f_narrow(0, 0, 0)?, kind), Ok)
    }

    /// Crop down and right, flip, shift down and right, in this order. All five are drawn whatever is on, so that switching one on or off
    /// does not change the others.
    fn draw(&mut self, dataset: &Dataset) -> Draw {
        let (stream, settings) = (&mut self.stream, &self.settings);
        let crop = [(); 2].map(|()| stream.below(2 * settings.crop_padding + 1));
        let flip = stream.below(2) == 1;
        let shift =
            [dataset.height, dataset.width].map(|side| settings.shift * side as f64 * (2.0 * stream.unit_f64() - 1.0));
        Draw {
            crop,
            flip: flip && settings.flip,
            shift,
        }
    }

    /// The taps of all images along one side of `side` pixels: one where nothing is shifted, else two.
    fn taps(&self, draws: &[Draw], side: usize, along: impl Fn(&Draw) -> (u32, f64, bool)) -> Vec<Tap> {
        let count = if self.settings.shift > 0.0 { 2 } else { 1 };
        let mut taps = vec![
            Tap {
                index: Vec::new(),
                weight: Vec::new()
            };
            count
        ];
        let last = side as i64 - 1;
        for draw in draws {
            let (crop, shift, flip) = along(draw);
            for output in 0..=last {
                // Beyond the border the nearest edge pixel holds.
                let position = (output as f64 + shift).clamp(0.0, last as f64);
                let (near, fraction) = (position.floor(), position.fract());
                let parts = [(near as i64, 1.0 - fraction), ((near as i64 + 1).min(last), fraction)];
                for (tap, (pixel, weight)) in taps.iter_mut().zip(parts) {
                    let pixel = if flip { last - pixel } else { pixel };
                    let (index, inside) = self.uncrop(pixel, crop, last);
                    tap.index.push(index);
                    tap.weight.push(if inside { weight } else { 0.0 });
                }
            }
        }
        taps
    }

    /// The source pixel of a pixel of the crop, and whether there is one; where there is none some pixel is named and not to be looked at.
    fn uncrop(&self, pixel: i64, crop: u32, last: i64) -> (i64, bool) {
        let source = pixel + i64::from(crop) - i64::from(self.settings.crop_padding);
        match self.settings.padding_mode {
            PaddingMode::Reflect if source < 0 => (-source, true),
            PaddingMode::Reflect if source > last => (2 * last - source, true),
            PaddingMode::Reflect => (source, true),
            PaddingMode::Zero => (source.clamp(0, last), (0..=last).contains(&source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Images;
    use seedband_core::seeds::Purpose;
    use tch::Device;

    const STILL: Draw = Draw {
        crop: [0, 0],
        flip: false,
        shift: [0.0, 0.0],
    };

    /// One image of 3x3; red counts 1 to 9, green and blue are red plus 10 and plus 20.
    fn dataset() -> Dataset {
        let pixels = [0, 10, 20]
            .into_iter()
            .flat_map(|plus| (1..10).map(move |value| value + plus))
            .collect();
        Dataset::new(
            &Images {
                pixels,
                labels: vec![0],
                height: 3,
                width: 3,
                classes: 2,
            },
            Device::Cpu,
        )
        .unwrap()
    }

    fn augmenter(crop_padding: u32, padding_mode: PaddingMode, shift: f64, flip: bool) -> Augmenter {
        let settings = Augment {
            crop_padding,
            padding_mode,
            shift,
            flip,
        };
        Augmenter::new(&settings, Stream::new(Purpose::Augmentation, 3), 3, 3).unwrap()
    }

    /// The red plane that `draw` makes, in units of 0 to 255; checks that the others go with it.
    fn red(augmenter: &Augmenter, draw: Draw) -> Vec<f64> {
        let dataset = dataset();
        let made = augmenter
            .apply(&dataset, &Tensor::from_slice(&[0_i64]), &[draw], Kind::Double)
            .unwrap();
        assert_eq!(made.size(), [1, 3, 3, 3]);
        let made = Vec::<f64>::try_from((made * 255.0).reshape([-1])).unwrap();
        if augmenter.settings.padding_mode == PaddingMode::Reflect {
            assert!((0..9).all(|pixel| (made[pixel + 9] - made[pixel] - 10.0).abs() < 1e-12));
        }
        // Thousandths are far above the rounding of the division by 255 and far below the steps in the tables.
        made[..9]
            .iter()
            .map(|value| (value * 1000.0).round() / 1000.0)
            .collect()
    }

    #[test]
    fn crops_from_a_reflected_border() {
        let augmenter = augmenter(1, PaddingMode::Reflect, 0.0, false);
        let cropped = |crop| red(&augmenter, Draw { crop, ..STILL });
        assert_eq!(cropped([1, 1]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        assert_eq!(cropped([0, 0]), [5.0, 4.0, 5.0, 2.0, 1.0, 2.0, 5.0, 4.0, 5.0]);
        assert_eq!(cropped([2, 2]), [5.0, 6.0, 5.0, 8.0, 9.0, 8.0, 5.0, 6.0, 5.0]);
        assert_eq!(cropped([1, 0]), [2.0, 1.0, 2.0, 5.0, 4.0, 5.0, 8.0, 7.0, 8.0]);
    }

    #[test]
    fn crops_from_a_black_border() {
        let augmenter = augmenter(2, PaddingMode::Zero, 0.0, false);
        let cropped = |crop| red(&augmenter, Draw { crop, ..STILL });
        assert_eq!(cropped([2, 2]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        assert_eq!(cropped([1, 1]), [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 4.0, 5.0]);
        assert_eq!(cropped([4, 2]), [7.0, 8.0, 9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn flips_left_to_right() {
        let augmenter = augmenter(0, PaddingMode::Reflect, 0.0, true);
        assert_eq!(red(&augmenter, STILL), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        assert_eq!(
            red(&augmenter, Draw { flip: true, ..STILL }),
            [3.0, 2.0, 1.0, 6.0, 5.0, 4.0, 9.0, 8.0, 7.0]
        );
    }

    #[test]
    fn shifts_between_pixels_and_repeats_the_edge() {
        let augmenter = augmenter(0, PaddingMode::Reflect, 1.0, true);
        let shifted = |shift| red(&augmenter, Draw { shift, ..STILL });
        assert_eq!(shifted([0.0, 0.0]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        assert_eq!(shifted([0.5, 0.0]), [2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 7.0, 8.0, 9.0]);
        assert_eq!(shifted([0.0, -1.0]), [1.0, 1.0, 2.0, 4.0, 4.0, 5.0, 7.0, 7.0, 8.0]);
        assert_eq!(shifted([0.0, 1.25]), [2.25, 3.0, 3.0, 5.25, 6.0, 6.0, 8.25, 9.0, 9.0]);
        assert_eq!(shifted([-3.0, 2.75]), [3.0; 9]);
        let both = Draw {
            flip: true,
            shift: [0.0, 0.5],
            ..STILL
        };
        assert_eq!(red(&augmenter, both), [2.5, 1.5, 1.0, 5.5, 4.5, 4.0, 8.5, 7.5, 7.0]);
    }

    #[test]
    fn nothing_on_is_the_image_itself() {
        let mut augmenter = augmenter(0, PaddingMode::Reflect, 0.0, false);
        let made = augmenter.batch(&dataset(), &[0, 0], Kind::Float).unwrap();
        assert_eq!((made.size(), made.kind()), (vec![2, 3, 3, 3], Kind::Float));
        let expected = dataset().pixels.to_kind(Kind::Float) / 255.0;
        assert!(made.get(1).equal(&expected.get(0)));
    }

    #[test]
    fn draws_have_their_ranges_and_do_not_depend_on_each_other() {
        let (mut all, mut crops) = (
            augmenter(2, PaddingMode::Reflect, 0.1, true),
            augmenter(2, PaddingMode::Reflect, 0.0, false),
        );
        let dataset = dataset();
        let draws: Vec<(Draw, Draw)> = (0..2000).map(|_| (all.draw(&dataset), crops.draw(&dataset))).collect();
        assert!(draws.iter().all(|(all, crops)| all.crop == crops.crop
            && !crops.flip
            && crops.shift.iter().all(|shift| shift.abs() == 0.0)));
        assert!(
            draws
                .iter()
                .all(|(all, _)| all.shift.iter().all(|shift| shift.abs() <= 0.3))
        );
        assert!(draws.iter().any(|(all, _)| all.shift[1] < -0.29));
        let flips = draws.iter().filter(|(all, _)| all.flip).count();
        // Binomial with mean 1000 and deviation 22.
        assert!(flips.abs_diff(1000) < 130, "{flips}");
        for offset in 0..5 {
            // Mean 400, deviation 18.
            let count = draws.iter().filter(|(all, _)| all.crop[0] == offset).count();
            assert!(count.abs_diff(400) < 110, "{count}");
        }
    }

    #[test]
    fn a_reflection_has_to_fit() {
        let make = |crop_padding, padding_mode| {
            let settings = Augment {
                crop_padding,
                padding_mode,
                ..Augment::default()
            };
            Augmenter::new(&settings, Stream::new(Purpose::Augmentation, 0), 3, 4)
        };
        assert_eq!(
            make(3, PaddingMode::Reflect).unwrap_err(),
            Unfit::Padding {
                padding: 3,
                height: 3,
                width: 4
            }
        );
        assert!(make(2, PaddingMode::Reflect).is_ok());
        assert!(make(30, PaddingMode::Zero).is_ok());
    }
}
