//! Batch norm.

use super::norm_relu::{self, norm_relu};
use tch::{Device, Kind, TchError, Tensor};

/// What a batch norm holds beside its parameters, as in PyTorch's `state_dict`.
#[derive(Debug, Clone, PartialEq)]
pub struct NormState {
    /// `running_mean`, `[channels]`.
    pub mean: Vec<f64>,
    /// `running_var`, `[channels]`.
    pub variance: Vec<f64>,
    /// `num_batches_tracked`: how many training batches have moved the two.
    pub batches: i64,
}

impl NormState {
    /// That of a batch norm of so many channels which has seen no batch: mean 0, variance 1.
    pub fn new(channels: usize) -> Self {
        Self {
            mean: vec![0.0; channels],
            variance: vec![1.0; channels],
            batches: 0,
        }
    }
}

/// Running averages of all batch norms of a network, as PyTorch keeps them for evaluation: those that training starts
/// from, then moved a tenth of the way to each batch's mean and unbiased variance.
#[derive(Debug)]
pub struct Averages(Vec<[Tensor; 2]>);

impl Averages {
    /// Those of a network that starts from `norms`, one a batch norm in the order of their parameters.
    pub fn new(norms: &[NormState], kind: Kind, device: Device) -> Result<Self, TchError> {
        let tensor = |values: &[f64]| Tensor::f_from_slice(values)?.f_to_device_(device, kind, false, false);
        let start = |norm: &NormState| Ok([tensor(&norm.mean)?, tensor(&norm.variance)?]);
        norms.iter().map(start).collect::<Result<_, _>>().map(Self)
    }
}

/// What a forward pass is for; only batch norms ask.
#[derive(Debug, Clone, Copy)]
pub enum Pass<'a> {
    /// A training step.
    Train,
    /// A training step whose batch also moves the running averages. Its output is that of [`Pass::Train`].
    Track(&'a Averages),
    /// An evaluation by the running averages, which it leaves as they are.
    Evaluate(&'a Averages),
}

/// Batch norm as PyTorch's `BatchNorm2d`, eps 1e-5: a training step takes mean and biased variance of the batch itself,
/// an evaluation the running averages.
///
/// Running averages have no part in a training loss and are kept only for a trial with a validation. Fields are its
/// place in the list of parameters and its place among the batch norms.
#[derive(Debug)]
pub struct Norm {
    pub(super) weight: usize,
    pub(super) number: usize,
}

impl Norm {
    /// PyTorch's default eps, added to the variance.
    const EPS: f64 = 1e-5;
    /// PyTorch's default momentum: the share of a batch in the running averages.
    const MOMENTUM: f64 = 0.1;

    /// ReLU of the batch norm of `x`, `[n, channels, h, w]`, and of its sum with `shortcut`, which has the same shape.
    pub fn forward_relu(
        &self,
        parameters: &[Tensor],
        x: &Tensor,
        shortcut: Option<&Tensor>,
        pass: Pass,
    ) -> Result<Tensor, TchError> {
        let averages = match pass {
            Pass::Train => None,
            Pass::Track(averages) => Some(&averages.0[self.number]),
            Pass::Evaluate(_) => return self.one_by_one(parameters, x, shortcut, pass),
        };
        if !norm_relu::is_for(x) {
            return self.one_by_one(parameters, x, shortcut, pass);
        }
        let affine = [&parameters[self.weight], &parameters[self.weight + 1]];
        norm_relu(x, affine, shortcut, averages, Self::MOMENTUM, Self::EPS)
    }

    /// The same by libtorch's operations. In place, for the gradient of a batch norm needs its input, and not what
    /// becomes of its output.
    fn one_by_one(
        &self,
        parameters: &[Tensor],
        x: &Tensor,
        shortcut: Option<&Tensor>,
        pass: Pass,
    ) -> Result<Tensor, TchError> {
        let mut y = self.forward(parameters, x, pass)?;
        match shortcut {
            Some(shortcut) => y.f_add_(shortcut)?.f_relu_(),
            None => y.f_relu_(),
        }
    }

    /// `[n, channels, h, w]` to the same shape.
    fn forward(&self, parameters: &[Tensor], x: &Tensor, pass: Pass) -> Result<Tensor, TchError> {
        let (weight, bias) = (&parameters[self.weight], &parameters[self.weight + 1]);
        let (averages, training) = match pass {
            Pass::Train => (None, true),
            Pass::Track(averages) => (Some(averages), true),
            Pass::Evaluate(averages) => (Some(averages), false),
        };
        let [mean, variance] = match averages.map(|averages| &averages.0[self.number]) {
            Some([mean, variance]) => [Some(mean), Some(variance)],
            None => [None, None],
        };
        x.f_batch_norm(
            Some(weight),
            Some(bias),
            mean,
            variance,
            training,
            Self::MOMENTUM,
            Self::EPS,
            true,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Builder;

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
        let y = Vec::<f64>::try_from(norm.forward(&parameters, &x, Pass::Train).unwrap().reshape([-1])).unwrap();
        let unit = 1.0 / (1.0_f64 + 1e-5).sqrt();
        for (value, expected) in y.iter().zip([10.0 - 2.0 * unit, 10.0, 10.0 + 2.0 * unit, 10.0]) {
            // A handful of rounding errors of doubles near 10.
            assert!((value - expected).abs() < 1e-13, "{value} is not {expected}");
        }
    }

    /// Two batches of one channel: 1, 3 with mean 2 and unbiased variance 2, then 0, 6 with mean 3 and unbiased
    /// variance 18. The running mean goes 0, 0.2, 0.48 and the running variance 1, 1.1, 2.79. Evaluation of 0.48 and
    /// 2.48 gives 0 and 2 / sqrt(2.79 + eps).
    #[test]
    fn running_averages_are_those_of_pytorch() {
        let mut builder = Builder::default();
        let norm = builder.norm("bn", 1);
        let parameters = [Tensor::from_slice(&[1.0_f64]), Tensor::from_slice(&[0.0_f64])];
        let averages = Averages::new(&[NormState::new(1)], Kind::Double, Device::Cpu).unwrap();
        let batch = |values: [f64; 2]| Tensor::from_slice(&values).reshape([2, 1, 1, 1]);
        let run = |values, pass| {
            let y = norm.forward(&parameters, &batch(values), pass).unwrap();
            Vec::<f64>::try_from(y.reshape([-1])).unwrap()
        };
        let close = |values: &[f64], expected: &[f64]| {
            // A handful of rounding errors of doubles near 1.
            let near = |(value, expected): (&f64, &f64)| (value - expected).abs() < 1e-14;
            assert!(values.iter().zip(expected).all(near), "{values:?} is not {expected:?}");
        };
        let kept = || [0, 1].map(|index: usize| averages.0[0][index].double_value(&[0]));
        close(&kept(), &[0.0, 1.0]);
        let tracked = run([1.0, 3.0], Pass::Track(&averages));
        close(&kept(), &[0.2, 1.1]);
        assert_eq!(tracked, run([1.0, 3.0], Pass::Train), "tracking changes no bit");
        run([0.0, 6.0], Pass::Track(&averages));
        close(&kept(), &[0.48, 2.79]);
        let evaluated = run([0.48, 2.48], Pass::Evaluate(&averages));
        close(&evaluated, &[0.0, 2.0 / (2.79_f64 + 1e-5).sqrt()]);
        close(&kept(), &[0.48, 2.79]);
    }
}
