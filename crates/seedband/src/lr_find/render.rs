//! The text of the study.

use super::modules::local_modules;
use super::{LrFind, python};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;
use toml::Value;

/// fastai 2.8's `valley` and `minimum`, with the trimming of its `lr_find`.
const RULES: &str =
    "# How a range is read off a curve: a change here costs no training. These are fastai's `valley` and `minimum`.
[range.min]
rule = \"valley\"
skip-start-share = 0.1
skip-end = 5

[range.max]
rule = \"least-loss\"
divide-by = 10.0
skip-start-share = 0.1
skip-end = 5
";

/// Before the digest that tells whether anybody has changed the file.
const MARK: &str = "# written by seedband lr-find ";

/// The study of `find`, whose script lies in `folder`, as it is written to `file`.
pub(super) fn study(find: &LrFind, folder: &Path, file: &Path) -> String {
    let script = find
        .script
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let is_python = find.script.extension().is_some_and(|ending| ending == "py");
    let mut command = if is_python {
        vec![python::interpreter(), script.clone()]
    } else {
        vec![format!("./{script}")]
    };
    command.extend(find.arguments.iter().cloned());
    let inputs = if is_python {
        local_modules(folder, &script)
    } else {
        vec![glob_escaped(&script)]
    };
    let list = |words: Vec<String>| Value::Array(words.into_iter().map(Value::String).collect());
    let title = format!("Learning rate range test of {script}");
    let mut body = format!(
        "name = {}\ntitle = {}\nseeds = {}\n\n[trainer]\ncommand = {}\n",
        Value::String(find.study_name()),
        Value::String(title),
        seeds(&find.seeds),
        list(command)
    );
    let beside = match file.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    if !beside.canonicalize().is_ok_and(|beside| beside == folder) {
        let _ = writeln!(body, "working-dir = {}", Value::String(folder.display().to_string()));
    }
    let _ = write!(
        body,
        "# Their content is part of a trial: a change here makes new trials.\ninputs = {}\n\n[schedule]\nstart = {:e}\n\
         end = {:?}\nsteps = {}\n\n{RULES}",
        list(inputs),
        find.min_lr,
        find.max_lr,
        find.steps
    );
    let shown = file.display();
    let rest = format!(
        "# Change what you like, then: seedband run {shown}\n# `seedband init` writes a study with comments; \
         configs/reference.toml has every key.\n\n{body}"
    );
    format!("{MARK}{}\n{rest}", digest(&rest))
}

/// Whether a file is as it was written.
pub(super) fn is_untouched(text: &str) -> bool {
    let mark = text.strip_prefix(MARK).and_then(|rest| rest.split_once('\n'));
    mark.is_some_and(|(written, rest)| written == digest(rest))
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(4).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A file name as a pattern that fits it alone.
fn glob_escaped(name: &str) -> String {
    name.replace('[', "[[]").replace('*', "[*]").replace('?', "[?]")
}

/// How many is a number in a study, as it is on the command line.
fn seeds(text: &str) -> Value {
    let count = text.trim().parse().map(Value::Integer);
    count.unwrap_or_else(|_| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OpenOptions, StudySession};

    fn find(folder: &Path) -> LrFind {
        std::fs::write(folder.join("train.py"), "import net\n").unwrap();
        std::fs::write(folder.join("net.py"), "").unwrap();
        let mut find = LrFind::new(folder.join("train.py"));
        find.arguments = vec!["--batch-size".into(), "64".into()];
        find
    }

    #[test]
    fn the_study_says_what_was_asked_and_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let find = find(folder.path());
        let file = find.default_study_file();
        find.write_study(&file, false).unwrap();
        let session = StudySession::open(&file, &OpenOptions::default()).unwrap();
        let study = session.study();
        assert_eq!((study.name.as_str(), study.seeds.seeds().len()), ("train", 20));
        let recipe = &study.configs[0].recipe;
        let program = recipe.trainer.program().unwrap();
        assert_eq!(program.command[1..], ["train.py", "--batch-size", "64"]);
        assert_eq!(program.sha256.keys().collect::<Vec<_>>(), ["net.py", "train.py"]);
        assert_eq!(
            (recipe.schedule.start, recipe.schedule.end, recipe.schedule.steps),
            (1e-7, 10.0, 100)
        );
    }

    #[test]
    fn what_nobody_has_changed_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut find = find(folder.path());
        let file = folder.path().join("study.toml");
        find.write_study(&file, false).unwrap();
        find.seeds = "0..5".into();
        find.write_study(&file, false).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("seeds = \"0..5\""), "{text}");
        std::fs::write(&file, text.replace("steps = 100", "steps = 50")).unwrap();
        let error = find.write_study(&file, false).unwrap_err().to_string();
        assert!(error.contains("was changed"), "{error}");
        find.write_study(&file, true).unwrap();
    }

    #[test]
    fn a_study_elsewhere_names_the_working_folder() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let find = find(folder.path());
        let file = other.path().join("study.toml");
        find.write_study(&file, false).unwrap();
        let session = StudySession::open(&file, &OpenOptions::default()).unwrap();
        assert_eq!(
            session.study().configs[0]
                .recipe
                .trainer
                .program()
                .unwrap()
                .sha256
                .len(),
            2
        );
    }
}
