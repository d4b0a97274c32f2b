//! What the parameters of a network are called, known without the network.

use super::{Architecture, Model};

impl Model {
    /// The names of its parameters as a PyTorch module would have them, in the order of its layers.
    pub fn parameter_names(&self) -> Vec<String> {
        let model = self.resolved();
        let mut names = Names::default();
        match model.architecture {
            Architecture::Resnet => {
                names.conv("conv1");
                names.norm("bn1");
                // Three stages of n blocks in 6n+2 layers.
                let blocks = model.depth.unwrap_or_default().saturating_sub(2) / 6;
                for (stage, block) in (1..=3).flat_map(|stage| (0..blocks).map(move |block| (stage, block))) {
                    names.block(&format!("layer{stage}.{block}"), stage > 1 && block == 0);
                }
                names.dense("fc");
            }
            Architecture::Cnn => {
                for layer in 1..=3 {
                    names.conv(&format!("conv{layer}"));
                    names.norm(&format!("bn{layer}"));
                }
                names.dense("fc");
            }
            Architecture::Mlp => {
                let hidden = model.hidden.map_or(0, |hidden| hidden.len());
                (1..=hidden + 1).for_each(|layer| names.dense(&format!("fc{layer}")));
            }
        }
        names.0
    }
}

#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn conv(&mut self, layer: &str) {
        self.0.push(format!("{layer}.weight"));
    }

    fn norm(&mut self, layer: &str) {
        self.dense(layer);
    }

    fn dense(&mut self, layer: &str) {
        self.0.extend(["weight", "bias"].map(|part| format!("{layer}.{part}")));
    }

    /// Two convolutions with their norms, and a shortcut where the shape changes.
    fn block(&mut self, block: &str, changes_shape: bool) {
        for number in 1..=2 {
            self.conv(&format!("{block}.conv{number}"));
            self.norm(&format!("{block}.bn{number}"));
        }
        if changes_shape {
            self.conv(&format!("{block}.shortcut"));
        }
    }
}
