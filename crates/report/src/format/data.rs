//! A data set in words.

use super::count;
use seedband_core::files::provenance::{ClassRecord, DataRecord};
use seedband_core::{Shape, listed};

/// Names of classes that are spelled out.
const NAMED: usize = 12;

/// Digits of a digest that tell it from others.
const DIGITS: usize = 12;

/// How many examples of how many classes: `24 images of 2 classes`.
pub fn data_size(data: &DataRecord) -> String {
    let noun = match data.shape {
        Shape::Image { .. } => "image",
        Shape::Features(_) => "example",
    };
    let classes = match data.classes.len() {
        1 => "1 class".to_owned(),
        classes => format!("{classes} classes"),
    };
    format!("{} of {classes}", count(data.examples(), noun))
}

/// What there is to say of a data set: what, and its value.
pub fn data_rows(data: &DataRecord) -> Vec<(&'static str, String)> {
    let place = data
        .path
        .as_ref()
        .map_or_else(String::new, |path| format!(" in {}", path.display()));
    let name = data.name.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
    let mut rows = vec![
        (
            "data",
            format!(
                "{}{name}{place}: {}, {}",
                data.source,
                data_size(data),
                shape(data.shape)
            ),
        ),
        ("classes", classes(&data.classes)),
    ];
    if let Some(validation) = data.validation {
        rows.push(("validation", count(validation, "example")));
    }
    if !data.passed_over.is_empty() {
        rows.push(("passed over", data.passed_over.join(", ")));
    }
    if let Some(digest) = &data.digest {
        let digits: String = digest.chars().take(DIGITS).collect();
        rows.push(("data SHA-256", format!("{digits}…")));
    }
    rows
}

/// The same on one line, for when a run begins.
pub fn data_line(data: &DataRecord) -> String {
    let rows = data_rows(data).into_iter().filter(|(what, _)| *what != "data SHA-256");
    rows.map(|(what, value)| format!("{what}: {value}"))
        .collect::<Vec<_>>()
        .join("; ")
}

fn shape(shape: Shape) -> String {
    match shape {
        Shape::Image {
            channels,
            height,
            width,
        } => {
            let colour = if channels == 1 { "grey" } else { "colour" };
            format!("{width}x{height} pixels, {colour}")
        }
        Shape::Features(features) => count(features as u64, "feature"),
    }
}

/// The first classes and how many others there are, with their numbers of examples.
fn classes(classes: &[ClassRecord]) -> String {
    let counts = || classes.iter().map(|class| class.examples);
    let all_alike = counts().min() == counts().max();
    let one = |class: &ClassRecord| {
        if all_alike {
            class.name.clone()
        } else {
            format!("{} ({})", class.name, class.examples)
        }
    };
    let names: Vec<String> = classes.iter().map(one).collect();
    let shown = listed(&names, NAMED);
    match (counts().min(), counts().max()) {
        (Some(most), Some(_)) if all_alike => format!("{shown} ({most} each)"),
        (Some(fewest), Some(most)) if names.len() > NAMED => format!("{shown} ({fewest} to {most} each)"),
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(classes: usize) -> DataRecord {
        DataRecord {
            source: "image-folder".into(),
            name: None,
            path: Some("/set".into()),
            shape: Shape::Image {
                channels: 3,
                height: 16,
                width: 24,
            },
            classes: (0..classes)
                .map(|class| ClassRecord {
                    name: format!("c{class}"),
                    examples: 2 + class as u64 / 13,
                })
                .collect(),
            validation: Some(1),
            passed_over: vec!["2 `.gif` files".into(), "the folder `raw`".into()],
            digest: Some("0123456789abcdef".into()),
        }
    }

    #[test]
    fn a_data_set_in_words() {
        let expected = [
            (
                "data",
                "image-folder in /set: 4 images of 2 classes, 24x16 pixels, colour",
            ),
            ("classes", "c0, c1 (2 each)"),
            ("validation", "1 example"),
            ("passed over", "2 `.gif` files, the folder `raw`"),
            ("data SHA-256", "0123456789ab…"),
        ];
        assert_eq!(
            data_rows(&record(2)),
            expected.map(|(what, value)| (what, value.to_owned()))
        );
        let features = DataRecord {
            shape: Shape::Features(5),
            path: None,
            name: Some("iris".into()),
            ..record(1)
        };
        assert_eq!(
            data_rows(&features)[0].1,
            "image-folder (iris): 2 examples of 1 class, 5 features"
        );
    }

    #[test]
    fn of_many_classes_the_first_are_named() {
        let last = |classes| data_rows(&record(classes))[1].1.clone();
        assert!(last(12).ends_with(", c11 (2 each)"), "{}", last(12));
        assert!(last(13).ends_with(", c11 and 1 more (2 each)"), "{}", last(13));
        assert!(last(20).ends_with(", c11 (2) and 8 more (2 to 3 each)"), "{}", last(20));
    }
}
