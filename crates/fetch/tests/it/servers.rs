//! What servers do wrong.

use crate::support::{Place, data_set, file, member, one_file, packed};
use seedband_fetch::{FetchOptions, Packing, Patience, Progress, Size, fetch};
use seedband_testkit::http_server::{Answer, Server};
use std::fs;
use std::time::Duration;

#[test]
fn a_download_that_is_cut_off_goes_on_where_it_ended() {
    let server = Server::new(|request, before| match before {
        0 => Answer::part(&packed(), 100_000),
        1 => {
            let range = format!("bytes 100000-{}/*", packed().len() - 1);
            let headers = [("content-range", range.as_str()), ("etag", "\"one\"")];
            Answer::new("206 Partial Content", &headers, &packed()[100_000..150_000])
        }
        _ => Answer::ranged(request, &packed()),
    });
    let place = Place::new();
    place.fetch_digits(&one_file(&[&server]));
    assert_eq!(server.ranges(), [None, Some(100_000), Some(150_000)]);
    assert_eq!(server.requests()[1].if_range.as_deref(), Some("\"one\""));
    assert_eq!(server.requests()[0].path, "/digits.gz");
}

#[test]
fn a_server_that_falls_silent_is_asked_again() {
    let server = Server::new(|request, before| match before {
        0 => Answer::part(&packed(), 50_000).then_stall(Duration::from_mins(1)),
        _ => Answer::ranged(request, &packed()),
    });
    let place = Place::new();
    let options = FetchOptions {
        patience: Patience {
            stall: Duration::from_millis(300),
            ..place.options().patience
        },
        ..place.options()
    };
    let mut said = String::new();
    let mut tell = |progress: Progress<'_>| {
        if let Progress::Retry { problem, .. } = progress {
            said.push_str(problem);
        }
    };
    fetch(&one_file(&[&server]), &options, &mut tell).unwrap();
    place.check_digits();
    assert_eq!(server.ranges(), [None, Some(50_000)]);
    assert_eq!(said, "nothing came for 300ms");
}

#[test]
fn what_an_earlier_call_got_is_not_asked_for_again() {
    let server = Server::new(|request, _| Answer::ranged(request, &packed()));
    let place = Place::new();
    place.leave_partial(&packed()[..200_000]);
    place.fetch_digits(&one_file(&[&server]));
    assert_eq!(server.ranges(), [Some(200_000)]);

    let place = Place::new();
    place.leave_partial(&packed());
    place.fetch_digits(&one_file(&[&server]));
    assert_eq!(server.ranges().len(), 1);
}

#[test]
fn parts_that_do_not_fit_are_forgotten() {
    let server = Server::new(|request, _| Answer::ranged(request, &packed()));
    for (part, ranges) in [
        (vec![7; 1000], vec![Some(1000), None]),
        (vec![7; packed().len()], vec![None]),
        (vec![7; packed().len() + 1], vec![None]),
    ] {
        let before = server.ranges().len();
        let place = Place::new();
        place.leave_partial(&part);
        place.fetch_digits(&one_file(&[&server]));
        assert_eq!(server.ranges()[before..], ranges);
    }
}

#[test]
fn a_server_that_knows_no_ranges_begins_anew() {
    let server = Server::new(|_, before| match before {
        0 => Answer::part(&packed(), 1000),
        _ => Answer::whole(&packed()),
    });
    Place::new().fetch_digits(&one_file(&[&server]));
    assert_eq!(server.ranges(), [None, Some(1000)]);
}

#[test]
fn a_wrong_range_is_not_filed() {
    let wrong = |range: &'static str| {
        Server::new(move |request, _| match request.from() {
            Some(from) => {
                let body = &packed()[from..];
                Answer::new("206 Partial Content", &[("content-range", range)], body)
            }
            None => Answer::whole(&packed()),
        })
    };
    for range in ["bytes 0-9/10", "bytes 1000-2000/9999999", "lines 1-2/3", ""] {
        let server = wrong(range);
        let place = Place::new();
        place.leave_partial(&packed()[..1000]);
        place.fetch_digits(&one_file(&[&server]));
        assert_eq!(server.ranges(), [Some(1000), None], "{range}");
    }
    let unasked = Server::new(|_, _| Answer::range(&packed(), 10));
    let said = Place::new().refusal(&one_file(&[&unasked]));
    assert!(said.contains("answers with the range `bytes 10-"), "{said}");
    let place = Place::new();
    place.leave_partial(&packed()[..1000]);
    let none = Server::new(|request, _| match request.from() {
        Some(_) => Answer::status("416 Range Not Satisfiable"),
        None => Answer::whole(&packed()),
    });
    place.fetch_digits(&one_file(&[&none]));
}

#[test]
fn other_content_is_refused_and_removed() {
    let mut other = packed();
    other[1000] ^= 1;
    let server = Server::new(move |request, _| Answer::ranged(request, &other));
    let place = Place::new();
    let said = place.refusal(&one_file(&[&server]));
    assert!(said.contains("whose SHA-256 is not that of the file"), "{said}");
    assert!(!place.path("data/.tiny.fetch/digits.gz.part").exists());

    let page = Server::new(|_, _| {
        let headers = [("content-type", "text/html"), ("content-length", "12")];
        Answer::new("200 OK", &headers, b"<html>login!")
    });
    let said = Place::new().refusal(&one_file(&[&page]));
    assert!(said.contains("has 12 bytes of `text/html` where"), "{said}");

    let endless = Server::new(|_, _| Answer::new("200 OK", &[], &[packed(), vec![0; 10]].concat()));
    let said = Place::new().refusal(&one_file(&[&endless]));
    assert!(said.contains("sends more than the"), "{said}");
}

