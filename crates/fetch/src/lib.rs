//! Downloads data sets that many learn on: resumed, checked, unpacked, and whole or not there.
//!
//! [`fetch()`] brings one of [`DATA_SETS`] into a folder that a study names as its `data.path`.

mod address;
mod catalog;
mod digest;
mod download;
mod error;
mod fetch;
mod http;
mod partial;
mod record;
mod staging;
mod unpack;

pub use catalog::{DATA_SETS, DataSet, Member, Packing, RemoteFile, Size};
pub use error::FetchError;
pub use fetch::{FetchOptions, Fetched, Patience, Progress, fetch};
