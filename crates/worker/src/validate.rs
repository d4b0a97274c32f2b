//! Loss and accuracy on the validation images, while a trial goes on.

use crate::dataset::Dataset;
use crate::layers::{Averages, NormState, Pass};
use crate::memory_format;
use crate::models::Network;
use crate::pixels::{Normalizer, to_unit};
use seedband_core::settings::{MemoryFormat, Validation};
use tch::{Kind, Reduction, TchError, Tensor};

/// The validation of a trial: its settings, its images, and the running averages by which the network is evaluated.
#[derive(Debug)]
pub struct Validator<'a> {
    settings: &'a Validation,
    images: &'a Dataset,
    averages: Averages,
    memory_format: MemoryFormat,
}

impl<'a> Validator<'a> {
    /// The validation on `images` of a network whose batch norms start from `norms`, before its first step.
    pub fn new(
        settings: &'a Validation,
        images: &'a Dataset,
        norms: &[NormState],
        kind: Kind,
        memory_format: MemoryFormat,
    ) -> Result<Self, TchError> {
        let averages = Averages::new(norms, kind, images.values.device())?;
        Ok(Self {
            settings,
            images,
            averages,
            memory_format,
        })
    }

    /// What training steps have to be for the running averages to follow.
    pub fn training_pass(&self) -> Pass<'_> {
        Pass::Track(&self.averages)
    }

    /// Mean cross-entropy in nats over all images, a float64 scalar, and the share of them whose class has the largest
    /// logit, as PyTorch's `argmax` finds it. `normalizer` is that of training; nothing is augmented.
    pub fn evaluate(
        &self,
        network: &Network,
        parameters: &[Tensor],
        normalizer: &Normalizer,
        kind: Kind,
    ) -> Result<(Tensor, f64), TchError> {
        let _no_gradients = tch::no_grad_guard();
        let (images, device) = (self.images, self.images.values.device());
        let count = images.count as i64;
        // Sums stay on the device, so that it is waited for once and not after every batch.
        let mut loss = Tensor::f_zeros([0_i64; 0], (Kind::Double, device))?;
        let mut right = Tensor::f_zeros([0_i64; 0], (Kind::Int64, device))?;
        let mut start = 0;
        while start < count {
            let length = i64::from(self.settings.batch_size).min(count - start);
            let pixels = to_unit(&images.values.f_narrow(0, start, length)?, kind)?;
            let labels = images.labels.f_narrow(0, start, length)?;
            let pixels = memory_format::apply(self.memory_format, normalizer.apply(pixels)?)?;
            let logits = network.forward(parameters, &pixels, Pass::Evaluate(&self.averages))?;
            let losses = logits.f_cross_entropy_loss(&labels, None::<Tensor>, Reduction::None, -100, 0.0)?;
            loss = loss.f_add(&losses.f_sum(Kind::Double)?)?;
            right = right.f_add(&logits.f_argmax(1, false)?.f_eq_tensor(&labels)?.f_sum(Kind::Int64)?)?;
            start += length;
        }
        let accuracy = right.f_int64_value(&[])? as f64 / images.count as f64;
        Ok((loss.f_div_scalar(images.count as f64)?, accuracy))
    }
}
