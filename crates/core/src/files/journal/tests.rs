use super::reader::parse;
use super::*;
use crate::failure::FailureClass;
use crate::files::curve::End;
use crate::trial::TrialId;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

fn written() -> (tempfile::TempDir, PathBuf, Vec<Entry>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("runner.jsonl");
    let mut writer = Writer::create(&path, "runner").unwrap();
    let trial = TrialId::from("0123456789abcdef0123456789abcdef".to_owned());
    let changes = [
        Change::Running { device: "cpu".into() },
        Change::Finished {
            end: End::Completed,
            steps: 100,
            data: None,
            weights: Some("ab".into()),
            parameters: Some(49_338),
            batch_size: Some(64),
        },
        Change::Failed {
            class: FailureClass::LostWorker,
            message: "killed by signal 9".into(),
            again: true,
        },
        Change::Interrupted,
    ];
    let entries: Vec<Entry> = changes
        .into_iter()
        .map(|change| Entry {
            at: Timestamp::now(),
            trial: trial.clone(),
            attempt: 1,
            change,
        })
        .collect();
    for entry in &entries {
        writer.append(entry).unwrap();
    }
    (folder, path, entries)
}

#[test]
fn what_is_written_is_read() {
    let (_folder, path, entries) = written();
    let journal = read(&path).unwrap();
    assert_eq!((journal.entries, journal.damaged), (entries, Vec::new()));
}

#[test]
fn cut_at_every_byte_gives_the_whole_lines_before() {
    let (_folder, path, entries) = written();
    let bytes = std::fs::read(&path).unwrap();
    for length in 0..=bytes.len() {
        let whole_lines = bytes[..length].split(|&byte| byte == b'\n').count() - 1;
        let read = parse(&bytes[..length], &path).unwrap();
        assert_eq!(read.entries, entries[..whole_lines.saturating_sub(1)], "{length}");
        assert_eq!(read.damaged, [], "{length}");
    }
}

#[test]
fn a_newer_journal_is_refused() {
    let newer = format!(
        "{{\"journal\":{},\"runner\":\"a\",\"at\":\"2026-01-01T00:00:00Z\"}}\n",
        VERSION + 1
    );
    assert!(matches!(
        parse(newer.as_bytes(), Path::new("x")),
        Err(JournalError::Newer { found: 3, .. })
    ));
}

/// Whatever a line has become: it is named, and the others count.
#[test]
fn a_damaged_line_costs_itself_alone() {
    let (_folder, path, entries) = written();
    let text = std::fs::read(&path).unwrap();
    let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    for damaged in 0..lines.len() {
        for damage in ["nonsense\n", "\n", "{\"at\":\n", "\u{0}\u{0}\n"]
            .map(str::as_bytes)
            .into_iter()
            .chain([&b"\xff\n"[..]])
        {
            let mut bytes = Vec::new();
            for (index, line) in lines.iter().enumerate() {
                bytes.extend(if index == damaged { damage } else { line });
            }
            let journal = parse(&bytes, &path).unwrap();
            let mut left = entries.clone();
            if damaged > 0 {
                left.remove(damaged - 1);
            }
            assert_eq!(journal.entries, left);
            let [damage] = &journal.damaged[..] else {
                panic!("{:?}", journal.damaged)
            };
            assert_eq!(
                (damage.path.as_path(), &damage.lines[..]),
                (path.as_path(), &[damaged + 1][..])
            );
            let said = format!("line {} of the journal `{}` is no entry", damaged + 1, path.display());
            assert!(damage.to_string().starts_with(&said) && damage.to_string().ends_with("; delete that line"));
        }
    }
}

#[test]
fn damaged_lines_are_told_together() {
    let header = "{\"journal\":2,\"runner\":\"a\",\"at\":\"2026-01-01T00:00:00Z\"}\n";
    let told = |lines: usize| {
        let text = format!("{header}{}", "x\n".repeat(lines));
        parse(text.as_bytes(), Path::new("a.jsonl")).unwrap().damaged[0].to_string()
    };
    assert_eq!(
        told(2),
        "lines 2, 3 of the journal `a.jsonl` are no entries and passed over (expected value at line 1 column 1); \
         delete those lines"
    );
    assert!(told(9).starts_with("lines 2, 3, 4, 5, 6 and 4 more of the journal"));
}

/// A folder, a device or a pipe has no lines, and may have no end.
#[test]
fn what_is_no_file_is_not_read() {
    for path in ["/dev/zero", "/"] {
        let error = read(Path::new(path)).unwrap_err().to_string();
        assert_eq!(error, format!("cannot read `{path}`"));
    }
}

#[test]
fn a_second_runner_of_the_same_name_is_refused() {
    let (_folder, path, _) = written();
    assert!(Writer::create(&path, "runner").is_err());
}
