use super::*;
use crate::init;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::Init;
use seedband_data::Shape;
use tch::{Device, Kind};

const CIFAR: DataShape = images_of(3, 32, 32, 10);

const fn images_of(channels: usize, height: usize, width: usize, classes: usize) -> DataShape {
    DataShape {
        example: Shape::Image {
            channels,
            height,
            width,
        },
        classes,
    }
}

fn resnet(depth: u32, width: u32) -> Model {
    Model {
        architecture: Architecture::Resnet,
        depth: Some(depth),
        width: Some(width),
        hidden: None,
    }
}

fn cnn(width: u32) -> Model {
    Model {
        architecture: Architecture::Cnn,
        width: Some(width),
        ..Model::default()
    }
}

fn mlp(hidden: &[u32]) -> Model {
    Model {
        architecture: Architecture::Mlp,
        hidden: Some(hidden.to_vec()),
        ..Model::default()
    }
}

fn parameters(network: &Network) -> Vec<Tensor> {
    let values = init::values(network.specs(), &Init::default(), &mut Stream::new(Purpose::Weights, 1));
    init::tensors(network.specs(), &values, Kind::Double, Device::Cpu).unwrap()
}

fn images(n: i64, height: i64, width: i64) -> Tensor {
    let mut stream = Stream::new(Purpose::SyntheticData, 9);
    let values: Vec<f64> = (0..n * 3 * height * width).map(|_| stream.normal()).collect();
    Tensor::from_slice(&values).reshape([n, 3, height, width])
}

/// With 16, 32 and 64 channels and b blocks a stage:
/// - first conv and norm: 3*16*9 + 2*16 = 464;
/// - stage 1: 2b convs of 16*16*9 = 2304 and 2b norms of 32;
/// - stage 2: 16*32*9 = 4608, 2b-1 convs of 9216, 2b norms of 64, shortcut 16*32 = 512;
/// - stage 3: 32*64*9 = 18432, 2b-1 convs of 36864, 2b norms of 128, shortcut 32*64 = 2048;
/// - dense: 64*10 + 10 = 650.
///
/// For b = 3 that is 464 + 14016 + 51584 + 205568 + 650 = 272282. For b = 9 it is 855578, the reference study's model.
#[test]
fn resnet_parameter_counts() {
    let count = |depth| Network::new(&resnet(depth, 16), CIFAR).unwrap().parameter_count();
    assert_eq!(count(20), 272_282);
    assert_eq!(count(56), 855_578);
    assert_eq!(
        Network::new(&Model::default(), CIFAR).unwrap().parameter_count(),
        855_578
    );
}

/// cnn of width 8: 3*8*9 + 8*16*9 + 16*32*9 = 5976, norms 2*(8+16+32) = 112, dense 32*10 + 10 = 330.
/// mlp of 128: 3072*128 + 128 + 128*10 + 10 = 394634; without a hidden layer 3072*10 + 10.
#[test]
fn small_parameter_counts() {
    let count = |model: &Model| Network::new(model, CIFAR).unwrap().parameter_count();
    assert_eq!(count(&cnn(8)), 6418);
    assert_eq!(count(&mlp(&[128])), 394_634);
    assert_eq!(count(&mlp(&[])), 30_730);
}

#[test]
fn names_and_shapes_are_those_of_a_pytorch_module() {
    let network = Network::new(&resnet(14, 4), DataShape { classes: 7, ..CIFAR }).unwrap();
    let names: Vec<&str> = network.specs().iter().map(|spec| spec.name.as_str()).collect();
    assert_eq!(
        names[..9],
        [
            "conv1.weight",
            "bn1.weight",
            "bn1.bias",
            "layer1.0.conv1.weight",
            "layer1.0.bn1.weight",
            "layer1.0.bn1.bias",
            "layer1.0.conv2.weight",
            "layer1.0.bn2.weight",
            "layer1.0.bn2.bias",
        ]
    );
    let shape = |name: &str| &network.specs().iter().find(|spec| spec.name == name).unwrap().shape[..];
    assert_eq!(shape("conv1.weight"), [4, 3, 3, 3]);
    assert_eq!(shape("layer2.0.conv1.weight"), [8, 4, 3, 3]);
    assert_eq!(shape("layer2.0.shortcut.weight"), [8, 4, 1, 1]);
    assert_eq!(shape("layer3.0.shortcut.weight"), [16, 8, 1, 1]);
    assert_eq!(shape("layer3.1.bn2.bias"), [16]);
    assert_eq!((shape("fc.weight"), shape("fc.bias")), (&[7, 16][..], &[7][..]));
    assert!(
        !names
            .iter()
            .any(|name| name.contains("layer1.0.shortcut") || name.contains("layer3.1.shortcut"))
    );
}

#[test]
fn logits_have_one_row_an_image() {
    for (model, height, width) in [
        (resnet(8, 2), 9, 13),
        (resnet(8, 2), 1, 1),
        (cnn(2), 8, 11),
        (mlp(&[5, 4]), 3, 2),
    ] {
        let fit = images_of(3, height, width, 6);
        let network = Network::new(&model, fit).unwrap();
        let logits = network
            .forward(
                &parameters(&network),
                &images(5, height as i64, width as i64),
                Pass::Train,
            )
            .unwrap();
        assert_eq!(logits.size(), [5, 6], "{model:?}");
    }
    let small = Network::new(&cnn(2), images_of(3, 7, 32, 6));
    assert_eq!(small.unwrap_err(), DataMismatch::Small { height: 7, width: 32 });
}

