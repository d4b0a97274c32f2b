//! Trials that end before their last step.

use crate::{events, losses, recipe};
use seedband_core::files::curve::End;
use seedband_core::protocol::Event;
use seedband_core::range_test::{EarlyStop, Schedule, Smoothing, SmoothingKind, Stop};
use seedband_data::synthetic;

#[test]
fn training_stops_early_when_every_rule_has_fired_and_not_at_the_last_step() {
    let images = synthetic::make(10, 0.25, 0);
    let mut recipe = recipe();
    recipe.schedule = Schedule {
        start: 1.0,
        end: 1e4,
        steps: 6,
        ..Schedule::default()
    };
    let early_stop = |factor| EarlyStop {
        smoothing: Smoothing {
            kind: SmoothingKind::None,
            ..Smoothing::default()
        },
        stop: Stop {
            factor: Some(factor),
            ..Stop::default()
        },
    };
    let all = losses(&events(&recipe, &images, Vec::new()));
    let first = |factor: f64| (1..6).find(|step| all[*step] > factor * all[0]).unwrap();
    let steps = first(20.0) + 1;
    assert!(first(2.0) < first(20.0) && steps < 6, "{all:?}");
    let stopped = events(&recipe, &images, vec![early_stop(20.0), early_stop(2.0)]);
    assert_eq!(losses(&stopped), all[..steps]);
    let Some(Event::Finished(finished)) = stopped.last() else {
        panic!("{:?}", stopped.last())
    };
    assert_eq!((finished.end, finished.steps as usize), (End::StoppedEarly, steps));
    // With as many steps planned as it takes to fire, every planned step is trained.
    recipe.schedule = Schedule {
        start: 1.0,
        end: 1e4_f64.powf(steps as f64 / 6.0),
        steps,
        ..Schedule::default()
    };
    let whole = events(&recipe, &images, vec![early_stop(20.0)]);
    let Some(Event::Finished(finished)) = whole.last() else {
        panic!("{:?}", whole.last())
    };
    assert_eq!((finished.end, finished.steps as usize), (End::Completed, steps));
}
