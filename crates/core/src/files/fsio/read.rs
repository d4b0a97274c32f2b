//! Reading files that are files.

use super::error::FsError;
use crate::hex::hex;
use nix::fcntl::OFlag;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// The most bytes of a file that are read as a whole: more than any of ours has, and less than a machine's memory.
const MOST_BYTES: u64 = 1 << 31;

/// Reads a text file. A folder, a device or a pipe is none, and may have no end.
///
/// # Errors
/// It cannot be read, is no text in UTF-8, or has more than 2 GiB.
pub fn read(path: &Path) -> Result<String, FsError> {
    let text = |bytes| String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error));
    bytes(path)
        .and_then(text)
        .map_err(|source| FsError::io("read", path, source))
}

/// Reads a file, whatever it holds. A folder, a device or a pipe is none, and may have no end.
///
/// # Errors
/// It cannot be read, or has more than 2 GiB.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, FsError> {
    bytes(path).map_err(|source| FsError::io("read", path, source))
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = open(path)?;
    let length = file.metadata()?.len();
    if length > MOST_BYTES {
        return Err(io::Error::other(format!("it has {length} bytes, more than 2 GiB")));
    }
    // Of a file system of somebody's own a file may have no end, whatever length it says.
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::other("it has more than 2 GiB"));
    }
    Ok(bytes)
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

/// Opens a file to read it. A folder, a device or a pipe is none: to open one may wait for ever, and it may have no
/// end.
pub fn open(path: &Path) -> io::Result<File> {
    // To open a device may already do something.
    is_file(&fs::metadata(path)?)?;
    // Should it be another one by now, it does not wait for a writer.
    let file = File::options()
        .read(true)
        .custom_flags(OFlag::O_NONBLOCK.bits())
        .open(path)?;
    is_file(&file.metadata()?)?;
    Ok(file)
}

/// Opens a file of a study as `options` say, to change it in place: never through a link, and never a device, a pipe or
/// a file that has another name, which may lie anywhere.
pub fn open_in_place(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let file = options
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits())
        .open(path)?;
    let metadata = file.metadata()?;
    is_file(&metadata)?;
    if metadata.nlink() > 1 {
        let problem = "it has another name, a hard link, and would be changed there too; put a copy in its place";
        return Err(io::Error::other(problem));
    }
    Ok(file)
}

fn is_file(metadata: &Metadata) -> io::Result<()> {
    let not_a_file = || io::Error::other("it is not a file");
    metadata.is_file().then_some(()).ok_or_else(not_a_file)
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error as _;

    #[test]
    fn a_file_that_is_too_long_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sparse");
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        for error in [read(&path).unwrap_err(), read_bytes(&path).unwrap_err()] {
            // Its length is known beforehand, and not counted.
            let source = error.source().unwrap().to_string();
            assert_eq!(source, "it has 1099511627776 bytes, more than 2 GiB");
        }
    }

    #[test]
    fn a_file_of_two_names_is_not_changed_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let (inside, outside) = (folder.path().join("inside"), folder.path().join("outside"));
        fs::write(&inside, "as it was").unwrap();
        assert!(open_in_place(&inside, File::options().append(true)).is_ok());
        fs::hard_link(&inside, &outside).unwrap();
        let error = open_in_place(&inside, File::options().append(true)).unwrap_err();
        assert!(error.to_string().contains("a hard link"), "{error}");
        assert!(open(&inside).is_ok(), "reading harms nobody");
    }
}
