//! Networks. Each maps normalised images `[n, channels, height, width]` to logits `[n, classes]`; features are channels of
//! one pixel.

mod cnn;
mod mlp;
mod resnet;
mod shape;
#[cfg(test)]
mod tests;

pub use shape::DataShape;

use crate::failure::DataMismatch;
use crate::layers::{Builder, Pass, Spec};
use cnn::Cnn;
use mlp::Mlp;
use resnet::Resnet;
use seedband_core::settings::{Architecture, Model};
use seedband_data::fit;
use tch::{TchError, Tensor};

/// A network without its weights.
#[derive(Debug)]
pub struct Network {
    specs: Vec<Spec>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Resnet(Resnet),
    Cnn(Cnn),
    Mlp(Mlp),
}

impl Network {
    /// The network of `model` for examples and classes of `shape`.
    ///
    /// # Errors
    /// The images are too small for it, or it needs images and there are features.
    pub fn new(model: &Model, shape: DataShape) -> Result<Self, DataMismatch> {
        let model = model.resolved();
        fit::network(&model, shape.example)?;
        let mut builder = Builder::default();
        // `resolved` fills in every key of the architecture, so the fallbacks here are never taken.
        let width = i64::from(model.width.unwrap_or(16));
        let body = match model.architecture {
            Architecture::Resnet => Body::Resnet(Resnet::new(&mut builder, model.depth.unwrap_or(56), width, shape)),
            Architecture::Cnn => Body::Cnn(Cnn::new(&mut builder, width, shape)),
            Architecture::Mlp => Body::Mlp(Mlp::new(&mut builder, &model.hidden.unwrap_or_default(), shape)),
        };
        Ok(Self {
            specs: builder.finish(),
            body,
        })
    }

    /// The parameters, in the order in which they are drawn and in which `forward` takes them.
    pub fn specs(&self) -> &[Spec] {
        &self.specs
    }

    /// Number of trainable values.
    pub fn parameter_count(&self) -> u64 {
        self.specs.iter().map(Spec::count).sum()
    }

    /// Logits `[n, classes]` of normalised images `[n, channels, height, width]`.
    pub fn forward(&self, parameters: &[Tensor], images: &Tensor, pass: Pass) -> Result<Tensor, TchError> {
        match &self.body {
            Body::Resnet(resnet) => resnet.forward(parameters, images, pass),
            Body::Cnn(cnn) => cnn.forward(parameters, images, pass),
            Body::Mlp(mlp) => mlp.forward(parameters, images),
        }
    }
}
