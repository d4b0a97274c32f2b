//! Training and validation images, whatever they come from: loaded once, kept on the device.

pub mod cifar;
pub mod folder;
pub mod synthetic;

mod class_limit;
mod dataset;
mod error;
mod images;
mod read;

pub use dataset::Dataset;
pub use error::DataError;
pub use images::Images;
pub use read::{read, read_validation};
