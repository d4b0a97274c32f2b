//! Input that is no request, and output that nobody reads.

use crate::{answer, request, small, worker};
use seedband_core::protocol::{self, Event, FailureClass, Request};
use std::io::{Read, Write};

#[test]
fn an_unreadable_request_ends_the_worker_with_status_2() {
    for (input, part) in [
        (
            "{\"type\":\"dance\"}\n".to_owned(),
            "request 1 cannot be understood: unknown variant `dance`",
        ),
        ("no json\n".to_owned(), "request 1 cannot be understood"),
        ("\n".to_owned(), "request 1 cannot be understood"),
    ] {
        let output = answer(&input);
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{log}");
        assert!(log.contains(part), "{log}");
        assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
    }
}

/// To pass over a setting would be to train something else under the trial's name.
#[test]
fn a_setting_that_is_not_known_is_refused_and_the_next_trial_trained() {
    let plain = protocol::to_line(&Request::Train(request(&small(), 1)));
    let unknown = plain.replace("\"batch-size\":16", "\"batch-size\":16,\"micro-batches\":2");
    let other = plain.replace("\"algorithm\":\"sgd\"", "\"algorithm\":\"lion\"");
    assert!(unknown != plain && other != plain);
    let output = answer(&[unknown, other, plain.clone()].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let events: Vec<Event> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let refusal = |event: &Event| match event {
        Event::Failed(failed) => (failed.class, failed.message.clone()),
        other => panic!("{other:?}"),
    };
    for (event, part) in [
        (&events[1], "unknown field `micro-batches`"),
        (&events[2], "unknown variant `lion`"),
    ] {
        let (class, message) = refusal(event);
        assert_eq!(class, FailureClass::BadStudy);
        assert!(message.contains(part), "{message}");
    }
    assert!(matches!(events.last(), Some(Event::Finished(_))), "{text}");
    // What is no setting may be newer than this program.
    let newer = plain.replace("{\"type\":\"train\",", "{\"type\":\"train\",\"priority\":3,");
    assert!(newer != plain);
    let output = answer(&newer);
    assert!(output.status.success() && String::from_utf8(output.stdout).unwrap().contains("\"finished\""));
}

#[test]
fn a_request_that_is_too_long_is_not_read_to_its_end() {
    let mut child = worker().spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // The worker stops reading, so that at some point writing fails.
    let chunk = vec![b' '; 1 << 16];
    while input.write_all(&chunk).is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("request 1 is longer than 1048576 bytes")
    );
}

#[test]
fn a_closed_output_ends_the_worker_quietly() {
    let mut child = worker().spawn().unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // The worker may be gone already.
    let _ = input.write_all(protocol::to_line(&Request::Train(request(&small(), 0))).as_bytes());
    drop(input);
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!((child.wait().unwrap().code(), log.as_str()), (Some(0), ""));
}
