//! The parameters of a model, one layer after the other.

use super::conv::Conv;
use super::dense::Dense;
use super::norm::Norm;
use super::spec::{Role, Spec};

/// Collects the parameters of a model while its layers are made.
#[derive(Debug, Default)]
pub struct Builder {
    specs: Vec<Spec>,
    norms: usize,
}

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
        self.norms += 1;
        Norm {
            weight,
            number: self.norms - 1,
        }
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
        self.specs
    }

    fn push(&mut self, name: String, shape: Vec<i64>, role: Role, [fan_in, fan_out]: [i64; 2]) -> usize {
        self.specs.push(Spec {
            name,
            shape,
            role,
            fan_in,
            fan_out,
        });
        self.specs.len() - 1
    }
}
