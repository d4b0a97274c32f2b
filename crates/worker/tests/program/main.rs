//! The program over its pipes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod arguments;
mod data;
mod failures;
mod pipes;
mod trials;

use seedband_core::protocol::{self, Event, Request, Train};
use seedband_core::range_test::Schedule;
use seedband_core::recipe::Recipe;
use seedband_core::settings::{Architecture, Augment, BatchSettings, Data, Model, PaddingMode};
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;
use std::io::Write;
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
        }
        .into(),
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
    Train::new(Trial::new("test", seed, recipe), Vec::new())
}
