//! Dense layers with ReLU between them, on flattened pixels or on features.

use super::shape::DataShape;
use crate::layers::{Builder, Dense};
use tch::{TchError, Tensor};

#[derive(Debug)]
pub(super) struct Mlp {
    layers: Vec<Dense>,
}

impl Mlp {
    pub(super) fn new(builder: &mut Builder, hidden: &[u32], shape: DataShape) -> Self {
        let mut units = vec![shape.example.len() as i64];
        units.extend(hidden.iter().map(|units| i64::from(*units)));
        units.push(shape.classes as i64);
        let layers = units
            .windows(2)
            .zip(1..)
            .map(|(pair, number)| builder.dense(&format!("fc{number}"), pair[0], pair[1]));
        Self {
            layers: layers.collect(),
        }
    }

    pub(super) fn forward(&self, parameters: &[Tensor], images: &Tensor) -> Result<Tensor, TchError> {
        let mut x = images.f_flatten(1, -1)?;
        for (index, layer) in self.layers.iter().enumerate() {
            if index > 0 {
                x = x.f_relu()?;
            }
            x = layer.forward(parameters, &x)?;
        }
        Ok(x)
    }
}
