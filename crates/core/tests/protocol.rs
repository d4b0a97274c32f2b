//! The lines of the protocol: what `docs/protocol.md` says they are, and what is made of keys that are not known.

#![expect(clippy::unwrap_used, reason = "tests")]

use seedband_core::files::curve::{End, Evaluation, Metrics};
use seedband_core::protocol::{
    self, Event, Failed, FailureClass, Finished, MAX_LINE, Ready, Request, Saved, Started, StepDone, Train, to_line,
};
use seedband_core::range_test::{EarlyStop, Smoothing, Stop};
use seedband_core::recipe::Recipe;
use seedband_core::settings::{Architecture, Init, Model};
use seedband_core::step_plan::StepPlan;
use seedband_core::train::{Policy, PolicyKind, StartWeights, TrainPlan};
use seedband_core::trainer::Program;
use seedband_core::trial::Trial;
use serde_json::{Value, json};
use std::path::Path;

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol.md");
    std::fs::read_to_string(path).unwrap()
}

fn recipe() -> Recipe {
    let mut recipe = Recipe::default();
    recipe.trainer.built_in_mut().unwrap().model = Model {
        architecture: Architecture::Mlp,
        hidden: Some(vec![16]),
        ..Model::default()
    };
    (recipe.schedule.start, recipe.schedule.end) = (0.01, 10.0);
    recipe.schedule.steps = 3;
    recipe
}

fn range_test() -> Train {
    Train::new(
        Trial::new("small", 7, &recipe()),
        vec![EarlyStop::new(&Smoothing::default(), &Stop::default())],
    )
}

fn training() -> Train {
    let mut range_test = range_test().trial;
    range_test.recipe.validation.images = Some(100);
    let plan = TrainPlan {
        name: "cosine".into(),
        range_test: range_test.id.clone(),
        epochs: Some(1),
        steps: None,
        lr: 0.5,
        floor: Some(0.1),
        policy: Policy {
            kind: PolicyKind::Cosine,
            ..Policy::default()
        }
        .explicit(),
        weights: StartWeights::Same,
        validation: range_test.recipe.validation.clone(),
    };
    Train::new(Trial::of_training(range_test, plan), Vec::new())
}

/// A range test by a program of the user's.
fn script() -> Train {
    let recipe = Recipe {
        trainer: Program {
            command: vec!["python".into(), "train.py".into()],
            working_dir: Some("/home/ada/net".into()),
            args: toml::Table::from_iter([("width".to_owned(), 32.into())]),
            sha256: [("train.py".to_owned(), "9f86d081884c7d65".repeat(4))].into(),
            ..Program::default()
        }
        .into(),
        ..recipe()
    };
    Train::new(Trial::new("net", 7, &recipe), Vec::new())
}

/// What goes from the runner to the trainer, or back.
enum Line {
    Asked(Box<Request>),
    Said(Event),
}

fn text(lines: &[Line]) -> String {
    let text = |line: &Line| match line {
        Line::Asked(request) => format!("> {}", to_line(request)),
        Line::Said(event) => format!("< {}", to_line(event)),
    };
    lines.iter().map(text).collect()
}

fn ready(worker: &str, one_trial: bool) -> Event {
    Event::Ready(Ready {
        protocol: protocol::VERSION,
        worker: worker.into(),
        device: "cpu".into(),
        libraries: vec!["numpy 2.3.0".into()],
        one_trial,
    })
}

fn started(train: &Train, epoch: u32) -> Event {
    let plan = StepPlan::new(&train.trial, epoch).unwrap();
    Event::Started(Started {
        trial: train.trial.id.clone(),
        steps: plan.planned(),
        parameters: Some(49_338),
        batch_size: Some(512),
        data: Some("9f86d081".into()),
        epoch: Some(epoch),
        weights: Some("60303ae2".into()),
        files: Vec::new(),
    })
}

/// The steps of a trial with these losses, and its end.
fn steps(train: &Train, losses: &[f64], end: End) -> Vec<Line> {
    let plan = StepPlan::new(&train.trial, 3).unwrap();
    let step = |(step, &loss): (u32, &f64)| {
        let validation = plan.is_validated(step).then_some(Evaluation {
            loss: 2.25,
            accuracy: Some(0.15),
        });
        Line::Said(Event::Step(StepDone {
            trial: train.trial.id.clone(),
            step,
            lr: plan.rates[step as usize],
            loss,
            validation,
            metrics: Metrics::default(),
        }))
    };
    let finished = Event::Finished(Finished {
        trial: train.trial.id.clone(),
        end,
        steps: losses.len() as u32,
    });
    let steps = (0..).zip(losses).map(step);
    steps.chain([Line::Said(finished)]).collect()
}

