//! Errors for the log and the protocol, which have lines.

use std::error::Error;

/// An error and its causes on one line. Of a cause that spans several lines, such as libtorch's with its call stack,
/// the first is taken.
pub fn one_line(error: &dyn Error) -> String {
    let mut line = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        let text = text.lines().next().unwrap_or_default();
        // A transparent wrapper repeats its cause's text.
        if !line.ends_with(text) {
            if !line.is_empty() {
                line.push_str(": ");
            }
            line.push_str(text);
        }
        next = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::TrialError;
    use std::io;
    use tch::TchError;

    #[test]
    fn causes_follow_on_one_line() {
        let error = TrialError::Output(io::Error::other("the pipe broke\nhere"));
        assert_eq!(one_line(&error), "cannot write an event: the pipe broke");
        let error = TrialError::Torch(TchError::Torch("mat1 and mat2 differ\nException raised from …".into()));
        assert_eq!(one_line(&error), "Internal torch error: mat1 and mat2 differ");
    }
}
