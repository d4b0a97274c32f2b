//! Files whose tensors are not those of the network: one error that names what is wrong, and the next trial is trained.

use crate::{failure, recipe, resnet, saved};
use safetensors::tensor::TensorView;
use safetensors::{Dtype as Stored, SafeTensors, serialize};
use seedband_core::protocol::FailureClass;
use seedband_core::settings::Missing;

/// A tensor of the file: name, type, shape, bytes.
type Tensor = (String, Stored, Vec<usize>, Vec<u8>);

/// The file of a network, changed.
fn changed(change: impl FnOnce(&mut Vec<Tensor>)) -> Vec<u8> {
    let bytes = saved(&recipe(resnet(8)), 0);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut tensors: Vec<Tensor> = file
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, view.dtype(), view.shape().to_vec(), view.data().to_vec()))
        .collect();
    tensors.sort_by(|one, other| one.0.cmp(&other.0));
    change(&mut tensors);
    let views = tensors
        .iter()
        .map(|(name, dtype, shape, bytes)| (name.clone(), TensorView::new(*dtype, shape.clone(), bytes).unwrap()));
    serialize(views, &None).unwrap()
}

fn named<'a>(tensors: &'a mut [Tensor], name: &str) -> &'a mut Tensor {
    tensors.iter_mut().find(|tensor| tensor.0 == name).unwrap()
}

#[test]
fn tensors_that_do_not_fit_are_named() {
    use FailureClass::BadStudy;
    let lacking = changed(|tensors| tensors.retain(|tensor| !tensor.0.starts_with("layer2.0.bn1.")));
    let head = changed(|tensors| {
        for (name, shape) in [("fc.weight", vec![7, 64]), ("fc.bias", vec![7])] {
            let tensor = named(tensors, name);
            tensor.3.truncate(shape.iter().product::<usize>() * 4);
            tensor.2 = shape;
        }
    });
    let additional = changed(|tensors| tensors.push(("head.bias".into(), Stored::U8, vec![1], vec![0])));
    let everything = changed(|tensors| {
        for tensor in tensors {
            tensor.0.insert_str(0, "module.");
        }
    });
    for (bytes, missing, parts) in [
        (
            &lacking,
            Missing::Error,
            vec![
                "`DIR/weights.safetensors` does not fit the network: it lacks `layer2.0.bn1.weight`, \
                 `layer2.0.bn1.bias`, `layer2.0.bn1.running_mean`, `layer2.0.bn1.running_var`; ",
                "set `init.missing = \"draw\"`",
            ],
        ),
        (
            &head,
            Missing::Error,
            vec![
                "it has in another shape `fc.weight` ([7, 64] in the file, [10, 64] in the network), \
                 `fc.bias` ([7] in the file, [10] in the network); ",
            ],
        ),
        (
            &additional,
            Missing::Error,
            vec!["it has beside the network's `head.bias`; "],
        ),
        (
            &additional,
            Missing::Draw,
            vec!["it has beside the network's `head.bias`; "],
        ),
        (
            &everything,
            Missing::Draw,
            vec![
                "it lacks `conv1.weight`, ",
                " and 19 more; it has beside the network's `module.bn1.bias`, ",
            ],
        ),
        (
            &changed(Vec::clear),
            Missing::Draw,
            vec!["it has none of the network's tensors"],
        ),
    ] {
        let (class, message) = failure(bytes, missing);
        assert_eq!(class, BadStudy, "{message}");
        for part in parts {
            assert!(message.contains(part), "no `{part}` in: {message}");
        }
    }
}

#[test]
fn values_that_cannot_be_used_are_named() {
    let whole = |name: &'static str, value: f32| {
        changed(move |tensors| {
            named(tensors, name).3[4..8].copy_from_slice(&value.to_le_bytes());
        })
    };
    let as_type = |name: &'static str, dtype: Stored| {
        changed(move |tensors| {
            let tensor = named(tensors, name);
            tensor.1 = dtype;
            tensor.3 = vec![0; tensor.2.iter().product::<usize>() * dtype.size()];
        })
    };
    for (bytes, part) in [
        (whole("fc.bias", f32::NAN), "`fc.bias` holds `NaN`"),
        (whole("bn1.running_var", f32::INFINITY), "`bn1.running_var` holds `inf`"),
        (
            as_type("conv1.weight", Stored::I32),
            "`conv1.weight` has values of type `I32`; known are `F64`",
        ),
        (as_type("fc.weight", Stored::U8), "`fc.weight` has values of type `U8`"),
        (
            as_type("bn1.num_batches_tracked", Stored::F32),
            "`bn1.num_batches_tracked` has a value of type `F32`; it has to be `I64`",
        ),
    ] {
        for missing in [Missing::Error, Missing::Draw] {
            let (class, message) = failure(&bytes, missing);
            assert_eq!(class, FailureClass::BadData, "{message}");
            assert!(message.contains(part), "no `{part}` in: {message}");
        }
    }
}
