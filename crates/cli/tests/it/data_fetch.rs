//! `seedband data`: the command line of what `crates/fetch/tests` tries in detail.

use crate::support::{Background, Place, said};
use nix::sys::signal::Signal;
use seedband::fetch::{DATA_SETS, DataSet, FetchOptions, Member, Packing, RemoteFile, Size, fetch};
use seedband_testkit::http_server::{Answer, Server};
use seedband_testkit::process::wait_for;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// Bytes of the largest file of MNIST, which is asked for first.
const IMAGES: usize = 9_912_422;

const IMAGES_PART: &str = "data/.mnist.fetch/train-images-idx3-ubyte.gz.part";

/// One that answers by how many requests came before.
fn server(answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Server {
    Server::new(move |_, before| answer(before))
}

/// A file of the small IDX set that the tests of the data crate keep. Digest by `sha256sum`.
const fn idx(name: &'static str, packed: u64, plain: u64, sha256: &'static str) -> RemoteFile {
    let member = Member {
        path: name,
        size: Size::Exactly(plain),
    };
    RemoteFile {
        name,
        size: packed,
        sha256,
        packing: Packing::Gz(member),
    }
}

/// Five pictures to train on and two to validate on, with their labels, under the name of a data set that the program knows.
fn five_pictures(server: &Server) -> DataSet {
    let files = vec![
        idx(
            "train-images-idx3-ubyte.gz",
            75,
            56,
            "2bba4fc7f983ab3f48256d54763970cad9bd14e48957ec9251b10dc763b9d578",
        ),
        idx(
            "train-labels-idx1-ubyte.gz",
            33,
            13,
            "2e04cf80bcabe8ba5fdabf305fd84b9f560e6a7e65d7f7d54cd9b8819bcabee1",
        ),
        idx(
            "t10k-images-idx3-ubyte.gz",
            47,
            32,
            "ab429e9324bd0af1f99652bb683f70190695707c399149d25d7c2592080e5807",
        ),
        idx(
            "t10k-labels-idx1-ubyte.gz",
            30,
            10,
            "e18a2dfccce5abf67201dc63873d36ab45bdae0fa5de89614f877ca38f3a6352",
        ),
    ];
    let plain = files.into_iter().map(|file| {
        let Packing::Gz(member) = file.packing else {
            panic!("{file:?}")
        };
        let path = member.path.trim_end_matches(".gz");
        let packing = Packing::Gz(Member { path, ..member });
        RemoteFile { packing, ..file }
    });
    DataSet {
        servers: vec![&*server.address.clone().leak()].leak(),
        files: plain.collect::<Vec<_>>().leak(),
        ..*DataSet::named("mnist").unwrap()
    }
}

#[test]
fn the_list_names_files_sizes_sources_and_licences() {
    let (status, out, err) = said(&mut Place::new("").seedband(&["data", "list"]));
    assert_eq!((status, err.as_str()), (0, ""));
    for set in DATA_SETS {
        let files = set.files.iter().flat_map(|file| [file.name, file.sha256]);
        for part in [set.name, set.title, set.home, set.terms, set.citation]
            .into_iter()
            .chain(files)
        {
            assert!(out.contains(part), "no `{part}` in {out}");
        }
    }
    assert!(out.contains("size: 170.1 MB to download, 184.5 MB unpacked"), "{out}");
}

#[test]
fn an_unknown_name_is_answered_with_those_that_are_known() {
    let place = Place::new("");
    let (status, _, err) = said(&mut place.seedband(&["data", "fetch", "cifar"]));
    assert_eq!(status, 2);
    assert!(err.contains("cifar10, cifar100, mnist, fashion-mnist"), "{err}");
    assert!(!place.path("data").exists());
}

/// The real files are too large for a test, so what stands there is small and was fetched by the library.
#[test]
fn a_study_trains_on_what_was_fetched_by_the_lines_that_are_printed() {
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/tests/idx");
    let server = Server::new(move |request, _| {
        let file = fs::read(stored.join(request.path.trim_start_matches('/'))).unwrap();
        Answer::ranged(request, &file)
    });
    let study = "name = \"fetched\"\nseeds = \"0..2\"\n[model]\narchitecture = \"mlp\"\n[training]\nbatch-size = 4\n";
    let place = Place::new(study);
    let options = FetchOptions {
        through_proxy: false,
        ..FetchOptions::new(place.path("data"))
    };
    assert!(!fetch(&five_pictures(&server), &options, &mut |_| {}).unwrap().was_there);

    let (status, table, err) = said(&mut place.seedband(&["data", "fetch", "mnist"]));
    assert_eq!(status, 0, "{err}");
    assert!(
        err.contains("data/mnist` is there already, as it was fetched\n"),
        "{err}"
    );
    assert!(table.starts_with("[data]\nsource = \"idx\"\npath = \"/"), "{table}");
    let quiet = said(&mut place.seedband(&["data", "fetch", "mnist", "--quiet"]));
    assert_eq!(quiet, (0, table.clone(), String::new()));

    fs::write(place.path("study.toml"), study.to_owned() + &table).unwrap();
    let (status, out, err) = said(&mut place.seedband(&["plan", "study.toml", "--devices", "cpu"]));
    assert_eq!(status, 0, "{err}");
    let folder = place.path("data/mnist").canonicalize().unwrap();
    let line = format!(
        "data: idx (mnist) in {}: 5 images of 3 classes, 4x2 pixels, grey\n",
        folder.display()
    );
    assert!(out.contains(&line), "{out}");

    fs::write(folder.join("train-labels-idx1-ubyte"), "other").unwrap();
    let (status, out, err) = said(&mut place.seedband(&["data", "fetch", "mnist"]));
    assert_eq!((status, out.as_str()), (96, ""));
    assert!(err.contains("has changed since it was fetched; remove"), "{err}");
}

#[test]
fn what_is_not_the_file_on_record_is_one_error_with_a_way_out() {
    let page = server(|_| {
        Answer::new(
            "200 OK",
            &[("content-type", "text/html"), ("content-length", "5")],
            b"login",
        )
    });
    let lie = server(|_| Answer::whole(&vec![0; IMAGES]));
    let away = server(|_| Answer::redirect("file:///etc/passwd"));
    for (server, part) in [
        (page, "has 5 bytes of `text/html` where 9912422 are due"),
        (lie, "sends 9912422 bytes whose SHA-256 is not that of the file"),
        (away, "redirects to `file:///etc/passwd`, which is no HTTP"),
    ] {
        let place = Place::new("");
        let (status, out, err) = said(&mut place.seedband(&["data", "fetch", "mnist", "--from", &server.address]));
        assert_eq!((status, out.as_str()), (96, ""), "{err}");
        assert_eq!(err.matches("error: ").count(), 1, "{err}");
        assert!(err.contains(part), "{err}");
        assert!(err.contains("licence: Creative Commons"), "{err}");
        assert!(err.contains("`--from URL`"), "{err}");
        assert!(!err.contains('\x1b'), "{err}");
        assert!(!place.path("data/mnist").exists());
    }
    let place = Place::new("");
    let (status, _, err) = said(&mut place.seedband(&["data", "fetch", "mnist", "--from", "/a/folder"]));
    assert_eq!(status, 96);
    assert!(err.contains("`/a/folder` is no address of a server"), "{err}");
    assert!(!place.path("data").exists());
}

#[test]
fn after_a_signal_another_process_that_waited_goes_on_where_the_first_was() {
    let server = server(|before| match before {
        0 => Answer::part(&vec![0; IMAGES], 1000).then_stall(Duration::from_mins(2)),
        _ => Answer::status("404 Not Found"),
    });
    let place = Place::new("");
    let arguments = ["data", "fetch", "mnist", "--from", &server.address];
    let first = Background::new(place.program(&arguments, None));
    wait_for("the first bytes", || {
        fs::metadata(place.path(IMAGES_PART)).is_ok_and(|part| part.len() == 1000)
    });
    let mut second = place.program(&arguments, None).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(second.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);
    assert!(said.any(|line| line.starts_with("another process fetches the same data set")));
    // Its default action, as with Ctrl-C; that one is ignored where these tests are a background job of a shell.
    first.signal(Signal::SIGTERM);
    assert_eq!(first.end_by_signal(), Some(Signal::SIGTERM as i32));
    let said: Vec<String> = said.collect();
    assert_eq!(second.wait().unwrap().code(), Some(96), "{said:?}");
    assert!(
        said.iter().any(|line| line.ends_with("answers 404 Not Found")),
        "{said:?}"
    );
    assert_eq!(server.ranges(), [None, Some(1000)]);
    assert_eq!(fs::metadata(place.path(IMAGES_PART)).unwrap().len(), 1000);
}

#[test]
fn the_proxy_of_the_environment_is_asked_but_for_hosts_that_it_leaves_out() {
    let proxy = server(|_| Answer::status("403 Forbidden"));
    let place = Place::new("");
    let from = |address: &str, no_proxy: &str| {
        let arguments = ["data", "fetch", "mnist", "--from", address];
        let mut command = place.seedband(&arguments);
        command.env("HTTP_PROXY", &proxy.address).env("NO_PROXY", no_proxy);
        said(&mut command)
    };
    let (status, _, err) = from("http://data.invalid/", "");
    assert_eq!(status, 96, "{err}");
    let asked = proxy.requests().len();
    assert!(
        asked > 0 && proxy.requests()[0].path.contains("data.invalid"),
        "{:?}",
        proxy.requests()
    );

    let own = server(|_| Answer::status("404 Not Found"));
    from(&own.address, "127.0.0.1");
    assert_eq!((proxy.requests().len(), own.requests().len()), (asked, 1));
}