/// The examples of the document, made by the types.
fn sessions() -> [String; 4] {
    let (script, range_test, training) = (script(), range_test(), training());
    let mut of_script = vec![
        Line::Said(ready("train.py", true)),
        Line::Asked(Box::new(Request::Train(script.clone()))),
        Line::Said(Event::Started(Started {
            trial: script.trial.id.clone(),
            steps: 3,
            parameters: None,
            batch_size: None,
            data: None,
            epoch: None,
            weights: None,
            files: vec!["/home/ada/net/train.py".into()],
        })),
    ];
    of_script.extend(steps(&script, &[2.375, 2.25, 2.125], End::Completed));
    for line in &mut of_script {
        if let Line::Said(Event::Step(step)) = line {
            let share = f64::from(step.step + 1) / 8.0;
            step.metrics = Metrics::new([("accuracy".to_owned(), share)].into()).unwrap();
        }
    }
    let mut first = vec![
        Line::Said(ready("my-trainer 1.2", false)),
        Line::Asked(Box::new(Request::Train(range_test.clone()))),
        Line::Said(started(&range_test, 3)),
    ];
    first.extend(steps(&range_test, &[2.375, 2.25, f64::INFINITY], End::NonFinite));
    let mut second = vec![
        Line::Asked(Box::new(Request::Train(training.clone()))),
        Line::Said(started(&training, 3)),
    ];
    second.extend(steps(&training, &[2.375, 2.25, 2.0], End::Completed));
    let mut of_file = range_test.clone();
    let mut recipe = recipe();
    recipe.trainer.built_in_mut().unwrap().init = Init {
        from: Some("pretrained.safetensors".into()),
        ..Init::default()
    };
    of_file.trial = Trial::new("pretrained", 7, &recipe);
    of_file.weights_path = Some("/data/pretrained.safetensors".into());
    of_file.init_path = Some("/results/trials/pretrained/7-0123abcd/init.safetensors".into());
    of_file.early_stops.clear();
    let refused = Event::Failed(Failed {
        trial: of_file.trial.id.clone(),
        class: FailureClass::BadData,
        message: "`/data/pretrained.safetensors` lacks `fc1.weight`".into(),
    });
    let saved = Event::Saved(Saved {
        trial: range_test.trial.id.clone(),
    });
    let mut plain = range_test;
    plain.init_path = Some("/results/trials/small/7-0123abcd/init.safetensors".into());
    plain.early_stops.clear();
    let third = [
        Line::Asked(Box::new(Request::SaveInit(plain))),
        Line::Said(saved),
        Line::Asked(Box::new(Request::SaveInit(of_file))),
        Line::Said(refused),
    ];
    [text(&of_script), text(&first), text(&second), text(&third)]
}

/// Every message of the document in its order, each read and written again.
#[test]
fn the_examples_of_the_document_are_those_of_the_types() {
    let document = document();
    let is_message = |line: &&str| line.starts_with("> {") || line.starts_with("< {");
    let lines = document.lines().filter(is_message);
    let lines = lines.fold(String::new(), |text, line| text + line + "\n");
    assert_eq!(
        lines,
        sessions().concat(),
        "the examples would be:\n{}",
        sessions().join("\n")
    );
    for line in lines.lines() {
        let again = match line.split_at(2) {
            ("> ", request) => to_line(&serde_json::from_str::<Request>(request).unwrap()),
            (_, event) => to_line(&serde_json::from_str::<Event>(event).unwrap()),
        };
        assert_eq!(again.trim_end(), &line[2..]);
    }
}

/// Keys of an object and of those in it, but for the recipe's, which `configs/reference.toml` has, and the names of
/// policies' options, which it has too.
fn keys(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        found.push(key.clone());
        if !["recipe", "policy"].contains(&key.as_str()) {
            found.extend(keys(value));
        }
    }
    found
}

