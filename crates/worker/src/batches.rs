//! Which images make up each batch.

use crate::failure::DataMismatch;
use seedband_core::seeds::Stream;
use seedband_data::fit;

/// An endless row of batches: epoch after epoch, each a new permutation of all images.
#[derive(Debug)]
pub struct Batches {
    images: u32,
    batch: usize,
    drop_last: bool,
    stream: Stream,
    order: Vec<u32>,
    next: usize,
}

impl Batches {
    /// Batches of `batch` of `images` images; `drop_last` leaves out an epoch's last batch where it is smaller.
    ///
    /// # Errors
    /// No batch would be left.
    pub fn new(images: usize, batch: u32, drop_last: bool, stream: Stream) -> Result<Self, DataMismatch> {
        fit::batch(images, batch, drop_last)?;
        // More images than 2^32 do not fit in memory.
        let images = u32::try_from(images).unwrap_or(u32::MAX);
        Ok(Self {
            images,
            batch: batch.max(1) as usize,
            drop_last,
            stream,
            order: Vec::new(),
            next: 0,
        })
    }

    /// Batches in an epoch; at least 1.
    pub fn epoch(&self) -> u32 {
        let batch = self.batch as u32;
        if self.drop_last {
            self.images / batch
        } else {
            self.images.div_ceil(batch)
        }
    }

    /// Indices of the next batch's images.
    pub fn draw(&mut self) -> &[u32] {
        let left = self.order.len() - self.next;
        if left == 0 || (self.drop_last && left < self.batch) {
            self.order = self.stream.permutation(self.images);
            self.next = 0;
        }
        let start = self.next;
        self.next = self.order.len().min(start + self.batch);
        &self.order[start..self.next]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::seeds::Purpose;

    fn stream() -> Stream {
        Stream::new(Purpose::Order, 4)
    }

    fn batches(drop_last: bool) -> Batches {
        Batches::new(7, 3, drop_last, stream()).unwrap()
    }

    #[test]
    fn an_epoch_is_a_permutation_cut_into_batches() {
        let mut reference = stream();
        let epochs = [reference.permutation(7), reference.permutation(7)];
        let mut kept = batches(false);
        for epoch in &epochs {
            assert_eq!(kept.draw(), &epoch[..3]);
            assert_eq!(kept.draw(), &epoch[3..6]);
            assert_eq!(kept.draw(), &epoch[6..]);
        }
        assert_eq!(kept.epoch(), 3);
        let mut dropped = batches(true);
        for epoch in &epochs {
            assert_eq!(dropped.draw(), &epoch[..3]);
            assert_eq!(dropped.draw(), &epoch[3..6]);
        }
        assert_eq!(dropped.epoch(), 2);
    }

    #[test]
    fn a_batch_larger_than_the_data() {
        let large = |drop_last| Batches::new(7, 8, drop_last, stream());
        assert_eq!(large(true).unwrap_err(), DataMismatch::Batch { batch: 8, images: 7 });
        assert_eq!(large(false).unwrap().draw().len(), 7);
        assert_eq!(Batches::new(7, 7, true, stream()).unwrap().draw().len(), 7);
        assert!(Batches::new(0, 1, false, stream()).is_err());
    }
}
