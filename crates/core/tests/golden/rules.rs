//! The rules of `configs/rules.toml`: which one is behind which suggestion of a library, and that each one reads as the
//! flavour of its library does.

use crate::flavour::{FLAVOURS, flavour};
use seedband_core::range_test::{Flavour, NamedRule};
use seedband_core::study::Study;
use std::path::Path;
use std::sync::LazyLock;

/// The rule of `configs/rules.toml` behind a key of a library's suggestions.
pub(crate) fn rule(library: &str, key: &str) -> Option<&'static NamedRule> {
    let name = match (library, key) {
        ("fastai_v1", "min_grad" | "slice") => "fastai-v1-min-grad",
        ("fastai_v1", "min_loss_div_10") => "fastai-v1-min-10",
        ("fastai_v1", "notebook_max_lr") => "fastai-v1-min-10-all",
        ("fastai_v2", "valley") => "fastai-v2-valley",
        ("fastai_v2", "slide") => "fastai-v2-slide",
        ("fastai_v2", "minimum") => "fastai-v2-minimum",
        ("fastai_v2", "steep" | "slice") => "fastai-v2-steep",
        ("lightning", "suggestion" | "index") => "lightning",
        ("torch_lr_finder", "steepest" | "slice") => "torch-lr-finder",
        ("dataiku", "low" | "low_index" | "low_is_fallback") => "keras-low",
        ("dataiku", "high" | "high_index") => "keras-high",
        ("surmenok", "best_lr_sma1") => "surmenok-sma1",
        ("surmenok", "best_lr_sma20") => "surmenok-sma20",
        _ => return None,
    };
    RULES.iter().find(|rule| rule.name == name)
}

/// All rules of `configs/rules.toml`, as a study that lists them has them.
static RULES: LazyLock<Vec<NamedRule>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs/rules.toml");
    let text = std::fs::read_to_string(&path).expect("the file of rules");
    let table: toml::Table = toml::from_str(&text).expect("TOML");
    let names: Vec<&String> = table["rule"].as_table().expect("rules").keys().collect();
    let study = Study::load(&path, &[format!("rules={names:?}")]).expect("a study of all rules");
    study.rules().to_vec()
});

/// The flavour whose smoothing and stop a rule of `configs/rules.toml` has to have, from the beginning of its name.
fn flavour_of(rule: &NamedRule) -> Flavour {
    let library = FLAVOURS.iter().find(|(_, file)| rule.name.starts_with(file));
    flavour(library.expect("a rule is named after its library").0)
}

#[test]
fn rules_look_through_the_smoothing_and_the_stop_of_their_flavour() {
    assert_eq!(RULES.len(), 13);
    for rule in RULES.iter() {
        let flavour = flavour_of(rule);
        let name = &rule.name;
        assert_eq!(rule.smoothing, flavour.smoothing, "{name}");
        assert_eq!(rule.stop, flavour.stop, "{name}");
        assert_eq!(
            *rule,
            NamedRule {
                suggestion: rule.suggestion.clone(),
                ..rule.explicit()
            },
            "{name}"
        );
    }
    for (name, end) in [
        ("fastai-v1-min-grad", 0),
        ("fastai-v1-min-10-all", 1),
        ("fastai-v2-steep", 0),
        ("fastai-v2-minimum", 1),
        ("lightning", 0),
        ("torch-lr-finder", 0),
        ("keras-low", 0),
        ("keras-high", 1),
        ("surmenok-sma20", 0),
    ] {
        let rule = RULES.iter().find(|rule| rule.name == name).expect(name);
        let range = flavour_of(rule).range;
        assert_eq!(
            rule.suggestion.explicit(),
            [range.min, range.max][end].explicit(),
            "{name}"
        );
    }
}
