//! CIFAR ResNet v1 of depth 6n+2 (He et al. 2015, "Deep Residual Learning for Image Recognition", section 4.2), with
//! the 1x1 projection shortcuts without batch norm of Keras' `cifar10_resnet` example in place of the paper's zero
//! padding.

use super::shape::DataShape;
use crate::layers::{Builder, Conv, Dense, Norm, Pass, global_average};
use tch::{TchError, Tensor};

#[derive(Debug)]
pub(super) struct Resnet {
    conv: Conv,
    norm: Norm,
    pub(super) blocks: Vec<Block>,
    dense: Dense,
}

#[derive(Debug)]
pub(super) struct Block {
    conv1: Conv,
    norm1: Norm,
    conv2: Conv,
    norm2: Norm,
    shortcut: Option<Conv>,
}

impl Resnet {
    pub(super) fn new(builder: &mut Builder, depth: u32, width: i64, shape: DataShape) -> Self {
        let [input, ..] = shape.example.sides();
        let conv = builder.conv("conv1", input as i64, width, 3, 1);
        let norm = builder.norm("bn1", width);
        let blocks_a_stage = depth.saturating_sub(2) / 6;
        let mut blocks = Vec::new();
        let mut channels = width;
        for stage in 1..=3 {
            let output = width << (stage - 1);
            for index in 0..blocks_a_stage {
                let stride = if stage > 1 && index == 0 { 2 } else { 1 };
                blocks.push(Block::new(
                    builder,
                    &format!("layer{stage}.{index}"),
                    channels,
                    output,
                    stride,
                ));
                channels = output;
            }
        }
        let dense = builder.dense("fc", channels, shape.classes as i64);
        Self {
            conv,
            norm,
            blocks,
            dense,
        }
    }

    pub(super) fn forward(&self, parameters: &[Tensor], images: &Tensor, pass: Pass) -> Result<Tensor, TchError> {
        let x = self.conv.forward(parameters, images)?;
        let mut x = self.norm.forward_relu(parameters, &x, None, pass)?;
        for block in &self.blocks {
            x = block.forward(parameters, &x, pass)?;
        }
        self.dense.forward(parameters, &global_average(&x)?)
    }
}

impl Block {
    fn new(builder: &mut Builder, name: &str, input: i64, output: i64, stride: i64) -> Self {
        Self {
            conv1: builder.conv(&format!("{name}.conv1"), input, output, 3, stride),
            norm1: builder.norm(&format!("{name}.bn1"), output),
            conv2: builder.conv(&format!("{name}.conv2"), output, output, 3, 1),
            norm2: builder.norm(&format!("{name}.bn2"), output),
            shortcut: (stride > 1 || input != output)
                .then(|| builder.conv(&format!("{name}.shortcut"), input, output, 1, stride)),
        }
    }

    pub(super) fn forward(&self, parameters: &[Tensor], x: &Tensor, pass: Pass) -> Result<Tensor, TchError> {
        let y = self.conv1.forward(parameters, x)?;
        let y = self.norm1.forward_relu(parameters, &y, None, pass)?;
        let y = self.conv2.forward(parameters, &y)?;
        match &self.shortcut {
            Some(shortcut) => {
                let shortcut = shortcut.forward(parameters, x)?;
                self.norm2.forward_relu(parameters, &y, Some(&shortcut), pass)
            }
            None => self.norm2.forward_relu(parameters, &y, Some(x), pass),
        }
    }
}
