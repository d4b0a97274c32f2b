//! The state itself.

use crate::layers::NormState;

/// What a network holds, in double precision, as PyTorch's `state_dict` has it.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkState {
    /// Values of each parameter, row-major, in the order of [`Network::specs`](crate::models::Network::specs).
    pub parameters: Vec<Vec<f64>>,
    /// State of each batch norm, in the order of their parameters.
    pub norms: Vec<NormState>,
}
