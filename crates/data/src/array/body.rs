//! The bytes after a header, which may lie.

use super::{Array, Header};
use std::io::Read;

/// How much can follow a header.
#[derive(Debug, Clone, Copy)]
pub(super) enum Available {
    /// So many bytes, no fewer and no more.
    Exactly(u64),
    /// At most so many: the file is compressed.
    AtMost(u64),
}

/// Reads the numbers of `header`, and no byte more than it says.
///
/// # Errors
/// The rest of a sentence that starts with the file: the header says more, or less, than there is.
pub(super) fn read_body(header: Header, reader: &mut impl Read, available: Available) -> Result<Array, String> {
    let (Available::Exactly(most) | Available::AtMost(most)) = available;
    let shape = header.shape_text();
    let name = header.number.name();
    let short = |there: &str| {
        format!(
            "says that it holds {shape} numbers of {name} and {there}; it is cut short or damaged, so fetch or save it again"
        )
    };
    let Some(wanted) = header.bytes().filter(|wanted| *wanted <= most) else {
        return Err(short(&format!("has room for {most} bytes")));
    };
    if matches!(available, Available::Exactly(there) if there > wanted) {
        return Err(longer(&shape, &name));
    }
    let mut bytes = Vec::new();
    let reserved = usize::try_from(wanted).is_ok_and(|wanted| bytes.try_reserve_exact(wanted).is_ok());
    if !reserved {
        return Err(format!(
            "holds {shape} numbers of {name}, {wanted} bytes, which are more than memory holds"
        ));
    }
    let failed = |error: std::io::Error| format!("cannot be read to its end ({error}); fetch or save it again");
    reader.by_ref().take(wanted).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 != wanted {
        return Err(short(&format!("ends after {} bytes", bytes.len())));
    }
    // Reads on to the end, where a compressed file has its check sum.
    if reader.read(&mut [0]).map_err(failed)? > 0 {
        return Err(longer(&shape, &name));
    }
    Ok(Array { header, bytes })
}

fn longer(shape: &str, name: &str) -> String {
    format!("holds more than the {shape} numbers of {name} that its header says; fetch or save it again")
}
