//! Why an attempt gave no curve.

use seedband_core::protocol::FailureClass;

/// Why an attempt gave no curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind of failure.
    pub class: FailureClass,
    /// One line for the user.
    pub message: String,
}

impl Failure {
    /// A failure whose message is put on one line.
    pub fn new(class: FailureClass, message: &str) -> Self {
        let message = message
            .split(['\n', '\r'])
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("; ");
        Self { class, message }
    }

    pub(crate) fn protocol(message: &str) -> Self {
        Self::new(FailureClass::Protocol, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line() {
        assert_eq!(Failure::protocol("one\n\n  two\r\n").message, "one; two");
    }
}
