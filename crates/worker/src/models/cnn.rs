//! A small convolutional network: three times conv, batch norm, ReLU and 2x2 max pool, then global average pool and a
//! dense layer.

use super::shape::DataShape;
use crate::layers::{Builder, Conv, Dense, Norm, Pass, global_average};
use tch::{TchError, Tensor};

#[derive(Debug)]
pub(super) struct Cnn {
    stages: [(Conv, Norm); 3],
    dense: Dense,
}

impl Cnn {
    pub(super) fn new(builder: &mut Builder, width: i64, shape: DataShape) -> Self {
        let [input, ..] = shape.example.sides();
        let channels = [input as i64, width, 2 * width, 4 * width];
        let stages = [1, 2, 3].map(|stage| {
            let conv = builder.conv(&format!("conv{stage}"), channels[stage - 1], channels[stage], 3, 1);
            (conv, builder.norm(&format!("bn{stage}"), channels[stage]))
        });
        let dense = builder.dense("fc", channels[3], shape.classes as i64);
        Self { stages, dense }
    }

    pub(super) fn forward(&self, parameters: &[Tensor], images: &Tensor, pass: Pass) -> Result<Tensor, TchError> {
        let mut x = images.shallow_clone();
        for (conv, norm) in &self.stages {
            let y = conv.forward(parameters, &x)?;
            let y = norm.forward_relu(parameters, &y, None, pass)?;
            x = y.f_max_pool2d([2, 2], [2, 2], [0, 0], [1, 1], false)?;
        }
        self.dense.forward(parameters, &global_average(&x)?)
    }
}
