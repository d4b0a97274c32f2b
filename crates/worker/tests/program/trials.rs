//! What is said of a trial.

use crate::{events, lines, request, small};
use seedband_core::files::curve::End;
use seedband_core::protocol::{self, Event};
use seedband_core::range_test::Schedule;
use seedband_core::settings::{Architecture, Model};

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
    other.trainer.built_in_mut().unwrap().model = Model {
        architecture: Architecture::Resnet,
        depth: Some(8),
        width: Some(3),
        hidden: None,
    };
    other.trainer.built_in_mut().unwrap().data.seed = Some(4);
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
    recipe.trainer.built_in_mut().unwrap().model = Model {
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