#[test]
fn a_server_that_always_ends_early_is_given_up() {
    let server = Server::new(|_, _| Answer::part(&packed(), 0));
    let said = Place::new().refusal(&one_file(&[&server]));
    assert!(said.contains("; asked 3 times"), "{said}");
    assert_eq!(server.ranges().len(), 3);
}

#[test]
fn statuses_that_may_pass_are_asked_again_and_others_not() {
    for status in [
        "500 Internal Server Error",
        "503 Service Unavailable",
        "429 Too Many Requests",
    ] {
        let server = Server::new(move |request, before| match before {
            0 => Answer::new(status, &[("retry-after", "0"), ("content-length", "0")], b""),
            _ => Answer::ranged(request, &packed()),
        });
        Place::new().fetch_digits(&one_file(&[&server]));
        assert_eq!(server.ranges().len(), 2, "{status}");

        let server = Server::new(move |_, _| Answer::status(status));
        let said = Place::new().refusal(&one_file(&[&server]));
        assert!(said.contains(&format!("answers {status}; asked 3 times")), "{said}");
    }
    for status in ["404 Not Found", "403 Forbidden", "401 Unauthorized", "204 No Content"] {
        let server = Server::new(move |_, _| Answer::status(status));
        let said = Place::new().refusal(&one_file(&[&server]));
        assert!(said.contains(&format!("digits.gz: answers {status}")), "{said}");
        assert_eq!(server.ranges().len(), 1, "{status}");
    }
}

#[test]
fn where_nothing_has_come_nothing_stays() {
    let server = Server::new(|_, _| Answer::status("404 Not Found"));
    let place = Place::new();
    place.refusal(&one_file(&[&server]));
    assert!(!place.path("data/.tiny.fetch").exists());
    place.leave_partial(b"some");
    place.refusal(&one_file(&[&server]));
    assert_eq!(
        fs::read(place.path("data/.tiny.fetch/digits.gz.part")).unwrap(),
        b"some"
    );
}

#[test]
fn the_next_server_goes_on_where_one_failed() {
    let bad = Server::new(|_, before| match before {
        0 => Answer::part(&packed(), 1000),
        _ => Answer::status("404 Not Found"),
    });
    let good = Server::new(|request, _| Answer::ranged(request, &packed()));
    Place::new().fetch_digits(&one_file(&[&bad, &good]));
    assert_eq!(good.ranges(), [Some(1000)]);
    // The tag of one server says nothing to another.
    assert_eq!(good.requests()[0].if_range, None);
}

#[test]
fn a_mirror_is_asked_in_place_of_the_servers() {
    let (own, mirror) = (
        Server::new(|_, _| Answer::status("404 Not Found")),
        Server::new(|request, _| Answer::ranged(request, &packed())),
    );
    let place = Place::new();
    let options = FetchOptions {
        mirror: Some(format!("{}a/b", mirror.address)),
        ..place.options()
    };
    fetch(&one_file(&[&own]), &options, &mut |_| {}).unwrap();
    assert_eq!(mirror.requests()[0].path, "/a/b/digits.gz");
    assert!(own.requests().is_empty());
}

#[test]
fn redirects_are_followed_for_a_while() {
    let server = Server::new(|request, _| match request.path.as_str() {
        "/digits.gz" => Answer::redirect("/elsewhere/x?y=1"),
        "/elsewhere/x?y=1" => Answer::redirect("z"),
        _ => Answer::ranged(request, &packed()),
    });
    Place::new().fetch_digits(&one_file(&[&server]));
    assert_eq!(server.requests()[2].path, "/elsewhere/z");

    let round = Server::new(|request, _| Answer::redirect(&request.path));
    let said = Place::new().refusal(&one_file(&[&round]));
    assert!(said.contains("redirects more than 8 times"), "{said}");
    for (to, problem) in [("ftp://a/b", "no HTTP"), ("file:///etc/passwd", "no HTTP")] {
        let server = Server::new(move |_, _| Answer::redirect(to));
        let said = Place::new().refusal(&one_file(&[&server]));
        assert!(said.contains(problem), "{said}");
    }
    let nowhere = Server::new(|_, _| Answer::status("302 Found"));
    assert!(
        Place::new()
            .refusal(&one_file(&[&nowhere]))
            .contains("redirects to nowhere")
    );
}

#[test]
fn nobody_at_the_address_is_said() {
    let place = Place::new();
    let mut set = one_file(&[]);
    // Nobody listens on the port of `tcpmux`, and nobody is called `.invalid` (RFC 2606).
    set.servers = &["http://127.0.0.1:1/", "http://nobody.invalid/"];
    let said = place.refusal(&set);
    assert!(said.contains("refused") && said.contains("; asked 3 times"), "{said}");
    assert!(said.contains("http://nobody.invalid/digits.gz: "), "{said}");
}

#[test]
fn files_come_one_after_the_other() {
    let bodies = [b"one".to_vec(), b"two".to_vec()];
    let files = bodies.iter().zip(["a", "b"]).map(|(body, name)| {
        let packing = Packing::Gz(member(name, Size::Exactly(3)));
        file(&format!("{name}.gz"), &crate::support::gz(body), packing)
    });
    let files = files.collect();
    let server = Server::new(move |request, _| match request.path.as_str() {
        "/a.gz" => Answer::whole(&crate::support::gz(b"one")),
        _ => Answer::whole(&crate::support::gz(b"two")),
    });
    let place = Place::new();
    place.fetch(&data_set(files, &[&server])).unwrap();
    assert_eq!(fs::read(place.path("data/tiny/a")).unwrap(), b"one");
    assert_eq!(fs::read(place.path("data/tiny/b")).unwrap(), b"two");
}
