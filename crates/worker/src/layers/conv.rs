//! Convolution.

use tch::{TchError, Tensor};

/// A convolution without bias. Fields are its place in the list of parameters, its stride and its zero padding in
/// pixels.
#[derive(Debug)]
pub struct Conv {
    pub(super) weight: usize,
    pub(super) stride: i64,
    pub(super) padding: i64,
}

impl Conv {
    /// `[n, in, h, w]` to `[n, out, ceil(h / stride), ceil(w / stride)]` for the odd kernels in use.
    pub fn forward(&self, parameters: &[Tensor], x: &Tensor) -> Result<Tensor, TchError> {
        let (stride, padding) = ([self.stride; 2], [self.padding; 2]);
        x.f_conv2d(&parameters[self.weight], None::<Tensor>, stride, padding, [1, 1], 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Builder;

    /// A 3x3 kernel of ones over ones counts the pixels it covers: 4 in the corners, 6 at the edges, 9 inside.
    #[test]
    fn conv_pads_with_zeros() {
        let mut builder = Builder::default();
        let conv = builder.conv("conv", 1, 1, 3, 1);
        let spec = builder.finish().remove(0);
        assert_eq!((spec.name.as_str(), spec.fan_in, spec.fan_out), ("conv.weight", 9, 9));
        let options = (tch::Kind::Float, tch::Device::Cpu);
        let parameters = [Tensor::ones(&spec.shape[..], options)];
        let y = conv.forward(&parameters, &Tensor::ones([1, 1, 3, 3], options)).unwrap();
        let y = Vec::<f32>::try_from(y.reshape([-1])).unwrap();
        assert_eq!(y, [4.0, 6.0, 4.0, 6.0, 9.0, 6.0, 4.0, 6.0, 4.0]);
    }
}
