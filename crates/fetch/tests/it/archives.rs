//! What archives hold that they should not.

use crate::support::{Place, data_set, file, gz, member};
use seedband_fetch::{DataSet, Packing, Size};
use seedband_testkit::http_server::{Answer, Server};
use std::fs;
use tar::{Builder, EntryType, Header};

/// An archive of these entries: path, kind, content.
fn archive(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, kind, content) in entries {
        let mut header = Header::new_gnu();
        // `set_path` refuses what this is about.
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        if kind.is_symlink() || kind.is_hard_link() {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    gz(&builder.into_inner().unwrap())
}

const FILE: EntryType = EntryType::Regular;

/// A data set of two files and a text, in an archive.
fn set(archive: &[u8], server: &Server) -> DataSet {
    let members = vec![
        member("top/a.bin", Size::Exactly(3)),
        member("top/b.bin", Size::Exactly(2)),
        member("top/names.txt", Size::AtMost(8)),
    ];
    data_set(
        vec![file("tiny.tar.gz", archive, Packing::TarGz(members.leak()))],
        &[server],
    )
}

/// The right archive with `more` in front.
fn with(more: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
    let right = [
        ("top/", EntryType::Directory, &b""[..]),
        ("top/a.bin", FILE, b"aaa"),
        ("top/b.bin", FILE, b"bb"),
    ];
    archive(&[more, &right].concat())
}

fn refusal(archive: &[u8]) -> String {
    let body = archive.to_vec();
    let server = Server::new(move |request, _| Answer::ranged(request, &body));
    Place::new().refusal(&set(archive, &server))
}

#[test]
fn members_that_are_expected_are_unpacked_and_no_others() {
    for (archive, names) in [
        (with(&[]), vec!["SHA256SUMS", "SOURCE.md", "a.bin", "b.bin"]),
        (
            with(&[
                ("./top/names.txt", FILE, b"cat\ndog"),
                ("top/.hidden", FILE, b"x"),
                ("a.bin", FILE, b"other"),
                ("top/deep/a.bin", FILE, b"other"),
            ]),
            vec!["SHA256SUMS", "SOURCE.md", "a.bin", "b.bin", "names.txt"],
        ),
    ] {
        let body = archive.clone();
        let server = Server::new(move |request, _| Answer::ranged(request, &body));
        let place = Place::new();
        place.fetch(&set(&archive, &server)).unwrap();
        let entries = fs::read_dir(place.path("data/tiny")).unwrap();
        let mut found: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        assert_eq!(found, names);
        assert_eq!(fs::read(place.path("data/tiny/a.bin")).unwrap(), b"aaa");
    }
}

#[test]
fn nothing_leaves_its_folder() {
    for path in ["../a.bin", "top/../../a.bin", "/tmp/a.bin", "top/.."] {
        let said = refusal(&with(&[(path, FILE, b"evil")]));
        assert!(
            said.contains(&format!("holds `{path}`, which leads out of it")),
            "{said}"
        );
    }
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Fifo,
        EntryType::Char,
        EntryType::Block,
    ] {
        let said = refusal(&with(&[("top/a.bin", kind, b"")]));
        assert!(
            said.contains("holds `top/a.bin`, which is neither file nor folder"),
            "{said}"
        );
    }
}

#[test]
fn sizes_are_those_that_are_due() {
    let zeros = vec![0; 64 << 20];
    let bomb = with(&[("top/other", FILE, &zeros)]);
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    for (archive, problem) in [
        (bomb, "cannot be unpacked"),
        (
            with(&[("top/names.txt", FILE, b"123456789")]),
            "more than the 8 bytes of `names.txt`",
        ),
        (
            with(&[("top/a.bin", FILE, b"aaaa")]),
            "more than the 3 bytes of `a.bin`",
        ),
        (with(&[("top/a.bin", FILE, b"aa")]), "holds 2 of the 3 bytes of `a.bin`"),
        (with(&[("top/a.bin", FILE, b"aaa")]), "holds `top/a.bin` twice"),
        (archive(&[("top/a.bin", FILE, b"aaa")]), "lacks `top/b.bin`"),
        (b"no archive".to_vec(), "cannot be unpacked"),
        (gz(b"no archive"), "cannot be unpacked"),
        (gz(b""), "lacks `top/a.bin`"),
        (with(&[])[..40].to_vec(), "cannot be unpacked"),
    ] {
        let said = refusal(&archive);
        assert!(said.contains(problem), "{problem}: {said}");
    }
}

#[test]
fn one_gzipped_file_has_its_size() {
    for (content, problem) in [
        (vec![0; 64 << 20], "more than the 3 bytes"),
        (vec![1; 2], "holds 2 of the 3 bytes"),
    ] {
        let body = gz(&content);
        let packing = Packing::Gz(member("digits", Size::Exactly(3)));
        let file = file("digits.gz", &body, packing);
        let server = Server::new(move |request, _| Answer::ranged(request, &body));
        let said = Place::new().refusal(&data_set(vec![file], &[&server]));
        assert!(said.contains(problem), "{said}");
    }
}
