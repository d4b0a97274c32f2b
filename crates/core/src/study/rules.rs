//! The rules that a study reads beside its range: `[rule.<name>]` defines one, `rules` lists those in use.

use super::diagnose::{place, placed, read};
use super::error::{Located, StudyError};
use super::file::RuleFile;
use super::layer::Layers;
use super::name::check_name;
use super::reference;
use super::span::Place;
use crate::Invalid;
use crate::range_test::NamedRule;
use toml::{Table, Value};

/// The rules in use, in the order of the list. Definitions that are not listed are checked all the same: a broken one
/// is not left to be found when it is first used.
pub(super) fn rules(layers: &Layers, all: &Table) -> Result<Vec<NamedRule>, StudyError> {
    let mut defined = Vec::new();
    for (name, table) in all.get("rule").and_then(Value::as_table).into_iter().flatten() {
        defined.push(rule(layers, name, table)?);
    }
    let listed: Vec<String> = match all.get("rules") {
        Some(list) => read(layers, "rules", list.clone())?,
        None => Vec::new(),
    };
    let mut rules: Vec<NamedRule> = Vec::new();
    for name in &listed {
        let Some(rule) = defined.iter().find(|rule| rule.name == *name) else {
            return Err(unknown(layers, name, &defined));
        };
        if rules.contains(rule) {
            let invalid = Invalid::new(
                "rules",
                format!("\"{name}\""),
                "names this rule twice",
                format!("rules = [\"{name}\"]"),
            );
            return Err(placed(layers, invalid, None));
        }
        rules.push(rule.clone());
    }
    Ok(rules)
}

fn rule(layers: &Layers, name: &str, table: &Value) -> Result<NamedRule, StudyError> {
    let key = format!("rule.{name}");
    check_name(&key, name).map_err(|invalid| placed(layers, invalid, None))?;
    let file: RuleFile = read(layers, &key, table.clone())?;
    let Some(suggestion) = file.suggestion else {
        let problem = "says no suggestion: what the rule looks for";
        let example = format!("[rule.{name}.suggestion]\nrule = \"steepest\"");
        return Err(placed(layers, Invalid::new(key, "…", problem, example), None));
    };
    let rule = NamedRule {
        name: name.to_owned(),
        smoothing: file.smoothing,
        stop: file.stop,
        suggestion,
    };
    rule.validate()
        .map_err(|invalid| placed(layers, invalid.under(&key), None))?;
    Ok(rule)
}

/// A name in `rules` that no table defines, shown where it stands.
fn unknown(layers: &Layers, name: &str, defined: &[NamedRule]) -> StudyError {
    let known: Vec<&str> = defined.iter().map(|rule| rule.name.as_str()).collect();
    let mut help = Vec::new();
    if let Some(nearest) = reference::nearest(name, &known) {
        help.push(format!("did you mean `{nearest}`?"));
    }
    help.push(if known.is_empty() {
        format!("no rule is defined; write `[rule.{name}.suggestion]`, or extend `configs/rules.toml`, which has those of the libraries")
    } else {
        format!("known rules: {}", reference::quoted(&known))
    });
    let problem = format!("unknown rule `{name}` in `rules`");
    match place(layers, "rules", None) {
        Some((layer, Place { span, .. })) => {
            let quoted = format!("\"{name}\"");
            let item = layer.text.get(span.clone()).and_then(|text| text.find(&quoted));
            let span = item.map_or(span.clone(), |at| span.start + at..span.start + at + quoted.len());
            Located::new(&layer.name, &layer.text, &span, problem, help).into()
        }
        None => Invalid::new("rules", name, problem, help.join("; ")).into(),
    }
}
