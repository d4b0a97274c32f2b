//! The numbers of an array.

/// How one number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) kind: Kind,
    /// Bytes: 1, 2, 4 or 8.
    pub(crate) size: usize,
    pub(crate) big_endian: bool,
}

/// What bytes mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Signed,
    Unsigned,
    /// IEEE 754, of 2, 4 or 8 bytes.
    Float,
}

impl Number {
    /// Bytes as they are.
    #[cfg(test)]
    pub(crate) const UINT8: Self = Self {
        kind: Kind::Unsigned,
        size: 1,
        big_endian: false,
    };

    /// Whether these are the bytes of pixels, from 0 to 255.
    pub(crate) fn is_byte(self) -> bool {
        (self.kind, self.size) == (Kind::Unsigned, 1)
    }

    /// The name that `NumPy` gives it.
    pub(crate) fn name(self) -> String {
        let bits = 8 * self.size;
        match self.kind {
            Kind::Bool => "bool".into(),
            Kind::Signed => format!("int{bits}"),
            Kind::Unsigned => format!("uint{bits}"),
            Kind::Float => format!("float{bits}"),
        }
    }

    /// The bits of a number of [`size`](Self::size) bytes, lowest first.
    fn bits(self, bytes: &[u8]) -> u64 {
        let append = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
        if self.big_endian {
            bytes.iter().fold(0, append)
        } else {
            bytes.iter().rev().fold(0, append)
        }
    }

    /// A number that is no float, exactly.
    pub(crate) fn integer(self, bytes: &[u8]) -> i128 {
        let bits = self.bits(bytes);
        if self.kind == Kind::Signed {
            // The sign is carried up.
            let unused = 64 - 8 * self.size as u32;
            i128::from((bits << unused).cast_signed() >> unused)
        } else {
            i128::from(bits)
        }
    }

    /// The nearest float64.
    pub(crate) fn float(self, bytes: &[u8]) -> f64 {
        match (self.kind, self.size) {
            (Kind::Float, 8) => f64::from_bits(self.bits(bytes)),
            (Kind::Float, 4) => f64::from(f32::from_bits(self.bits(bytes) as u32)),
            (Kind::Float, _) => half(self.bits(bytes) as u16),
            _ => self.integer(bytes) as f64,
        }
    }
}

/// A number of IEEE 754's binary16: a sign, 5 bits of exponent with bias 15, 10 bits of fraction.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let size = match exponent {
        0 => fraction * 2_f64.powi(-24),
        0x1f if fraction == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of IEEE 754-2019, table 3.5 and below: one, its neighbours, the largest, the least.
    #[test]
    #[expect(clippy::float_cmp, reason = "every binary16 is a float64")]
    fn halves() {
        for (bits, value) in [
            (0x3c00, 1.0),
            (0x3c01, 1.0 + 1.0 / 1024.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0400, 2_f64.powi(-14)),
            (0x0001, 2_f64.powi(-24)),
            (0x7c00, f64::INFINITY),
        ] {
            assert_eq!(half(bits), value, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan());
    }

    #[test]
    fn integers_of_any_width_keep_their_sign() {
        let number = |kind, size, big_endian| Number { kind, size, big_endian };
        assert_eq!(number(Kind::Signed, 1, false).integer(&[0xff]), -1);
        assert_eq!(number(Kind::Unsigned, 1, false).integer(&[0xff]), 255);
        assert_eq!(number(Kind::Signed, 2, false).integer(&[0xfe, 0xff]), -2);
        assert_eq!(number(Kind::Signed, 2, true).integer(&[0xff, 0xfe]), -2);
        assert_eq!(number(Kind::Signed, 4, true).integer(&[0, 0, 1, 2]), 258);
        assert_eq!(
            number(Kind::Unsigned, 8, false).integer(&[0xff; 8]),
            i128::from(u64::MAX)
        );
        assert_eq!(number(Kind::Signed, 8, false).integer(&[0xff; 8]), -1);
    }
}
