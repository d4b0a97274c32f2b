//! `seedband check-trainer`: whether a program is fit to train.

use crate::args::CheckTrainer;
use crate::exit::{DONE, Failure, TRIALS_FAILED};
use crate::output;
use seedband::{Level, PATIENCE};
use std::fmt::Write;
use std::path::Path;

pub(crate) fn run(args: &CheckTrainer) -> Result<u8, Failure> {
    let folder = std::env::current_dir().unwrap_or_else(|_| Path::new(".").to_path_buf());
    let findings = seedband::check_trainer(&args.command, &folder, PATIENCE)?;
    let mut text = String::new();
    for finding in &findings {
        let word = match finding.level {
            Level::Good => "ok  ",
            Level::Note => "note",
            Level::Bad => "BAD ",
        };
        let _ = writeln!(text, "{word}  {}", finding.text);
        for line in &finding.log {
            let _ = writeln!(text, "      | {line}");
        }
    }
    output::data(&text)?;
    let is_fit = findings.iter().all(|finding| finding.level < Level::Bad);
    Ok(if is_fit { DONE } else { TRIALS_FAILED })
}
