//! Images in the order of memory in which the network is to compute. What convolutions, batch norms and activations
//! are given in one format they return in it, so that the whole network follows its first input; weights stay as they
//! are.

use seedband_core::settings::MemoryFormat;
use tch::{TchError, Tensor};

/// The images `[n, channels, height, width]` in `format`: the same tensor with other strides.
pub(crate) fn apply(format: MemoryFormat, images: Tensor) -> Result<Tensor, TchError> {
    match format {
        MemoryFormat::Contiguous => Ok(images),
        MemoryFormat::ChannelsLast => images.f_permute([0, 2, 3, 1])?.f_contiguous()?.f_permute([0, 3, 1, 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tch::{Device, Kind};

    #[test]
    fn channels_last_has_the_channels_of_a_pixel_side_by_side() {
        let images = Tensor::arange(24, (Kind::Float, Device::Cpu)).reshape([1, 2, 3, 4]);
        let same = apply(MemoryFormat::Contiguous, images.shallow_clone()).unwrap();
        assert_eq!(same.stride(), [24, 12, 4, 1]);
        let last = apply(MemoryFormat::ChannelsLast, images.shallow_clone()).unwrap();
        assert_eq!(last.stride(), [24, 1, 8, 2]);
        assert!(last.equal(&images));
    }
}
