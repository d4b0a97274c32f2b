//! The command line as it was typed, for the record.

/// Program and arguments; bytes that are no UTF-8, as file names may have, are replaced by `�`.
pub(crate) fn command_line() -> Vec<String> {
    let words = std::env::args_os();
    words.map(|word| word.to_string_lossy().into_owned()).collect()
}
