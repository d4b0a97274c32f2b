//! What a worker says, damaged at random: lines of any kind and length, and conversations about a trial.

use crate::store::plan::Plan;
use crate::worker::lines::{Line, Lines};
use crate::worker::trial_protocol::{TrialProtocol, WorkerMessage};
use seedband_core::files::curve::{Curve, End};
use seedband_core::files::fsio;
use seedband_core::files::layout::StudyDir;
use seedband_core::protocol::{MAX_LINE, Train};
use seedband_core::recipe::Recipe;
use seedband_core::settings::Validation;
use seedband_core::step_plan::StepPlan;
use seedband_core::train::{Policy, StartWeights, TrainPlan};
use seedband_core::trial::Trial;
use seedband_testkit::Fuzz;

/// A range test of three steps, and a training of two epochs.
fn trials() -> [Train; 2] {
    let mut recipe = Recipe::default();
    recipe.schedule.steps = 3;
    let range_test = Trial::new("a", 0, &recipe);
    let plan = TrainPlan {
        name: "train".into(),
        range_test: range_test.id.clone(),
        epochs: Some(2),
        steps: None,
        lr: 0.1,
        floor: None,
        policy: Policy::default(),
        weights: StartWeights::Same,
        validation: Validation::default(),
    };
    [range_test.clone(), Trial::of_training(range_test, plan)].map(|trial| Train::new(trial, vec![]))
}

/// Conversations about `train`, of `steps` steps, an epoch being 2.
fn conversations(train: &Train, steps: u32) -> Vec<Vec<u8>> {
    let id = train.trial.id.as_str();
    let started = format!(
        "{{\"type\":\"started\",\"trial\":\"{id}\",\"steps\":{steps},\"parameters\":10,\"data\":\"aa\",\"epoch\":2,\
         \"weights\":\"bb\"}}\n"
    );
    let rates = StepPlan::new(&train.trial, 2).unwrap().rates;
    let step = |step: u32, loss: &str| {
        let lr = rates[step as usize];
        let validation = if step % 2 == 1 {
            ",\"validation\":{\"loss\":2.5,\"accuracy\":0.5}"
        } else {
            ""
        };
        format!("{{\"type\":\"step\",\"trial\":\"{id}\",\"step\":{step},\"lr\":{lr:e},\"loss\":{loss}{validation}}}\n")
    };
    let finished = |end: &str, steps: u32| {
        format!("{{\"type\":\"finished\",\"trial\":\"{id}\",\"end\":\"{end}\",\"steps\":{steps}}}\n")
    };
    let all: String = (0..steps).map(|number| step(number, "2.5")).collect();
    let failed = format!("{{\"type\":\"failed\",\"trial\":\"{id}\",\"class\":\"out-of-memory\",\"message\":\"m\"}}\n");
    [
        format!("{started}{all}{}", finished("completed", steps)),
        format!(
            "{started}{}{}{}",
            step(0, "2.5"),
            step(1, "\"NaN\""),
            finished("non-finite", 2)
        ),
        format!("{started}{}{failed}", step(0, "1e308")),
        format!(
            "{{\"type\":\"ready\",\"protocol\":1,\"worker\":\"w\",\"device\":\"cpu\",\"libraries\":[\"a\"]}}\n{started}"
        ),
    ]
    .map(String::into_bytes)
    .to_vec()
}

/// What is taken for finished is a whole curve, and the next run takes it for finished too.
#[test]
fn damaged_conversations_are_answered() {
    let words = [
        "\"started\"",
        "\"step\"",
        "\"finished\"",
        "\"completed\"",
        "\"halted\"",
        "\"non-finite\"",
        "\"Infinity\"",
        "epoch",
        "steps",
    ];
    let folder = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    let dir = StudyDir::new(folder.path());
    for (train, steps) in trials().into_iter().zip([3, 4]) {
        let trial = dir.trial(&train.trial);
        fsio::create_dir_all(trial.root()).unwrap();
        fsio::write_json(&trial.trial(), &train.trial).unwrap();
        // A worker says how many steps an epoch has: the rates of as many steps as a training may have, 10,000,000, are
        // there before it is seen that it plans others, and once more while they are gathered. Beside them, the steps
        // and a message.
        let rates = if train.trial.training.is_some() { 170_000_000 } else { 0 };
        Fuzz::new(&conversations(&train, steps))
            .words(&words)
            .memory(|length| rates + 100_000 + 40 * length)
            .run(|bytes| {
                let mut protocol = TrialProtocol::new(&train);
                for line in bytes.split(|byte| *byte == b'\n') {
                    match protocol.receive(line) {
                        Ok(WorkerMessage::Started { .. } | WorkerMessage::Step(_)) => (),
                        Ok(WorkerMessage::Finished(curve)) => {
                            assert!(curve.end != End::Completed || curve.steps.len() == steps as usize);
                            curve.write(&trial.curve()).unwrap();
                            assert_eq!(Curve::read(&trial.curve()).unwrap().to_jsonl(), curve.to_jsonl());
                            assert_eq!(Plan::new(&dir, vec![train.clone()]).unwrap().finished.len(), 1);
                            return;
                        }
                        Ok(WorkerMessage::Failed(failure)) | Err(failure) => {
                            assert!(!failure.message.contains('\n'), "{}", failure.message);
                            return;
                        }
                    }
                }
            });
    }
}

#[test]
fn damaged_lines_are_read_to_their_end() {
    let long = [&vec![b'x'; MAX_LINE][..], b"\nshort\n"].concat();
    let seeds = [b"one\n\ntwo\r\n\xff\xfe\nthree".to_vec(), b"\n".repeat(1000), long];
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    // A line of the longest, once as it is gathered, with room to grow, and once as it is given away, and a chunk of 64
    // KiB.
    Fuzz::new(&seeds)
        .cases(300)
        .memory(|length| 200_000 + 4 * length.min(2 * MAX_LINE))
        .run(|bytes| {
            runtime.block_on(async {
                let mut lines = Lines::new(bytes);
                let mut read = 0;
                loop {
                    match lines.next().await.unwrap() {
                        Line::Whole(line) => read += line.len() + 1,
                        Line::End(rest) => {
                            // Those without anything on them are passed over.
                            let lines = bytes[..bytes.len() - rest.len()].split_inclusive(|byte| *byte == b'\n');
                            let blank: usize = lines.filter(|line| line.trim_ascii().is_empty()).map(<[u8]>::len).sum();
                            assert_eq!(read + blank + rest.len(), bytes.len());
                            return;
                        }
                        Line::TooLong => return,
                    }
                }
            });
        });
}
