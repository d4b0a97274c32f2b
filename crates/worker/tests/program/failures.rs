//! Trials that cannot be trained.

use crate::{events, request, small};
use seedband_core::protocol::{Event, FailureClass};
use seedband_core::settings::{Data, PaddingMode, Source};

#[test]
fn a_trial_that_cannot_be_trained_fails_and_the_next_is_trained() {
    let mut large = small();
    large.trainer.built_in_mut().unwrap().batches.batch_size = 61;
    let mut wide = small();
    wide.trainer.built_in_mut().unwrap().augment.crop_padding = 32;
    wide.trainer.built_in_mut().unwrap().augment.padding_mode = PaddingMode::Reflect;
    let mut wrong = small();
    wrong.trainer.built_in_mut().unwrap().optimizer.momentum = Some(2.0);
    let mut missing = small();
    missing.trainer.built_in_mut().unwrap().data = Data {
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
