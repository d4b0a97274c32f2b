//! Layers and the list of parameters they share.
//!
//! A model is built once as a list of [`Spec`]s and layers that point into it. The tensors themselves live outside, in
//! one list of the same order, so that init and optimizer see all parameters alike.

mod builder;
mod conv;
mod dense;
mod norm;
mod norm_relu;
mod pool;
mod spec;

pub use builder::Builder;
pub use conv::Conv;
pub use dense::Dense;
pub use norm::{Averages, Norm, NormState, Pass};
pub(crate) use pool::global_average;
pub use spec::{Role, Spec};
