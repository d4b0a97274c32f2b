use super::*;
use seedband_core::seeds::Purpose;
use seedband_core::settings::PaddingMode;
use seedband_data::{Examples, Shape};
use tch::Device;

const STILL: Draw = Draw {
    crop: [0, 0],
    flip: false,
    shift: [0.0, 0.0],
};

/// One image of 3x3; red counts 1 to 9, green and blue are red plus 10 and plus 20.
fn dataset() -> Dataset {
    let pixels = [0, 10, 20]
        .into_iter()
        .flat_map(|plus| (1..10).map(move |value| value + plus))
        .collect();
    Dataset::new(&Examples::rgb(pixels, vec![0], 3, 3, 2), Device::Cpu).unwrap()
}

fn augmenter(crop_padding: u32, padding_mode: PaddingMode, shift: f64, flip: bool) -> Augmenter {
    let settings = Augment {
        crop_padding,
        padding_mode,
        shift,
        flip,
    };
    Augmenter::new(&settings, Stream::new(Purpose::Augmentation, 3), dataset().shape).unwrap()
}

/// The red plane that `draw` makes, in units of 0 to 255; checks that the others go with it.
fn red(augmenter: &Augmenter, draw: Draw) -> Vec<f64> {
    let dataset = dataset();
    let made = augmenter
        .apply(&dataset, &Tensor::from_slice(&[0_i64]), &[draw], Kind::Double)
        .unwrap();
    assert_eq!(made.size(), [1, 3, 3, 3]);
    let made = Vec::<f64>::try_from((made * 255.0).reshape([-1])).unwrap();
    if augmenter.settings.padding_mode == PaddingMode::Reflect {
        assert!((0..9).all(|pixel| (made[pixel + 9] - made[pixel] - 10.0).abs() < 1e-12));
    }
    // Thousandths are far above the rounding of the division by 255 and far below the steps in the tables.
    made[..9]
        .iter()
        .map(|value| (value * 1000.0).round() / 1000.0)
        .collect()
}

#[test]
fn crops_from_a_reflected_border() {
    let augmenter = augmenter(1, PaddingMode::Reflect, 0.0, false);
    let cropped = |crop| red(&augmenter, Draw { crop, ..STILL });
    assert_eq!(cropped([1, 1]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    assert_eq!(cropped([0, 0]), [5.0, 4.0, 5.0, 2.0, 1.0, 2.0, 5.0, 4.0, 5.0]);
    assert_eq!(cropped([2, 2]), [5.0, 6.0, 5.0, 8.0, 9.0, 8.0, 5.0, 6.0, 5.0]);
    assert_eq!(cropped([1, 0]), [2.0, 1.0, 2.0, 5.0, 4.0, 5.0, 8.0, 7.0, 8.0]);
}

#[test]
fn crops_from_a_black_border() {
    let augmenter = augmenter(2, PaddingMode::Zero, 0.0, false);
    let cropped = |crop| red(&augmenter, Draw { crop, ..STILL });
    assert_eq!(cropped([2, 2]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    assert_eq!(cropped([1, 1]), [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 4.0, 5.0]);
    assert_eq!(cropped([4, 2]), [7.0, 8.0, 9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn flips_left_to_right() {
    let augmenter = augmenter(0, PaddingMode::Reflect, 0.0, true);
    assert_eq!(red(&augmenter, STILL), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    assert_eq!(
        red(&augmenter, Draw { flip: true, ..STILL }),
        [3.0, 2.0, 1.0, 6.0, 5.0, 4.0, 9.0, 8.0, 7.0]
    );
}

#[test]
fn shifts_between_pixels_and_repeats_the_edge() {
    let augmenter = augmenter(0, PaddingMode::Reflect, 1.0, true);
    let shifted = |shift| red(&augmenter, Draw { shift, ..STILL });
    assert_eq!(shifted([0.0, 0.0]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    assert_eq!(shifted([0.5, 0.0]), [2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 7.0, 8.0, 9.0]);
    assert_eq!(shifted([0.0, -1.0]), [1.0, 1.0, 2.0, 4.0, 4.0, 5.0, 7.0, 7.0, 8.0]);
    assert_eq!(shifted([0.0, 1.25]), [2.25, 3.0, 3.0, 5.25, 6.0, 6.0, 8.25, 9.0, 9.0]);
    assert_eq!(shifted([-3.0, 2.75]), [3.0; 9]);
    let both = Draw {
        flip: true,
        shift: [0.0, 0.5],
        ..STILL
    };
    assert_eq!(red(&augmenter, both), [2.5, 1.5, 1.0, 5.5, 4.5, 4.0, 8.5, 7.5, 7.0]);
}

#[test]
fn nothing_on_is_the_image_itself() {
    let mut augmenter = augmenter(0, PaddingMode::Reflect, 0.0, false);
    let made = augmenter.batch(&dataset(), &[0, 0], Kind::Float).unwrap();
    assert_eq!((made.size(), made.kind()), (vec![2, 3, 3, 3], Kind::Float));
    let expected = dataset().values.to_kind(Kind::Float) / 255.0;
    assert!(made.get(1).equal(&expected.get(0)));
}

#[test]
fn draws_have_their_ranges_and_do_not_depend_on_each_other() {
    let (mut all, mut crops) = (
        augmenter(2, PaddingMode::Reflect, 0.1, true),
        augmenter(2, PaddingMode::Reflect, 0.0, false),
    );
    let next = |augmenter: &mut Augmenter| Draw::new(&augmenter.settings, &mut augmenter.stream, 3, 3);
    let draws: Vec<(Draw, Draw)> = (0..2000).map(|_| (next(&mut all), next(&mut crops))).collect();
    assert!(draws.iter().all(|(all, crops)| all.crop == crops.crop
        && !crops.flip
        && crops.shift.iter().all(|shift| shift.abs() == 0.0)));
    assert!(
        draws
            .iter()
            .all(|(all, _)| all.shift.iter().all(|shift| shift.abs() <= 0.3))
    );
    assert!(draws.iter().any(|(all, _)| all.shift[1] < -0.29));
    let flips = draws.iter().filter(|(all, _)| all.flip).count();
    // Binomial with mean 1000 and deviation 22.
    assert!(flips.abs_diff(1000) < 130, "{flips}");
    for offset in 0..5 {
        // Mean 400, deviation 18.
        let count = draws.iter().filter(|(all, _)| all.crop[0] == offset).count();
        assert!(count.abs_diff(400) < 110, "{count}");
    }
}

#[test]
fn a_reflection_has_to_fit() {
    let make = |crop_padding, padding_mode| {
        let settings = Augment {
            crop_padding,
            padding_mode,
            ..Augment::default()
        };
        let shape = Shape::Image {
            channels: 1,
            height: 3,
            width: 4,
        };
        Augmenter::new(&settings, Stream::new(Purpose::Augmentation, 0), shape)
    };
    assert_eq!(
        make(3, PaddingMode::Reflect).unwrap_err(),
        DataMismatch::Padding {
            padding: 3,
            height: 3,
            width: 4
        }
    );
    assert!(make(2, PaddingMode::Reflect).is_ok());
    assert!(make(30, PaddingMode::Zero).is_ok());
}

#[test]
fn features_cannot_be_augmented() {
    let make = |flip| {
        let settings = Augment {
            flip,
            ..Augment::default()
        };
        Augmenter::new(&settings, Stream::new(Purpose::Augmentation, 0), Shape::Features(4))
    };
    assert!(make(false).is_ok());
    assert_eq!(make(true).unwrap_err(), DataMismatch::Features("`[augment]`"));
}
