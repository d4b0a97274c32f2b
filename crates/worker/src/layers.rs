//! Layers and the list of parameters they share.
//!
//! A model is built once as a list of [`Spec`]s and layers that point into it. The tensors themselves live outside, in one list of the same
//! order, so that init and optimizer see all parameters alike.

use tch::{TchError, Tensor};

/// What a parameter is for; decides how it starts and which penalty it pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Weight of a convolution, `[out, in, kernel, kernel]`.
    Conv,
    /// Weight of a dense layer, `[out, in]`.
    Dense,
    /// Bias of a dense layer, `[out]`.
    DenseBias,
    /// Scale of a batch norm, `[channels]`.
    NormWeight,
    /// Shift of a batch norm, `[channels]`.
    NormBias,
}

/// A trainable parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The name it would have in a PyTorch module, for example `layer2.0.shortcut.weight`.
    pub name: String,
    /// Its shape.
    pub shape: Vec<i64>,
    /// What it is for.
    pub role: Role,
    /// Inputs of one output: input channels times kernel area. 0 for a batch norm.
    pub fan_in: i64,
    /// Outputs of one input: output channels times kernel area. 0 for a batch norm.
    pub fan_out: i64,
}

impl Spec {
    /// Number of values.
    pub fn count(&self) -> u64 {
        self.shape.iter().product::<i64>().unsigned_abs()
    }
}

/// Collects the parameters of a model while its layers are made.
#[derive(Debug, Default)]
pub struct Builder(Vec<Spec>);

impl Builder {
    /// A square convolution without bias, padded by half its kernel.
    pub fn conv(&mut self, name: &str, input: i64, output: i64, kernel: i64, stride: i64) -> Conv {
        let area = kernel * kernel;
        let shape = vec![output, input, kernel, kernel];
        let weight = self.push(
            format!("{name}.weight"),
            shape,
            Role::Conv,
            [input * area, output * area],
        );
        Conv {
            weight,
            stride,
            padding: kernel / 2,
        }
    }

    /// A batch norm over `channels`.
    pub fn norm(&mut self, name: &str, channels: i64) -> Norm {
        let weight = self.push(format!("{name}.weight"), vec![channels], Role::NormWeight, [0; 2]);
        self.push(format!("{name}.bias"), vec![channels], Role::NormBias, [0; 2]);
        Norm { weight }
    }

    /// A dense layer with bias.
    pub fn dense(&mut self, name: &str, input: i64, output: i64) -> Dense {
        let weight = self.push(
            format!("{name}.weight"),
            vec![output, input],
            Role::Dense,
            [input, output],
        );
        self.push(format!("{name}.bias"), vec![output], Role::DenseBias, [input, output]);
        Dense { weight }
    }

    /// All parameters in the order their layers were made.
    pub fn finish(self) -> Vec<Spec> {
        self.0
    }

    fn push(&mut self, name: String, shape: Vec<i64>, role: Role, [fan_in, fan_out]: [i64; 2]) -> usize {
        self.0.push(Spec {
            name,
            shape,
            role,
            fan_in,
            fan_out,
        });
        self.0.len() - 1
    }
}

/// A convolution without bias. Fields are its place in the list of parameters, its stride and its zero padding in pixels.
#[derive(Debug)]
pub struct Conv {
    weight: usize,
    stride: i64,
    padding: i64,
}

impl Conv {
    /// `[n, in, h, w]` to `[n, out, ceil(h / stride), ceil(w / stride)]` for the odd kernels in use.
    pub fn forward(&self, parameters: &[Tensor], x: &Tensor) -> Result<Tensor, TchError> {
        let (stride, padding) = ([self.stride; 2], [self.padding; 2]);
        x.f_conv2d(&parameters[self.weight], None::<Tensor>, stride, padding, [1, 1], 1)
    }
}

/// Batch norm of a training step: mean and biased variance of the batch itself, eps 1e-5 (PyTorch's default).
///
/// Running averages, which PyTorch keeps for evaluation, have no part in a training loss and are not kept.
#[derive(Debug)]
pub struct Norm {
    weight: usize,
}

impl Norm {
    /// PyTorch's default eps, added to the variance.
    const EPS: f64 = 1e-5;

    /// `[n, channels, h, w]` to the same shape.
    pub fn forward(&self, parameters: &[Tensor], x: &Tensor) -> Result<Tensor, TchError> {
        let (weight, bias) = (&parameters[self.weight], &parameters[self.weight + 1]);
        // The momentum belongs to running averages; without them it is not read.
        x.f_batch_norm(Some(weight), Some(bias), None, None, true, 0.0, Self::EPS, true)
    }
}

/// A dense layer with bias.
#[derive(Debug)]
pub struct Dense {
    weight: usize,
}

impl Dense {
    /// `[n, in]` to `[n, out]`.
    pub fn forward(&self, parameters: &[Tensor], x: &Tensor) -> Result<Tensor, TchError> {
        x.f_linear(&parameters[self.weight], Some(&parameters[self.weight + 1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Channel values 1, 3 and 5, 5: mean 2 and variance 1, then mean 5 and variance 0; scaled by 2, shifted by 10.
    #[test]
    fn norm_uses_the_batch_and_the_biased_variance() {
        let mut builder = Builder::default();
        let norm = builder.norm("bn", 2);
        assert_eq!(builder.finish().len(), 2);
        let parameters = [
            Tensor::from_slice(&[2.0_f64, 2.0]),
            Tensor::from_slice(&[10.0_f64, 10.0]),
        ];
        let x = Tensor::from_slice(&[1.0_f64, 5.0, 3.0, 5.0]).reshape([2, 2, 1, 1]);
        let y = Vec::<f64>::try_from(norm.forward(&parameters, &x).unwrap().reshape([-1])).unwrap();
        let unit = 1.0 / (1.0_f64 + 1e-5).sqrt();
        for (value, expected) in y.iter().zip([10.0 - 2.0 * unit, 10.0, 10.0 + 2.0 * unit, 10.0]) {
            // A handful of rounding errors of doubles near 10.
            assert!((value - expected).abs() < 1e-13, "{value} is not {expected}");
        }
    }

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
