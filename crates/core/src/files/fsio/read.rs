//! Reading files that are files.

use super::error::FsError;
use crate::hex::hex;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Reads a text file. A folder, a device or a pipe is none, and may have no end.
pub fn read(path: &Path) -> Result<String, FsError> {
    let text = || {
        let mut text = String::new();
        open(path)?.read_to_string(&mut text).map(|_| text)
    };
    text().map_err(|source| FsError::io("read", path, source))
}

/// Reads a file, whatever it holds. A folder, a device or a pipe is none, and may have no end.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, FsError> {
    let bytes = || {
        let mut bytes = Vec::new();
        open(path)?.read_to_end(&mut bytes).map(|_| bytes)
    };
    bytes().map_err(|source| FsError::io("read", path, source))
}

/// The first bytes of a file, `N` at most; less where it is shorter.
pub fn read_start<const N: usize>(path: &Path) -> Result<Vec<u8>, FsError> {
    let bytes = || {
        let mut bytes = vec![0; N];
        // One read of a local file gives all there is; a shorter answer is answered as a shorter file.
        let count = open(path)?.read(&mut bytes)?;
        bytes.truncate(count);
        Ok(bytes)
    };
    bytes().map_err(|source| FsError::io("read", path, source))
}

/// Opens what is a file.
fn open(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    File::open(path)
}

/// The SHA-256 of a file's content, as 64 hexadecimal digits. A folder, a device or a pipe has none.
pub fn sha256(path: &Path) -> Result<String, FsError> {
    let digest = || {
        let mut file = open(path)?;
        let mut digest = Sha256::new();
        let mut chunk = vec![0; 1 << 20];
        loop {
            match file.read(&mut chunk)? {
                0 => return Ok(hex(&digest.finalize())),
                count => digest.update(&chunk[..count]),
            }
        }
    };
    digest().map_err(|source| FsError::io("read", path, source))
}

/// Reads a JSON file.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, FsError> {
    serde_json::from_str(&read(path)?).map_err(|source| FsError::Malformed {
        path: path.to_path_buf(),
        line: source.line(),
        source,
    })
}
