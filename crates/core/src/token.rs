//! Names that nobody else has.

use crate::hex::hex;

/// 16 hexadecimal digits that are drawn anew each time. Process ids tell processes apart within one namespace of one
/// kernel alone; two containers may each have a process 1.
pub fn token() -> String {
    let mut bytes = [0; 8];
    if getrandom::fill(&mut bytes).is_err() {
        // No random numbers this early after a boot, or in this sandbox: the clock and an address are something.
        let time = jiff::Timestamp::now().as_nanosecond() as u64;
        let place = std::ptr::from_ref(&bytes) as u64;
        bytes = (time ^ place.rotate_left(32) ^ u64::from(std::process::id())).to_le_bytes();
    }
    hex(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same() {
        let (one, other) = (token(), token());
        assert_eq!((one.len(), other.len()), (16, 16));
        assert_ne!(one, other);
    }
}
