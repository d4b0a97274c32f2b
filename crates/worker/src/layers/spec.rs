//! What a network's parameters are.

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
