//! The trials that the worker and PyTorch both train: small, so that hundreds of steps take seconds.

use seedband_core::range_test::{Growth, Schedule, Spacing};
use seedband_core::recipe::Recipe;
use seedband_core::settings::{
    Algorithm, Architecture, Augment, BatchSettings, Data, DecayMode, DenseBias, Group, Init, Loss, Model, Normalize,
    Optimizer, PaddingMode, Pixels, Precision, Scheme,
};
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;

/// Every case by name, in the order of the stored losses. Seeds differ, so that no two cases share their streams.
pub(crate) fn all() -> Vec<Trial> {
    let cases = [
        ("resnet8-sgd-decoupled-clip", resnet8_sgd_decoupled_clip()),
        ("resnet8-nesterov-coupled-penalties", resnet8_nesterov()),
        ("resnet20-sgd", resnet20_sgd()),
        ("cnn-adam", cnn_adam()),
        ("cnn-adamw", cnn_adamw()),
        ("mlp-sgd-lag", mlp_sgd_lag()),
        ("resnet8-crop-flip", resnet8_crop_flip()),
        ("resnet8-shift-flip", resnet8_shift_flip()),
        ("cnn-black-crop-flip-shift", cnn_everything()),
        ("resnet8-frozen-stem-fast-head", resnet8_fine_tuning()),
        ("cnn-adamw-groups", cnn_adamw_groups()),
        ("resnet8-accumulated", resnet8_accumulated()),
        ("resnet8-bf16", in_bf16(resnet8_sgd_decoupled_clip())),
        ("cnn-adam-bf16", in_bf16(cnn_adam())),
    ];
    (10..)
        .zip(cases)
        .map(|(seed, (name, recipe))| Trial::new(name, seed, &recipe))
        .collect()
}

/// 40 images in batches of 8, so that eight steps reach into the second epoch.
fn base(model: Model, start: f64, end: f64) -> Recipe {
    Recipe {
        trainer: BuiltIn {
            model,
            data: Data {
                images_per_class: Some(4),
                ..Data::default()
            },
            batches: BatchSettings {
                batch_size: 8,
                ..BatchSettings::default()
            },
            ..BuiltIn::default()
        }
        .into(),
        schedule: Schedule {
            start,
            end,
            steps: 8,
            ..Schedule::default()
        },
        ..Recipe::default()
    }
}

fn resnet(depth: u32) -> Model {
    Model {
        architecture: Architecture::Resnet,
        depth: Some(depth),
        width: Some(8),
        hidden: None,
    }
}

fn cnn() -> Model {
    Model {
        architecture: Architecture::Cnn,
        width: Some(8),
        ..Model::default()
    }
}

fn resnet8_sgd_decoupled_clip() -> Recipe {
    let mut recipe = base(resnet(8), 1e-3, 0.5);
    recipe.trainer.built_in_mut().unwrap().optimizer = Optimizer {
        weight_decay: Some(0.1),
        weight_decay_mode: Some(DecayMode::Decoupled),
        clip_norm: Some(1.0),
        ..Optimizer::default()
    };
    recipe
}

/// Three batches a step, so that the second step reaches into the second epoch; with a penalty, which is added to the
/// loss of each.
fn resnet8_accumulated() -> Recipe {
    let mut recipe = resnet8_nesterov();
    recipe.trainer.built_in_mut().unwrap().batches.accumulation_steps = 3;
    recipe.schedule.steps = 4;
    recipe
}

fn in_bf16(mut recipe: Recipe) -> Recipe {
    recipe.trainer.built_in_mut().unwrap().batches.precision = Precision::Bf16;
    recipe
}

fn resnet8_nesterov() -> Recipe {
    let mut recipe = base(resnet(8), 1e-4, 1e-2);
    recipe.trainer.built_in_mut().unwrap().init = Init {
        scheme: Scheme::HeNormal,
        ..Init::default()
    };
    recipe.trainer.built_in_mut().unwrap().loss = Loss {
        l2_conv: 2e-4,
        l2_dense: 1e-3,
        ..Loss::default()
    };
    recipe.trainer.built_in_mut().unwrap().optimizer = Optimizer {
        nesterov: Some(true),
        weight_decay: Some(5e-3),
        ..Optimizer::default()
    };
    recipe
}

fn resnet20_sgd() -> Recipe {
    base(resnet(20), 1e-5, 1e-3)
}

fn cnn_adam() -> Recipe {
    let mut recipe = base(cnn(), 1e-4, 1e-2);
    recipe.trainer.built_in_mut().unwrap().init = Init {
        scheme: Scheme::GlorotUniform,
        ..Init::default()
    };
    recipe.trainer.built_in_mut().unwrap().optimizer = Optimizer {
        algorithm: Algorithm::Adam,
        weight_decay: Some(1e-2),
        ..Optimizer::default()
    };
    recipe
}

