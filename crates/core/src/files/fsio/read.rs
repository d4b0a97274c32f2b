//! Reading files that are files.

use super::error::FsError;
use crate::hex::hex;
use nix::fcntl::OFlag;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Take};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// The most bytes of a file that are read as a whole: more than any of ours has, and less than a machine's memory.
const MOST_BYTES: u64 = 1 << 31;

/// The most bytes of a file whose digest is made: more than any script or file of weights has, and some minutes of a
/// disk's time.
const MOST_HASHED: u64 = 1 << 36;

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
    let mut file = open_up_to(path, MOST_BYTES)?;
    file.read_to_end(&mut bytes)?;
    has_ended(&file)?;
    Ok(bytes)
}

/// Opens a file of `most` bytes or fewer, to read it to its end: by its length, and, as a file system of somebody's own
/// may say any, by what is read.
fn open_up_to(path: &Path, most: u64) -> io::Result<Take<File>> {
    let file = open(path)?;
    let length = file.metadata()?.len();
    if length > most {
        let most = most >> 30;
        return Err(io::Error::other(format!("it has {length} bytes, more than {most} GiB")));
    }
    Ok(file.take(most + 1))
}

/// Fails where a file of [`open_up_to`] had more bytes than it may have.
fn has_ended(file: &Take<File>) -> io::Result<()> {
    let too_long = || io::Error::other("it has more bytes than it says, and too many");
    (file.limit() > 0).then_some(()).ok_or_else(too_long)
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
///
/// # Errors
/// It cannot be read, or has more than 64 GiB.
pub fn sha256(path: &Path) -> Result<String, FsError> {
    let digest = || {
        let mut file = open_up_to(path, MOST_HASHED)?;
        let mut digest = Sha256::new();
        let mut chunk = vec![0; 1 << 20];
        loop {
            match file.read(&mut chunk)? {
                0 => return has_ended(&file).map(|()| hex(&digest.finalize())),
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
        for (error, most) in [
            (read(&path).unwrap_err(), 2),
            (read_bytes(&path).unwrap_err(), 2),
            (sha256(&path).unwrap_err(), 64),
        ] {
            // Its length is known beforehand, and not counted.
            let source = error.source().unwrap().to_string();
            assert_eq!(source, format!("it has 1099511627776 bytes, more than {most} GiB"));
        }
        // One that says less than it has.
        assert!(has_ended(&open_up_to(Path::new("/proc/self/status"), 1).unwrap()).is_ok());
        let mut status = open_up_to(Path::new("/proc/self/status"), 1).unwrap();
        status.read_to_end(&mut Vec::new()).unwrap();
        assert!(has_ended(&status).is_err());
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
