//! The IDX format of MNIST (<http://yann.lecun.com/exdb/mnist/>): two zero bytes, the type, the number of axes, each
//! axis' length in four bytes, then the numbers; all big-endian.

use super::body::{Available, read_body};
use super::{Array, Header, Kind, Number};
use flate2::read::MultiGzDecoder;
use std::io::{BufRead, Read};

/// Deflate packs at most 1032 bytes into one (zlib's documentation).
const MOST_PACKED: u64 = 1032;

/// Reads an array whose file has `length` bytes, plain or gzipped.
///
/// # Errors
/// The rest of a sentence that starts with the file: it is no IDX file, or a damaged one.
pub(crate) fn read_idx(mut reader: impl BufRead, length: u64) -> Result<Array, String> {
    let failed = |error: std::io::Error| format!("cannot be read ({error})");
    if reader.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]) {
        let available = Available::AtMost(length.saturating_mul(MOST_PACKED));
        return read(&mut MultiGzDecoder::new(reader), available);
    }
    read(&mut reader, Available::Exactly(length))
}

fn read(reader: &mut impl Read, available: Available) -> Result<Array, String> {
    let damaged = || "is no IDX file, or a damaged one; fetch it again".to_owned();
    let mut start = [0; 4];
    reader.read_exact(&mut start).map_err(|_| damaged())?;
    let [0, 0, kind, axes] = start else {
        return Err(damaged());
    };
    let (kind, size) = match kind {
        0x08 => (Kind::Unsigned, 1),
        0x09 => (Kind::Signed, 1),
        0x0b => (Kind::Signed, 2),
        0x0c => (Kind::Signed, 4),
        0x0d => (Kind::Float, 4),
        0x0e => (Kind::Float, 8),
        _ => return Err(damaged()),
    };
    let mut shape = Vec::new();
    for _ in 0..axes {
        let mut length = [0; 4];
        reader.read_exact(&mut length).map_err(|_| damaged())?;
        shape.push(u32::from_be_bytes(length) as usize);
    }
    let header = Header {
        number: Number {
            kind,
            size,
            big_endian: true,
        },
        fortran: false,
        shape,
    };
    let read = 4 + 4 * u64::from(axes);
    let available = match available {
        Available::Exactly(length) => Available::Exactly(length.saturating_sub(read)),
        Available::AtMost(length) => Available::AtMost(length),
    };
    read_body(header, reader, available)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::read::GzEncoder;
    use seedband_testkit::Fuzz;

    /// Two images of 2x3.
    fn images() -> Vec<u8> {
        let header = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3];
        header.into_iter().chain(1..13).collect()
    }

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        GzEncoder::new(bytes, Compression::default())
            .read_to_end(&mut packed)
            .unwrap();
        packed
    }

    fn read(bytes: &[u8]) -> Result<Array, String> {
        read_idx(bytes, bytes.len() as u64)
    }

    #[test]
    fn plain_and_gzipped_files_are_alike() {
        let array = read(&images()).unwrap();
        assert_eq!(array.header.shape, [2, 2, 3]);
        assert_eq!(array.bytes, (1..13).collect::<Vec<u8>>());
        assert_eq!(read(&gzipped(&images())), Ok(array));
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        for change in [&images()[..20], &[&images()[..], &[0]].concat()[..], &[], &[0, 0, 8]] {
            assert!(read(change).is_err());
            assert!(read(&gzipped(change)).is_err());
        }
        let mut lie = images();
        lie[4] = 0xff;
        let (result, heap) = seedband_testkit::peak(|| read(&gzipped(&lie)));
        assert!(result.unwrap_err().contains("has room for"));
        // The unpacker's own tables and window; what the header claims is 25 GB.
        assert!(heap < 1 << 20, "{heap}");
        let packed = gzipped(&images());
        assert!(
            read(&packed[..packed.len() - 6])
                .unwrap_err()
                .contains("cannot be read to its end")
        );
    }

    #[test]
    fn damaged_files_are_answered() {
        let seeds = [images(), gzipped(&images())];
        // What deflate may come to, and its tables.
        Fuzz::new(&seeds)
            .memory(|length| (1 << 20) + 1100 * length)
            .run(|bytes| {
                if let Ok(array) = read(bytes) {
                    assert_eq!(array.header.bytes(), Some(array.bytes.len() as u64));
                }
            });
    }
}
