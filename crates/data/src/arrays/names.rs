//! Which arrays are meant.

/// The names of examples and classes among those that are `there`: the `wanted` ones, or else the first pair of `known`
/// ones, upper or lower case.
///
/// # Errors
/// The rest of a sentence that starts with the file or folder: they are not there. `key` is the key of `[data]` that
/// says them.
pub(super) fn choose(
    there: &[String],
    key: &str,
    wanted: Option<&[String; 2]>,
    known: &[[&str; 2]],
) -> Result<[String; 2], String> {
    if let Some(wanted) = wanted {
        return match wanted.iter().find(|name| !there.contains(name)) {
            None => Ok(wanted.clone()),
            Some(missing) => Err(format!(
                "has no array `{missing}`, and `data.{key}` names it; {}",
                listed(there)
            )),
        };
    }
    let find = |name: &str| -> Vec<&String> { there.iter().filter(|there| there.eq_ignore_ascii_case(name)).collect() };
    let pairs = known.iter().map(|pair| pair.map(&find));
    let mut pairs = pairs.filter(|[values, labels]| !values.is_empty() && !labels.is_empty());
    let pair = match pairs.next() {
        Some([values, labels]) => {
            if values.len() > 1 || labels.len() > 1 {
                let names: Vec<String> = values.iter().chain(&labels).map(|name| format!("`{name}`")).collect();
                return Err(format!(
                    "has {}, and names do not tell which are meant; say it with `data.{key} = [\"…\", \"…\"]`",
                    names.join(", ")
                ));
            }
            Some([values[0].clone(), labels[0].clone()])
        }
        None => None,
    };
    pair.ok_or_else(|| {
        let off = if key == "arrays" {
            ""
        } else {
            ", or set `validation.every = 0`"
        };
        format!(
            "has no two arrays with names such as `{}` and `{}`; name those of examples and of their classes with \
             `data.{key} = [\"…\", \"…\"]`{off}; {}",
            known[0][0],
            known[0][1],
            listed(there)
        )
    })
}

/// Names that are spelled out.
const SHOWN: usize = 20;

fn listed(there: &[String]) -> String {
    if there.is_empty() {
        return "it has none".into();
    }
    let names: Vec<String> = there.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if there.len() > SHOWN { ", …" } else { "" };
    format!("it has {}{more}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::settings::{ARRAYS, VALIDATION_ARRAYS};

    fn chosen(there: &[&str], wanted: Option<[&str; 2]>) -> Result<[String; 2], String> {
        let there: Vec<String> = there.iter().map(ToString::to_string).collect();
        choose(
            &there,
            "arrays",
            wanted.map(|names| names.map(str::to_owned)).as_ref(),
            &ARRAYS,
        )
    }

    #[test]
    fn usual_names_are_found_and_others_are_said() {
        // Keras's mnist.npz, MedMNIST, scikit-learn.
        let keras = ["x_test", "x_train", "y_train", "y_test"];
        assert_eq!(chosen(&keras, None).unwrap(), ["x_train", "y_train"]);
        let medmnist = [
            "train_images",
            "val_images",
            "test_images",
            "train_labels",
            "val_labels",
            "test_labels",
        ];
        assert_eq!(chosen(&medmnist, None).unwrap(), ["train_images", "train_labels"]);
        assert_eq!(chosen(&["y", "X"], None).unwrap(), ["X", "y"]);
        let message = chosen(&["X", "x", "y"], None).unwrap_err();
        assert!(
            message.contains("has `X`, `x`, `y`, and names do not tell"),
            "{message}"
        );
        assert_eq!(chosen(&["X", "x", "y"], Some(["x", "y"])).unwrap(), ["x", "y"]);
        assert_eq!(chosen(&["data", "target", "images"], None).unwrap(), ["data", "target"]);
        assert_eq!(chosen(&["a", "b"], Some(["b", "a"])).unwrap(), ["b", "a"]);
        let message = chosen(&["a", "b"], None).unwrap_err();
        assert!(
            message.contains("data.arrays = ") && message.ends_with("it has `a`, `b`"),
            "{message}"
        );
        let message = chosen(&["a", "b"], Some(["a", "c"])).unwrap_err();
        assert!(message.contains("no array `c`"), "{message}");
        let there = keras.map(str::to_owned);
        let validation = choose(&there, "validation-arrays", None, &VALIDATION_ARRAYS).unwrap();
        assert_eq!(validation, ["x_test", "y_test"]);
    }
}
