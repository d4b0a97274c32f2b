//! File access whose errors name the path, and writes that are whole or not there.

mod below;
mod error;
mod hidden;
mod read;
mod write;

pub use crate::hex::hex;
pub use below::{check_below, create_dir_below, is_real_folder};
pub use error::FsError;
pub use hidden::{create_hidden_beside, hidden_beside, is_hidden_name, remove_hidden};
pub use read::{open, open_in_place, read, read_bytes, read_json, read_start, sha256};
pub use write::{create_dir_all, write_atomic, write_json, write_json_unsynced, write_unsynced};