#[test]
fn the_document_names_every_key_class_and_limit() {
    let document = document();
    let mut words: Vec<String> = Vec::new();
    let mut train = training();
    (train.data_path, train.weights_path, train.init_path) = (Some("a".into()), Some("b".into()), Some("c".into()));
    for line in sessions()
        .concat()
        .lines()
        .chain([to_line(&Request::Train(train)).trim_end()])
    {
        let json: Value = serde_json::from_str(line.trim_start_matches(['<', '>', ' '])).unwrap();
        words.extend(keys(&json));
        words.push(json["type"].as_str().unwrap().to_owned());
    }
    let classes = [
        FailureClass::BadData,
        FailureClass::BadStudy,
        FailureClass::OutOfMemory,
        FailureClass::HostOutOfMemory,
        FailureClass::LostDevice,
        FailureClass::NonFiniteStart,
        FailureClass::ScriptError,
        FailureClass::LostWorker,
        FailureClass::CannotStart,
        FailureClass::Protocol,
        FailureClass::TimedOut,
        FailureClass::Storage,
        FailureClass::Internal,
    ];
    words.extend(classes.map(|class| class.name().to_owned()));
    words.extend([End::Completed, End::StoppedEarly, End::NonFinite].map(|end| end.name().to_owned()));
    let stop = json!(EarlyStop::new(&Smoothing::default(), &Stop::default()));
    words.extend(keys(&stop));
    for word in words {
        let is_there = [format!("`{word}`"), format!("`{word} = "), format!("\"{word}\"")];
        assert!(
            is_there.iter().any(|text| document.contains(text)),
            "`{word}` is not in the document"
        );
    }
    assert!(document.contains("at most 1,048,576 bytes"));
    assert_eq!(MAX_LINE, 1_048_576);
    assert!(document.contains(&format!("\nVersion {}. ", protocol::VERSION)));
}

/// Adds `unknown` to the object at `pointer` of a message, and reads it.
fn with_unknown<T: serde::de::DeserializeOwned>(line: &str, pointer: &str) -> Result<T, String> {
    let mut json: Value = serde_json::from_str(line).unwrap();
    let object = json.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap();
    object.insert("unknown".into(), json!(1));
    serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())
}

#[test]
fn unknown_keys_of_messages_are_ignored() {
    let messages = sessions().concat();
    for line in messages.lines() {
        match line.split_at(2) {
            ("> ", text) => {
                let plain: Request = serde_json::from_str(text).unwrap();
                assert_eq!(with_unknown::<Request>(text, "").unwrap(), plain);
            }
            (_, text) => {
                let plain: Event = serde_json::from_str(text).unwrap();
                assert_eq!(with_unknown::<Event>(text, "").unwrap(), plain);
            }
        }
    }
}

/// A trainer that passed over a setting would train something else.
#[test]
fn unknown_keys_of_what_says_how_to_train_are_refused() {
    let mut train = training();
    train.trial.recipe.validation.every = 1;
    train.early_stops = range_test().early_stops;
    let line = to_line(&Request::Train(train));
    let recipe: Value = serde_json::from_str(&line).unwrap();
    let tables = recipe["trial"]["recipe"].as_object().unwrap().keys();
    let mut places: Vec<String> = tables.map(|table| format!("/trial/recipe/{table}")).collect();
    assert_eq!(places.len(), 11);
    places.extend(
        [
            "/trial",
            "/trial/recipe",
            "/trial/training",
            "/trial/training/policy",
            "/trial/training/validation",
            "/early-stops/0",
            "/early-stops/0/smoothing",
            "/early-stops/0/stop",
        ]
        .map(str::to_owned),
    );
    for place in places {
        let error = with_unknown::<Request>(&line, &place).unwrap_err();
        assert!(error.starts_with("unknown field `unknown`"), "{place}: {error}");
    }
    for (setting, value) in [
        ("/trial/recipe/schedule/kind", "cubic"),
        ("/trial/recipe/optimizer/algorithm", "lion"),
    ] {
        let mut json: Value = serde_json::from_str(&line).unwrap();
        *json.pointer_mut(setting).unwrap() = json!(value);
        let error = serde_json::from_str::<Request>(&json.to_string()).unwrap_err();
        assert!(error.to_string().starts_with("unknown variant"), "{setting}: {error}");
    }
}
