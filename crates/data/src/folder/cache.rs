//! Decoded image folders, kept for the next worker: one file a set of images, named by what was decoded.
//!
//! A cache only saves time. Whatever is wrong with it is logged at level `debug` and otherwise ignored.

use super::list::ImageFile;
use crate::Examples;
use seedband_core::files::fsio;
use seedband_core::files::fsio::hex;
use sha2::{Digest, Sha256};
use std::env;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use tracing::debug;

/// First bytes of a cache file: what it is, and the version of its layout and of the decoding.
const MAGIC: &[u8; 16] = b"seedband-images2";

/// Magic, fingerprint in hexadecimal, then count, height, width and classes as 64-bit little-endian numbers.
const HEADER: usize = MAGIC.len() + 64 + 4 * 8;

/// `seedband` below `XDG_CACHE_HOME`, or below `.cache` in the home folder; `None` where neither variable is set.
pub fn cache_folder() -> Option<PathBuf> {
    // An empty or relative path counts as unset (XDG Base Directory Specification 0.8).
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")));
    base.map(|base| base.join("seedband"))
}

/// The file of one set of images in the cache.
#[derive(Debug)]
pub(super) struct CacheFile(PathBuf);

impl CacheFile {
    /// That of `files` below `top`: its name hashes each file's path, size and time of change, and what is done to the
    /// images.
    pub(super) fn new(
        folder: &Path,
        top: &Path,
        files: &[ImageFile],
        classes: usize,
        size: Option<u32>,
    ) -> Option<Self> {
        let mut digest = Sha256::new();
        digest.update(MAGIC);
        digest.update((classes as u64).to_le_bytes());
        digest.update(size.unwrap_or(0).to_le_bytes());
        for file in files {
            let metadata = fs::metadata(&file.path).ok()?;
            let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            let path = file
                .path
                .strip_prefix(top)
                .unwrap_or(&file.path)
                .as_os_str()
                .as_encoded_bytes();
            // The length keeps a path apart from what follows it.
            for number in [
                path.len() as u64,
                metadata.len(),
                changed.as_secs(),
                u64::from(changed.subsec_nanos()),
            ] {
                digest.update(number.to_le_bytes());
            }
            digest.update((file.class as u64).to_le_bytes());
            digest.update(path);
        }
        Some(Self(folder.join(format!("images-{}.bin", hex(&digest.finalize())))))
    }

    /// The fingerprint of the images that were kept here, by their header alone.
    pub(super) fn fingerprint(&self) -> Option<String> {
        let mut header = [0; MAGIC.len() + 64];
        fsio::open(&self.0)
            .and_then(|mut file| file.read_exact(&mut header))
            .ok()?;
        String::from_utf8(header.strip_prefix(MAGIC)?.to_vec()).ok()
    }

    /// The images, if they are there and whole.
    pub(super) fn load(&self) -> Option<Examples> {
        let path = self.0.display();
        let bytes = fsio::read_bytes(&self.0)
            .map_err(|error| debug!("no cached images in `{path}`: {error}"))
            .ok()?;
        let images = parse(bytes);
        if images.is_none() {
            debug!("`{path}` is damaged and is not used");
        }
        images
    }

    /// Keeps the images.
    pub(super) fn store(&self, images: &Examples) {
        let folder = self.0.parent().unwrap_or(Path::new("."));
        let stored = fsio::create_dir_all(folder).and_then(|()| fsio::write_atomic(&self.0, &to_bytes(images)));
        if let Err(error) = stored {
            debug!("decoded images are not kept: {error}");
        }
    }
}

fn to_bytes(images: &Examples) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + images.bytes().len() + 4 * images.labels.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(images.fingerprint().as_bytes());
    for number in [
        images.count(),
        images.shape.height(),
        images.shape.width(),
        images.classes,
    ] {
        bytes.extend_from_slice(&(number as u64).to_le_bytes());
    }
    for label in &images.labels {
        bytes.extend_from_slice(&label.to_le_bytes());
    }
    bytes.extend_from_slice(images.bytes());
    bytes
}

fn parse(mut bytes: Vec<u8>) -> Option<Examples> {
    let header = bytes.get(..HEADER)?.strip_prefix(MAGIC)?;
    let (fingerprint, numbers) = header.split_at(64);
    let fingerprint = String::from_utf8(fingerprint.to_vec()).ok()?;
    let mut numbers = numbers
        .as_chunks::<8>()
        .0
        .iter()
        .map(|number| usize::try_from(u64::from_le_bytes(*number)));
    let mut number = || numbers.next()?.ok();
    let (count, height, width, classes) = (number()?, number()?, number()?, number()?);
    let (label_bytes, pixel_bytes) = (
        count.checked_mul(4)?,
        count.checked_mul(3)?.checked_mul(height)?.checked_mul(width)?,
    );
    if bytes.len() != HEADER.checked_add(label_bytes)?.checked_add(pixel_bytes)? {
        return None;
    }
    let labels = bytes[HEADER..HEADER + label_bytes]
        .as_chunks::<4>()
        .0
        .iter()
        .map(|label| u32::from_le_bytes(*label))
        .collect();
    bytes.drain(..HEADER + label_bytes);
    let images = Examples::rgb(bytes, labels, height, width, classes);
    (images.fingerprint() == fingerprint).then_some(images)
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_testkit::Fuzz;

    fn images() -> Examples {
        Examples::rgb((0..24).collect(), vec![0, 1], 2, 2, 2)
    }

    #[test]
    fn images_survive_and_damage_is_seen() {
        let bytes = to_bytes(&images());
        assert_eq!(parse(bytes.clone()), Some(images()));
        for length in 0..bytes.len() {
            assert_eq!(parse(bytes[..length].to_vec()), None, "{length}");
        }
        for index in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[index] ^= 1;
            assert_eq!(parse(damaged), None, "{index}");
        }
        let mut longer = bytes;
        longer.push(0);
        assert_eq!(parse(longer), None);
    }

    #[test]
    fn sizes_beyond_memory_are_refused() {
        let mut bytes = to_bytes(&images());
        bytes[80..88].copy_from_slice(&u64::MAX.to_le_bytes());
        assert_eq!(parse(bytes), None);
    }

    /// What is damaged is not used, so whatever is used is the images that were kept.
    #[test]
    fn damaged_caches_are_not_used() {
        let good = to_bytes(&images());
        // The bytes of the file, its labels and the message, if any.
        Fuzz::new(std::slice::from_ref(&good))
            .memory(|length| 10_000 + 2 * length)
            .run(|bytes| {
                if let Some(read) = parse(bytes.to_vec()) {
                    assert_eq!(read, images());
                    assert_eq!(bytes, good);
                }
            });
    }
}
