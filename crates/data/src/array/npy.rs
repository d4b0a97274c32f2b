//! `NumPy`'s format, versions 1 to 3 (NEP 1; <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>).

use super::body::{Available, read_body};
use super::literal::{Literal, parse};
use super::{Array, Header, Kind, Number};
use std::io::Read;

/// Bytes before the length of the header: magic and version.
const START: usize = 8;

/// The longest header that is read; NumPy's own reader takes 10,000 bytes unless told otherwise.
const LONGEST: usize = 1 << 16;

/// Reads an array whose file has `length` bytes.
///
/// # Errors
/// The rest of a sentence that starts with the file: it is no array, one of something else than numbers, or damaged.
pub(crate) fn read_npy(reader: &mut impl Read, length: u64) -> Result<Array, String> {
    let (header, read) = header(reader)?;
    read_body(header, reader, Available::Exactly(length.saturating_sub(read)))
}

/// The header, and how many bytes it takes.
fn header(reader: &mut impl Read) -> Result<(Header, u64), String> {
    let damaged = || "is no array of NumPy's (`.npy`), or a damaged one; save it again with `np.save`".to_owned();
    let mut start = [0; START];
    reader.read_exact(&mut start).map_err(|_| damaged())?;
    if !start.starts_with(b"\x93NUMPY") {
        return Err(damaged());
    }
    let width = match start[6] {
        1 => 2,
        2 | 3 => 4,
        version => {
            return Err(format!(
                "is of version {version} of NumPy's format, and 1 to 3 are known; save it again with `np.save`"
            ));
        }
    };
    let mut length = [0; 4];
    reader.read_exact(&mut length[..width]).map_err(|_| damaged())?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST {
        return Err(damaged());
    }
    let mut text = vec![0; length];
    reader.read_exact(&mut text).map_err(|_| damaged())?;
    let text = String::from_utf8(text).map_err(|_| damaged())?;
    let Some(Literal::Entries(entries)) = parse(&text) else {
        return Err(damaged());
    };
    let entry = |key: &str| entries.iter().find(|(name, _)| name == key).map(|(_, value)| value);
    let (Some(descr), Some(Literal::Bool(fortran)), Some(Literal::Items(sides))) =
        (entry("descr"), entry("fortran_order"), entry("shape"))
    else {
        return Err(damaged());
    };
    let side = |side: &Literal| match side {
        Literal::Integer(side) => usize::try_from(*side).ok(),
        _ => None,
    };
    let header = Header {
        number: number(descr)?,
        fortran: *fortran,
        shape: sides.iter().map(side).collect::<Option<_>>().ok_or_else(damaged)?,
    };
    Ok((header, (START + width + length) as u64))
}

/// The number that a `descr` names, such as `<f4`.
fn number(descr: &Literal) -> Result<Number, String> {
    let Literal::Text(text) = descr else {
        return Err("holds records of several fields; save one array of numbers for each".into());
    };
    let refused = |what: &str, way: &str| Err(format!("holds {what} (`{text}`), not numbers; {way}"));
    let mut letters = text.chars();
    let (order, kind, size) = (letters.next(), letters.next(), letters.as_str());
    let kind = match kind {
        Some('b') => Kind::Bool,
        Some('i') => Kind::Signed,
        Some('u') => Kind::Unsigned,
        Some('f') => Kind::Float,
        Some('O') => {
            return refused(
                "Python objects, which only a pickle can hold",
                "save it as numbers, with `np.save(file, np.asarray(array, dtype=\"float32\"))`",
            );
        }
        Some('U' | 'S') => {
            return refused(
                "text",
                "number its values, with `np.unique(array, return_inverse=True)[1]`",
            );
        }
        _ => {
            return refused(
                "something else",
                "save it as `float32`, or as `int64` where it holds classes",
            );
        }
    };
    let size = match (kind, size) {
        (_, "1") if kind != Kind::Float => 1,
        (Kind::Bool, _) => 0,
        (_, "2") => 2,
        (_, "4") => 4,
        (_, "8") => 8,
        _ => 0,
    };
    let big_endian = match order {
        Some('<' | '|' | '=') => false,
        Some('>') => true,
        _ => return refused("something else", "save it again with `np.save`"),
    };
    if size == 0 {
        return Err(format!(
            "holds numbers of a size that is not read (`{text}`); save it as `float32`, or as `int64` where it holds classes"
        ));
    }
    Ok(Number { kind, size, big_endian })
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_testkit::Fuzz;

    fn npy(descr: &str, shape: &str, body: &[u8]) -> Vec<u8> {
        let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend_from_slice(&(text.len() as u16).to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
        bytes.extend_from_slice(body);
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Array, String> {
        read_npy(&mut &bytes[..], bytes.len() as u64)
    }

    #[test]
    fn what_is_no_numbers_is_said() {
        for (descr, part) in [
            ("'|O'", "Python objects"),
            ("'<U3'", "text"),
            ("'<c8'", "something else"),
            ("'<f16'", "of a size that is not read"),
            ("'<M8[s]'", "something else"),
            ("[('a', '<i4')]", "records of several fields"),
            ("''", "something else"),
            ("7", "records"),
        ] {
            let message = read(&npy(descr, "(1,)", &[0; 8])).unwrap_err();
            assert!(message.contains(part), "{descr}: {message}");
        }
    }

    #[test]
    fn a_header_that_lies_takes_no_memory() {
        for shape in [
            "(9223372036854775807,)",
            "(18446744073709551615, 2)",
            "(65536, 65536, 65536, 65536)",
            "(1000000000,)",
            "(3,)",
        ] {
            let bytes = npy("'<f4'", shape, &[0; 8]);
            let (result, heap) = seedband_testkit::peak(|| read(&bytes));
            let message = result.unwrap_err();
            assert!(message.contains("has room for 8 bytes"), "{message}");
            assert!(heap < 20_000, "{heap}");
        }
        assert!(
            read(&npy("'<f4'", "(1,)", &[0; 8]))
                .unwrap_err()
                .contains("holds more than")
        );
        assert_eq!(read(&npy("'<f4'", "(0, 7)", &[])).unwrap().bytes, [0; 0]);
    }

    #[test]
    fn damaged_arrays_are_answered() {
        let seeds = [npy("'<f4'", "(2, 3)", &[1; 24]), npy("'|u1'", "(4, 2, 2)", &[1; 16])];
        Fuzz::new(&seeds).memory(|length| 300_000 + 20 * length).run(|bytes| {
            if let Ok(array) = read(bytes) {
                assert_eq!(array.header.bytes(), Some(array.bytes.len() as u64));
            }
        });
    }
}