/// Where the last norm of every block gives zero, a block is its shortcut and nothing else: the identity, or the
/// strided projection followed by the ReLU. The rest is written out here with plain operations.
#[test]
fn silenced_blocks_are_their_shortcuts() {
    let network = Network::new(&resnet(14, 3), CIFAR).unwrap();
    let parameters = parameters(&network);
    let named = |name: &str| &parameters[network.specs().iter().position(|spec| spec.name == name).unwrap()];
    for (spec, parameter) in network.specs().iter().zip(&parameters) {
        if spec.name.ends_with("bn2.weight") {
            let _ = tch::no_grad(|| parameter.shallow_clone().fill_(0.0));
        }
    }
    let x = images(2, 32, 32);
    let none = None::<&Tensor>;
    let first = x.conv2d(named("conv1.weight"), none, [1, 1], [1, 1], [1, 1], 1);
    let mean = first.mean_dim(&[0_i64, 2, 3][..], true, None);
    let variance = first.var_dim(&[0_i64, 2, 3][..], false, true);
    let mut expected = ((first - mean) / (variance + 1e-5).sqrt()).relu();
    for stage in [2, 3] {
        // A strided 1x1 convolution is a product of every second pixel with a matrix of channels.
        let even = expected.slice(2, 0, None, 2).slice(3, 0, None, 2);
        let matrix = named(&format!("layer{stage}.0.shortcut.weight")).reshape([-1, even.size()[1]]);
        expected = Tensor::einsum("oc,nchw->nohw", &[&matrix, &even], None::<i64>).relu();
    }
    let expected = expected
        .mean_dim(&[2_i64, 3][..], false, None)
        .matmul(&named("fc.weight").transpose(0, 1))
        + named("fc.bias");
    let logits = network.forward(&parameters, &x, Pass::Train).unwrap();
    // Double precision: sums of a thousand pixels, in another order.
    assert!((logits - expected).abs().max().double_value(&[]) < 1e-12);
}

/// A block that is not silenced, against plain operations: conv, norm, ReLU, conv, norm, add, ReLU.
#[test]
fn a_block_adds_before_its_last_relu() {
    let network = Network::new(&resnet(8, 2), CIFAR).unwrap();
    let parameters = parameters(&network);
    let Body::Resnet(resnet) = &network.body else {
        unreachable!("a resnet was asked for")
    };
    let x = images(2, 6, 6).narrow(1, 0, 2);
    let norm = |x: Tensor| {
        let mean = x.mean_dim(&[0_i64, 2, 3][..], true, None);
        let variance = x.var_dim(&[0_i64, 2, 3][..], false, true);
        (x - mean) / (variance + 1e-5).sqrt()
    };
    let named = |name: &str| &parameters[network.specs().iter().position(|spec| spec.name == name).unwrap()];
    let conv = |x: &Tensor, name: &str| x.conv2d(named(name), None::<&Tensor>, [1, 1], [1, 1], [1, 1], 1);
    let inner = norm(conv(&x, "layer1.0.conv1.weight")).relu();
    let expected = (norm(conv(&inner, "layer1.0.conv2.weight")) + &x).relu();
    let found = resnet.blocks[0].forward(&parameters, &x, Pass::Train).unwrap();
    assert!((found - expected).abs().max().double_value(&[]) < 1e-12);
}

/// 16 * 9 * 2 fewer weights of the first conv; 784 and 5 inputs of the first dense layer.
#[test]
fn grey_images_and_features_have_fewer_inputs() {
    let count = |model: &Model, shape| Network::new(model, shape).unwrap().parameter_count();
    assert_eq!(count(&resnet(20, 16), images_of(1, 32, 32, 10)), 272_282 - 16 * 9 * 2);
    assert_eq!(count(&cnn(8), images_of(1, 28, 28, 10)), 6418 - 8 * 9 * 2);
    assert_eq!(count(&mlp(&[]), images_of(1, 28, 28, 10)), 7850);
    let features = DataShape {
        example: Shape::Features(5),
        classes: 3,
    };
    assert_eq!(count(&mlp(&[4]), features), 5 * 4 + 4 + 4 * 3 + 3);
    for model in [resnet(20, 16), cnn(8)] {
        assert_eq!(
            Network::new(&model, features).unwrap_err(),
            DataMismatch::Features("the network")
        );
    }
}

/// What is checked before there is a network is checked against these names.
#[test]
fn the_names_of_parameters_are_known_without_the_network() {
    for model in [
        resnet(8, 2),
        resnet(20, 4),
        cnn(2),
        mlp(&[]),
        mlp(&[5, 4]),
        Model::default(),
    ] {
        let network = Network::new(&model, CIFAR).unwrap();
        let names: Vec<&str> = network.specs().iter().map(|spec| spec.name.as_str()).collect();
        assert_eq!(model.parameter_names(), names, "{model:?}");
    }
}
