//! SHA-256 of files.

use crate::FetchError;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes that are read or written at once.
pub(crate) const CHUNK: usize = 128 << 10;

/// SHA-256 of the file at `path` in lower-case hexadecimal digits.
pub(crate) fn sha256(path: &Path) -> Result<String, FetchError> {
    let mut file = File::open(path).map_err(FetchError::io("read", path))?;
    let mut digest = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = file.read(&mut chunk).map_err(FetchError::io("read", path))?;
        if count == 0 {
            return Ok(digits(digest));
        }
        digest.update(&chunk[..count]);
    }
}

/// What `digest` has come to.
pub(crate) fn digits(digest: Sha256) -> String {
    digest.finalize().iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
