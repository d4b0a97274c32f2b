//! The program over its pipes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use seedband_core::files::curve::End;
use seedband_core::protocol::{self, Event, FailureClass, Request, Train};
use seedband_core::range_test::Schedule;
use seedband_core::recipe::Recipe;
use seedband_core::settings::{Architecture, Augment, BatchSettings, Data, Model, PaddingMode, Source};
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn worker() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedband-worker"));
    // Found through its own record of where libtorch lies.
    command.env_remove("LD_LIBRARY_PATH").env_remove("RUST_LOG");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn answer(input: &str) -> Output {
    let mut child = worker().spawn().unwrap();
    // Small inputs fit into the pipe, so writing before reading does not block.
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn lines(requests: &[Train]) -> Vec<String> {
    let input: String = requests
        .iter()
        .map(|request| protocol::to_line(&Request::Train(request.clone())))
        .collect();
    let output = answer(&input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

fn events(requests: &[Train]) -> Vec<Event> {
    lines(requests)
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn small() -> Recipe {
    Recipe {
        trainer: BuiltIn {
            model: Model {
                architecture: Architecture::Cnn,
                width: Some(4),
                ..Model::default()
            },
            data: Data {
                images_per_class: Some(6),
                ..Data::default()
            },
            augment: Augment {
                crop_padding: 2,
                padding_mode: PaddingMode::Zero,
                shift: 0.1,
                flip: true,
            },
            batches: BatchSettings {
                batch_size: 16,
                ..BatchSettings::default()
            },
            ..BuiltIn::default()
        },
        schedule: Schedule {
            start: 1e-4,
            end: 10.0,
            steps: 8,
            ..Schedule::default()
        },
        ..Recipe::default()
    }
}

fn request(recipe: &Recipe, seed: u64) -> Train {
    Train {
        trial: Trial::new("test", seed, recipe),
        data_path: None,
        weights_path: None,
        init_path: None,
        early_stops: Vec::new(),
    }
}

#[test]
fn a_trial_says_ready_started_steps_finished() {
    let events = events(&[request(&small(), 0)]);
    assert_eq!(events.len(), 1 + 1 + 8 + 1);
    let Event::Ready(ready) = &events[0] else {
        panic!("{:?}", events[0])
    };
    assert_eq!((ready.protocol, ready.device.as_str()), (protocol::VERSION, "cpu"));
    assert_eq!(ready.libraries, ["libtorch 2.11.0"]);
    let Event::Started(started) = &events[1] else {
        panic!("{:?}", events[1])
    };
    assert_eq!((started.steps, started.data.as_ref().map(String::len)), (8, Some(64)));
    for (event, number) in events[2..10].iter().zip(0..) {
        let Event::Step(step) = event else { panic!("{event:?}") };
        assert_eq!(step.step, number);
    }
    let Event::Finished(finished) = &events[10] else {
        panic!("{:?}", events[10])
    };
    assert_eq!((finished.end, finished.steps), (End::Completed, 8));
}

/// Equal to the last bit, whatever the process trained before.
#[test]
fn a_trial_gives_the_same_lines_alone_and_after_others() {
    let mut other = small();
    other.trainer.model = Model {
        architecture: Architecture::Resnet,
        depth: Some(8),
        width: Some(3),
        hidden: None,
    };
    other.trainer.data.seed = Some(4);
    let (wanted, other) = (request(&small(), 7), request(&other, 7));
    let alone = lines(std::slice::from_ref(&wanted));
    let among = lines(&[other.clone(), wanted.clone(), other, wanted]);
    assert_eq!(alone.len(), 11);
    assert_eq!(among.len(), 1 + 4 * 10);
    assert_eq!(alone[1..], among[11..21]);
    assert_eq!(alone[1..], among[31..41]);
    assert_eq!(among[1..11], among[21..31]);
}

#[test]
fn a_loss_that_is_not_finite_ends_the_curve() {
    let mut recipe = small();
    recipe.trainer.model = Model {
        architecture: Architecture::Mlp,
        hidden: Some(vec![16, 16]),
        ..Model::default()
    };
    recipe.schedule = Schedule {
        start: 1.0,
        end: 1e12,
        steps: 12,
        ..Schedule::default()
    };
    let events = events(&[request(&recipe, 0), request(&small(), 0)]);
    let end = events
        .iter()
        .position(|event| matches!(event, Event::Finished(_)))
        .unwrap();
    let Event::Finished(finished) = &events[end] else {
        unreachable!("it was found as one")
    };
    assert_eq!(finished.end, End::NonFinite);
    let steps: Vec<f64> = events[..end]
        .iter()
        .filter_map(|event| {
            if let Event::Step(step) = event {
                Some(step.loss)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(steps.len(), finished.steps as usize);
    assert!(steps.len() < 12 && !steps[steps.len() - 1].is_finite());
    assert!(steps[..steps.len() - 1].iter().all(|loss| loss.is_finite()));
    // The next trial is not touched by it.
    assert!(matches!(&events[events.len() - 1], Event::Finished(finished) if finished.end == End::Completed));
}

#[test]
fn a_trial_that_cannot_be_trained_fails_and_the_next_is_trained() {
    let mut large = small();
    large.trainer.batches.batch_size = 61;
    let mut wide = small();
    wide.trainer.augment.crop_padding = 32;
    wide.trainer.augment.padding_mode = PaddingMode::Reflect;
    let mut wrong = small();
    wrong.trainer.optimizer.momentum = Some(2.0);
    let mut missing = small();
    missing.trainer.data = Data {
        source: Source::Cifar10,
        path: Some("/nowhere".into()),
        ..Data::default()
    };
    let mut requests = [large, wide, wrong, missing.clone(), missing].map(|recipe| request(&recipe, 0));
    requests[4].data_path = Some("/nowhere".into());
    let events = events(&[&requests[..], &[request(&small(), 0)]].concat());
    let failed: Vec<(FailureClass, &str)> = events
        .iter()
        .filter_map(|event| {
            if let Event::Failed(failed) = event {
                Some((failed.class, failed.message.as_str()))
            } else {
                None
            }
        })
        .collect();
    assert_eq!(failed.len(), 5, "{events:?}");
    for ((class, message), (expected, part)) in failed.iter().zip([
        (
            FailureClass::BadStudy,
            "a batch of `61` images is larger than the training set of 60",
        ),
        (FailureClass::BadStudy, "a reflected padding of `32` pixels"),
        (FailureClass::BadStudy, "`optimizer.momentum = 2`"),
        (FailureClass::BadData, "set `data.path`"),
        (FailureClass::BadData, "/nowhere/data_batch_1.bin`: No such file"),
    ]) {
        assert_eq!(*class, expected, "{message}");
        assert!(message.contains(part) && !message.contains('\n'), "{message}");
    }
    assert!(matches!(events.last(), Some(Event::Finished(_))));
}

fn write_folder(root: &Path) {
    for (class, value) in [("a", 40), ("b", 200)] {
        std::fs::create_dir_all(root.join(class)).unwrap();
        for index in 0..4 {
            let pixel = image::Rgb([value, index * 20, value / 2]);
            image::RgbImage::from_pixel(9, 9, pixel)
                .save(root.join(class).join(format!("{index}.png")))
                .unwrap();
        }
    }
}

#[test]
fn equal_data_has_an_equal_fingerprint_wherever_it_lies() {
    let (one, two, cache) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    write_folder(one.path());
    write_folder(two.path());
    let fingerprint = |root: &Path| {
        let mut recipe = small();
        recipe.trainer.data = Data {
            source: Source::ImageFolder,
            path: Some("data".into()),
            ..Data::default()
        };
        recipe.trainer.batches.batch_size = 4;
        let request = Train {
            data_path: Some(root.into()),
            ..request(&recipe, 0)
        };
        let mut child = worker().env("XDG_CACHE_HOME", cache.path()).spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(protocol::to_line(&Request::Train(request)).as_bytes())
            .unwrap();
        let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        assert_eq!(output.lines().count(), 11, "{output}");
        let Event::Started(started) = serde_json::from_str(output.lines().nth(1).unwrap()).unwrap() else {
            panic!("{output}")
        };
        started.data.unwrap()
    };
    let first = fingerprint(one.path());
    assert_eq!(fingerprint(two.path()), first);
    // From the cache it is the same.
    assert_eq!(fingerprint(one.path()), first);
    image::RgbImage::from_pixel(9, 9, image::Rgb([1, 2, 3]))
        .save(two.path().join("a/0.png"))
        .unwrap();
    assert_ne!(fingerprint(two.path()), first);
}

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

#[test]
fn devices_and_usage() {
    let run = |arguments: &[&str]| {
        let output = worker().args(arguments).stdin(Stdio::null()).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (status, out, log) = run(&["--device", "cuda:65535"]);
    assert_eq!((status, out.as_str()), (Some(3), ""));
    assert!(
        log.contains("`cuda:65535` is not available") && log.lines().count() == 1,
        "{log}"
    );
    let (status, out, log) = run(&["--device", "tpu"]);
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(log.contains("unknown device `tpu`"), "{log}");
    let (status, out, _) = run(&["--version"]);
    assert_eq!(status, Some(0));
    assert!(out.starts_with("seedband-worker 0.1.0 (libtorch 2.11."), "{out}");
    assert!(run(&["--help"]).1.contains("--threads"));
    let (status, out, _) = run(&["--threads", "2"]);
    assert_eq!((status, out.lines().count()), (Some(0), 1));
}
