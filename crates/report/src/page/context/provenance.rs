//! How a study was run.

use crate::format;
use seedband_core::files::provenance::RunRecord;

/// One call of `run` on the page: what, and its value.
#[derive(Debug)]
pub(crate) struct RunView {
    pub(crate) started: String,
    pub(crate) rows: Vec<(&'static str, String)>,
}

impl RunView {
    pub(crate) fn new(run: &RunRecord) -> Self {
        let mut rows = vec![
            (
                "command",
                run.command
                    .iter()
                    .map(|word| quoted(word))
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            ("time taken", format::seconds(run.seconds)),
            ("trials", format!("{} finished, {} failed", run.finished, run.failed)),
            ("host", run.host.clone()),
            ("processor", run.cpu.clone()),
        ];
        rows.extend(run.workers.iter().map(|worker| ("worker", worker.clone())));
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
            started: format!("{:.0}", run.started).replace('T', " ").replace('Z', " UTC"),
            rows,
        }
    }
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
