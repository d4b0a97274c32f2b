//! How a study was run.

use crate::format;
use seedband_core::files::provenance::{ImportRecord, RunRecord};
use std::fmt::Display;

/// One call of `run` or `import` on the page: what, and its value.
#[derive(Debug)]
pub(crate) struct RunView {
    /// `run` or `import`.
    pub(crate) what: &'static str,
    pub(crate) started: String,
    pub(crate) rows: Vec<(&'static str, String)>,
}

impl RunView {
    pub(crate) fn new(run: &RunRecord) -> Self {
        let mut rows = vec![
            ("command", command_line(&run.command)),
            ("time taken", format::seconds(run.seconds)),
            ("trials", format!("{} finished, {} failed", run.finished, run.failed)),
        ];
        rows.extend(run.data.iter().flat_map(format::data_rows));
        rows.extend([("host", run.host.clone()), ("processor", run.cpu.clone())]);
        rows.extend(run.workers.iter().map(|worker| ("worker", worker.clone())));
        rows.extend(run.memory_format.map(|format| ("memory format", format.to_string())));
        rows.push(("seedband", run.seedband.clone()));
        if let Some(commit) = &run.commit {
            let changed = if run.dirty == Some(true) {
                " with uncommitted changes"
            } else {
                ""
            };
            rows.push(("commit of the study", format!("{commit}{changed}")));
        }
        Self {
            what: "run",
            started: time(run.started),
            rows,
        }
    }

    /// Curves that were recorded elsewhere: when, and from which files.
    pub(crate) fn of_import(import: &ImportRecord) -> Self {
        /// Files that are named.
        const NAMED: usize = 20;
        let mut rows = vec![("command", command_line(&import.command))];
        rows.extend(import.files.iter().take(NAMED).map(|file| {
            let curves = format::count(file.curves, "curve");
            let digits: String = file.sha256.chars().take(12).collect();
            let text = format!("{} ({}): {curves}, SHA-256 {digits}…", file.file, file.format);
            ("imported", text)
        }));
        if import.files.len() > NAMED {
            let more = (import.files.len() - NAMED) as u32;
            rows.push(("imported", format!("{} more", format::count(more, "file"))));
        }
        rows.push(("host", import.host.clone()));
        rows.push(("seedband", import.seedband.clone()));
        Self {
            what: "import",
            started: time(import.at),
            rows,
        }
    }
}

fn time(at: impl Display) -> String {
    format!("{at:.0}").replace('T', " ").replace('Z', " UTC")
}

fn command_line(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    words.join(" ")
}

/// A word of a command line as a shell would need it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_run_in_words() {
        let record = json!({
            "started": "2026-11-23T18:31:07.25Z", "seconds": 200.4, "seedband": "0.1.0", "commit": "abc123",
            "dirty": true, "host": "gpu1", "cpu": "16 cores", "workers": ["seedband-worker 0.1.0 on cuda:0"],
            "finished": 38, "failed": 2, "command": ["seedband", "run", "my study.toml", "--seeds=0..20"],
        });
        let view = RunView::new(&serde_json::from_value(record).unwrap());
        assert_eq!(view.started, "2026-11-23 18:31:07 UTC");
        assert_eq!(
            view.rows[0],
            ("command", "seedband run 'my study.toml' --seeds=0..20".to_owned())
        );
        assert_eq!(view.rows[1], ("time taken", "3 min 20 s".to_owned()));
        assert_eq!(
            view.rows.last().unwrap(),
            &("commit of the study", "abc123 with uncommitted changes".to_owned())
        );
    }

    #[test]
    fn an_import_names_its_files() {
        let file = |number: u32| json!({"file": format!("a{number}.csv"), "sha256": "0123456789abcdef", "format": "csv", "curves": 1});
        let record = json!({
            "at": "2026-11-23T18:31:07.25Z", "seedband": "0.2.0", "host": "gpu1", "command": ["seedband", "import"],
            "files": (0..22).map(file).collect::<Vec<_>>(),
        });
        let view = RunView::of_import(&serde_json::from_value(record).unwrap());
        assert_eq!(view.started, "2026-11-23 18:31:07 UTC");
        assert_eq!(
            view.rows[1],
            ("imported", "a0.csv (csv): 1 curve, SHA-256 0123456789ab…".to_owned())
        );
        assert_eq!(view.rows[21], ("imported", "2 files more".to_owned()));
    }

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        for (word, shown) in [
            ("a-b/c.toml", "a-b/c.toml"),
            ("", "''"),
            ("it's", "'it'\\''s'"),
            ("$x", "'$x'"),
        ] {
            assert_eq!(quoted(word), shown);
        }
    }
}
