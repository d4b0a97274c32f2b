//! Whether a JPEG file is whole. Its decoder fills up with grey what is missing.

/// Whether the pixels of a JPEG file go on to its end marker (ITU-T T.81, annex B): the file was not cut short.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    end(bytes).is_some()
}

/// Where the end marker stands.
fn end(bytes: &[u8]) -> Option<usize> {
    const END: u8 = 0xd9;
    const SCAN: u8 = 0xda;
    // After the start marker.
    let mut at = 2;
    loop {
        at = marker(bytes, at)?;
        match *bytes.get(at + 1)? {
            END => return Some(at),
            // Markers without a segment: TEM and restarts.
            0x01 | 0xd0..=0xd7 => at += 2,
            code => {
                let length = bytes.get(at + 2..at + 4)?;
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
                if code == SCAN {
                    at = after_scan(bytes, at)?;
                }
            }
        }
    }
}

/// The next marker from `at` on. What stands before one is passed over, as decoders do, and so are further bytes 0xff.
fn marker(bytes: &[u8], at: usize) -> Option<usize> {
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff);
    bytes.get(at..)?.windows(2).position(is_marker).map(|found| at + found)
}

/// The first marker after the coded pixels that start at `at`, which restarts are a part of.
fn after_scan(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at = marker(bytes, at)?;
        if !matches!(bytes[at + 1], 0xd0..=0xd7) {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    #[test]
    fn files_cut_anywhere_are_not_whole() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images");
        for name in ["plain", "full", "progressive", "grey", "four", "thumbnail"] {
            let bytes = fs::read(folder.join(format!("{name}.jpg"))).unwrap();
            assert!(is_whole(&bytes), "{name}");
            for length in 0..bytes.len() {
                assert!(!is_whole(&bytes[..length]), "{name} {length}");
            }
            // What some programs append does no harm.
            assert!(is_whole(&[&bytes[..], b"appended"].concat()), "{name}");
        }
    }
}
