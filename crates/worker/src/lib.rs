//! The built-in trainer: reads trials, trains them with libtorch, says the loss of every step.
//!
//! What a trial's settings mean is written beside them in [`seedband_core::settings`]; the lines spoken are
//! [`seedband_core::protocol`]. Images have the shape `[n, channels, height, width]`; a conv weight
//! is `[out, in, height, width]` and a dense weight `[out, in]`, as in PyTorch.

pub mod args;
pub mod augment;
pub mod batches;
pub mod cuda_driver;
pub mod dataset;
pub mod dataset_cache;
pub mod device;
pub mod failure;
pub mod init;
pub mod initial_state;
pub mod layers;
pub mod libtorch;
mod memory_format;
pub mod models;
pub mod optimizer;
pub mod pixels;
mod precision;
pub mod serve;
pub mod state_dict;
pub mod train;
pub mod validate;

#[cfg(test)]
#[global_allocator]
static HEAP: seedband_testkit::Heap = seedband_testkit::Heap;
