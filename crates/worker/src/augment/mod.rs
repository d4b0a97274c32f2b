//! Random crop, flip and shift, drawn on the CPU and applied on the device.
//!
//! All three move whole rows and columns, so an augmented image is a weighted sum of its source's rows and columns.
//! What is drawn for an image comes down to which source row feeds each output row and by what weight, and the same for
//! columns; the device only gathers.

mod draw;
mod taps;
#[cfg(test)]
mod tests;

use crate::dataset::Dataset;
use crate::failure::DataMismatch;
use crate::pixels::to_unit;
use draw::Draw;
use seedband_core::seeds::Stream;
use seedband_core::settings::Augment;
use seedband_data::{Shape, fit};
use taps::{Tap, taps};
use tch::{Kind, TchError, Tensor};

/// The augmentation of a trial: its settings and its random stream.
#[derive(Debug)]
pub struct Augmenter {
    settings: Augment,
    stream: Stream,
    /// Of the images.
    shape: Shape,
}

impl Augmenter {
    /// The augmentation of images of the given shape.
    ///
    /// # Errors
    /// A reflected padding that is not smaller than the image; features, of which nothing can be augmented.
    pub fn new(settings: &Augment, stream: Stream, shape: Shape) -> Result<Self, DataMismatch> {
        fit::augmentation(settings, shape)?;
        Ok(Self {
            settings: settings.clone(),
            stream,
            shape,
        })
    }

    /// Draws and applies the augmentation of the images `indices` of `dataset`: `[n, channels, height, width]` of
    /// `kind`, bytes in units of 0 to 1.
    pub fn batch(&mut self, dataset: &Dataset, indices: &[u32], kind: Kind) -> Result<Tensor, TchError> {
        let images: Vec<i64> = indices.iter().map(|index| i64::from(*index)).collect();
        let images = Tensor::f_from_slice(&images)?.f_to(dataset.values.device())?;
        if !self.settings.is_on() {
            return to_unit(&dataset.values.f_index_select(0, &images)?, kind);
        }
        let draws: Vec<Draw> = indices
            .iter()
            .map(|_| {
                Draw::new(
                    &self.settings,
                    &mut self.stream,
                    self.shape.height(),
                    self.shape.width(),
                )
            })
            .collect();
        self.apply(dataset, &images, &draws, kind)
    }

    /// Applies `draws` to the images of which `images`, `[n]`, holds the indices.
    fn apply(&self, dataset: &Dataset, images: &Tensor, draws: &[Draw], kind: Kind) -> Result<Tensor, TchError> {
        let device = dataset.values.device();
        let rows = taps(&self.settings, draws, dataset.shape.height(), |draw| {
            (draw.crop[0], draw.shift[0], false)
        });
        let columns = taps(&self.settings, draws, dataset.shape.width(), |draw| {
            (draw.crop[1], draw.shift[1], draw.flip)
        });
        let n = draws.len() as i64;
        let images = images.f_reshape([n, 1, 1, 1])?;
        let channels =
            Tensor::f_arange(dataset.shape.sides()[0] as i64, (Kind::Int64, device))?.f_reshape([1, -1, 1, 1])?;
        let index = |tap: &Tap, shape| Tensor::f_from_slice(&tap.index)?.f_reshape(shape)?.f_to(device);
        let mut sum: Option<Tensor> = None;
        for row in &rows {
            let row_index = index(row, [n, 1, -1, 1])?;
            for column in &columns {
                let column_index = index(column, [n, 1, 1, -1])?;
                let indices = [Some(&images), Some(&channels), Some(&row_index), Some(&column_index)];
                let part = to_unit(&dataset.values.f_index(&indices)?, kind)?;
                let part = weighted(part, row, [n, 1, -1, 1])?;
                let part = weighted(part, column, [n, 1, 1, -1])?;
                sum = Some(match sum {
                    Some(sum) => sum.f_add(&part)?,
                    None => part,
                });
            }
        }
        sum.map_or_else(|| to_unit(&dataset.values.f_narrow(0, 0, 0)?, kind), Ok)
    }
}

/// The images times the weights of a tap, which has `shape` beside them.
fn weighted(images: Tensor, tap: &Tap, shape: [i64; 4]) -> Result<Tensor, TchError> {
    // Where nothing is blended or blacked out a multiplication by 1 is left out.
    if tap.is_plain() {
        return Ok(images);
    }
    let weight = Tensor::f_from_slice(&tap.weight)?.f_reshape(shape)?.f_to_device_(
        images.device(),
        images.kind(),
        false,
        false,
    )?;
    images.f_mul(&weight)
}
