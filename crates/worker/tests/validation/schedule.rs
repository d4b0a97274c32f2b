//! When there is a validation, and that nothing else depends on it.

use crate::{evaluations, recipe, request, run};
use seedband_core::files::curve::End;
use seedband_core::protocol::StepDone;
use seedband_core::range_test::{EarlyStop, Smoothing, SmoothingKind, Stop};
use seedband_core::settings::{Architecture, Augment};
use seedband_data::synthetic;

#[test]
fn training_losses_are_the_same_with_and_without() {
    let (training, validation) = (synthetic::make(6, 0.25, 0), synthetic::make_validation(0.25, 0));
    for architecture in [Architecture::Resnet, Architecture::Cnn] {
        let mut recipe = recipe(architecture, 8);
        recipe.trainer.built_in_mut().unwrap().augment = Augment {
            crop_padding: 2,
            flip: true,
            ..Augment::default()
        };
        let mut bits = |every| {
            recipe.validation.every = every;
            let (steps, _) = run(&request(&recipe, 2), &training, (every > 0).then_some(&validation));
            let measured: Vec<u32> = steps
                .iter()
                .filter(|step| step.validation.is_some())
                .map(|step| step.step)
                .collect();
            (
                steps.iter().map(|step| step.loss.to_bits()).collect::<Vec<_>>(),
                measured,
            )
        };
        let (off, none) = bits(0);
        assert!(none.is_empty());
        assert_eq!(bits(3), (off.clone(), vec![2, 5, 7]));
        assert_eq!(bits(1), (off, (0..8).collect()));
    }
}

/// Neither does an evaluation touch what later ones see: every third is one of those after every step.
#[test]
fn evaluations_do_not_touch_each_other() {
    let (training, validation) = (synthetic::make(6, 0.25, 0), synthetic::make_validation(0.25, 0));
    let mut recipe = recipe(Architecture::Resnet, 9);
    let all = evaluations(&run(&request(&recipe, 2), &training, Some(&validation)).0);
    recipe.validation.every = 3;
    let some = evaluations(&run(&request(&recipe, 2), &training, Some(&validation)).0);
    assert_eq!(some, [all[2], all[5], all[8]]);
}

#[test]
fn a_step_that_ends_training_has_no_validation() {
    let (training, validation) = (synthetic::make(6, 0.25, 0), synthetic::make_validation(0.25, 0));
    let mut recipe = recipe(Architecture::Mlp, 12);
    (recipe.schedule.start, recipe.schedule.end) = (1.0, 1e12);
    recipe.trainer.built_in_mut().unwrap().model.hidden = Some(vec![16, 16]);
    let mut request = request(&recipe, 0);
    let measured = |steps: &[StepDone]| steps.iter().take_while(|step| step.validation.is_some()).count();
    let (steps, end) = run(&request, &training, Some(&validation));
    assert_eq!((end, measured(&steps)), (End::NonFinite, steps.len() - 1));
    request.early_stops = vec![EarlyStop {
        smoothing: Smoothing {
            kind: SmoothingKind::None,
            ..Smoothing::default()
        },
        stop: Stop::default(),
    }];
    let (steps, end) = run(&request, &training, Some(&validation));
    assert_eq!((end, measured(&steps)), (End::StoppedEarly, steps.len() - 1));
}