fn cnn_adamw() -> Recipe {
    let mut recipe = base(cnn(), 1e-4, 1e-2);
    recipe.trainer.built_in_mut().unwrap().init = Init {
        scheme: Scheme::Pytorch,
        dense_bias: DenseBias::Pytorch,
        ..Init::default()
    };
    recipe.trainer.built_in_mut().unwrap().optimizer = Optimizer {
        algorithm: Algorithm::Adamw,
        betas: Some([0.8, 0.99]),
        eps: Some(1e-6),
        weight_decay: Some(0.1),
        ..Optimizer::default()
    };
    recipe
}

/// Also: the smaller last batch of an epoch is kept, pixels are not normalised, rates grow linearly, momentum is off.
fn mlp_sgd_lag() -> Recipe {
    let model = Model {
        architecture: Architecture::Mlp,
        hidden: Some(vec![32, 16]),
        ..Model::default()
    };
    let mut recipe = base(model, 1e-3, 0.1);
    recipe.trainer.built_in_mut().unwrap().pixels = Pixels {
        normalize: Normalize::None,
        ..Pixels::default()
    };
    recipe.trainer.built_in_mut().unwrap().batches = BatchSettings {
        batch_size: 12,
        drop_last: false,
        ..BatchSettings::default()
    };
    recipe.trainer.built_in_mut().unwrap().optimizer = Optimizer {
        momentum: Some(0.0),
        ..Optimizer::default()
    };
    recipe.schedule = Schedule {
        kind: Growth::Linear,
        start: 0.0,
        end: 0.1,
        steps: 10,
        lag: 1,
        ..Schedule::default()
    };
    recipe
}

/// The fastai half of the reference study, in small.
fn resnet8_crop_flip() -> Recipe {
    let mut recipe = base(resnet(8), 1e-4, 1e-2);
    recipe.trainer.built_in_mut().unwrap().init = Init {
        dense_bias: DenseBias::Pytorch,
        ..Init::default()
    };
    recipe.trainer.built_in_mut().unwrap().augment = Augment {
        crop_padding: 4,
        flip: true,
        ..Augment::default()
    };
    recipe.trainer.built_in_mut().unwrap().optimizer = Optimizer {
        weight_decay: Some(1e-4),
        weight_decay_mode: Some(DecayMode::Decoupled),
        ..Optimizer::default()
    };
    recipe
}

/// The Keras half of the reference study, in small.
fn resnet8_shift_flip() -> Recipe {
    let mut recipe = base(resnet(8), 1e-3, 0.1);
    recipe.trainer.built_in_mut().unwrap().pixels = Pixels {
        normalize: Normalize::None,
        ..Pixels::default()
    };
    recipe.trainer.built_in_mut().unwrap().augment = Augment {
        shift: 0.1,
        flip: true,
        ..Augment::default()
    };
    recipe.trainer.built_in_mut().unwrap().loss = Loss {
        l2_conv: 2e-4,
        l2_dense: 1e-4,
        ..Loss::default()
    };
    recipe.trainer.built_in_mut().unwrap().optimizer = Optimizer {
        clip_norm: Some(1.0),
        ..Optimizer::default()
    };
    recipe.schedule = Schedule {
        spacing: Spacing::Inclusive,
        lag: 1,
        ..recipe.schedule
    };
    recipe
}

fn cnn_everything() -> Recipe {
    let mut recipe = base(cnn(), 1e-3, 0.1);
    recipe.trainer.built_in_mut().unwrap().init = Init {
        scheme: Scheme::GlorotNormal,
        ..Init::default()
    };
    recipe.trainer.built_in_mut().unwrap().augment = Augment {
        crop_padding: 3,
        padding_mode: PaddingMode::Zero,
        shift: 0.2,
        flip: true,
    };
    recipe
}

/// What people do to a network that is trained already: the first layers frozen, the last one faster. Clipping, decay
/// and the penalty meet frozen weights here.
fn resnet8_fine_tuning() -> Recipe {
    let mut recipe = resnet8_sgd_decoupled_clip();
    recipe.trainer.built_in_mut().unwrap().loss = Loss {
        l2_conv: 2e-4,
        ..Loss::default()
    };
    recipe.trainer.built_in_mut().unwrap().optimizer.group = vec![
        group(&["conv1.*", "bn1.*", "layer1.*"], None),
        group(&["fc.*"], Some(10.0)),
    ];
    recipe
}

/// A layer frozen between two that are trained, and two multipliers, of which the first that fits counts.
fn cnn_adamw_groups() -> Recipe {
    let mut recipe = cnn_adamw();
    recipe.trainer.built_in_mut().unwrap().optimizer.group = vec![
        group(&["conv2.weight", "bn2.*"], None),
        group(&["*.bias"], Some(0.25)),
        group(&["fc.*"], Some(3.0)),
    ];
    recipe
}

/// Without a multiplier the group is frozen.
fn group(parameters: &[&str], lr_multiplier: Option<f64>) -> Group {
    Group {
        parameters: parameters.iter().map(ToString::to_string).collect(),
        lr_multiplier,
        freeze: lr_multiplier.is_none(),
    }
}
