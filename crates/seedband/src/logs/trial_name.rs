//! Which trial somebody means.

use crate::error::Error;
use seedband_core::protocol::Train;
use seedband_core::trial::TrialId;
use seedband_runner::TrialName;

/// So many names are suggested.
const SUGGESTIONS: usize = 5;

/// The trial of this name, or whose id begins so, and its name.
pub(super) fn find(trials: &[Train], text: &str) -> Result<(TrialId, String), Error> {
    let names: Vec<(TrialId, String)> = trials
        .iter()
        .map(|train| (train.trial.id.clone(), TrialName::from(&train.trial).to_string()))
        .collect();
    if let Some(named) = names.iter().find(|(_, name)| name == text) {
        return Ok(named.clone());
    }
    let mut begin: Vec<&(TrialId, String)> = names
        .iter()
        .filter(|(id, _)| !text.is_empty() && id.as_str().starts_with(text))
        .collect();
    // Configs of equal recipe share a trial.
    begin.dedup_by_key(|(id, _)| id.as_str());
    match begin.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Error::UnknownTrial {
            name: text.to_owned(),
            is_group: is_group(&names, text),
            near: near(&names, text),
        }),
        several => Err(Error::AmbiguousTrial {
            digits: text.to_owned(),
            names: several.iter().map(|(_, name)| name.clone()).collect(),
        }),
    }
}

fn is_group(names: &[(TrialId, String)], text: &str) -> bool {
    names.iter().any(|(_, name)| is_in(name, text))
}

/// Whether `name` is a trial of the config or training `group`.
fn is_in(name: &str, group: &str) -> bool {
    name.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'))
}

/// The trials of a config or training that is named so; else all, nearest first.
fn near(names: &[(TrialId, String)], text: &str) -> Vec<String> {
    let mut near: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
    if is_group(names, text) {
        near.retain(|name| is_in(name, text));
    } else {
        near.sort_by_key(|name| strsim::damerau_levenshtein(name, text));
        near.truncate(SUGGESTIONS);
    }
    near.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::recipe::Recipe;
    use seedband_core::trial::Trial;

    fn trials() -> Vec<Train> {
        let mut other = Recipe::default();
        other.trainer.built_in_mut().unwrap().batches.batch_size = 7;
        // `same` shares its trials with `plain`.
        let configs = [
            ("plain", &Recipe::default()),
            ("decay", &other),
            ("same", &Recipe::default()),
        ];
        let train = |config: &str, seed, recipe: &Recipe| Train::new(Trial::new(config, seed, recipe), Vec::new());
        configs
            .iter()
            .flat_map(|(config, recipe)| (0..12).map(move |seed| train(config, seed, recipe)))
            .collect()
    }

    #[test]
    fn by_name_and_by_the_beginning_of_an_id() {
        let trials = trials();
        let id = trials[3].trial.id.clone();
        assert_eq!(find(&trials, "plain/3").unwrap(), (id.clone(), "plain/3".into()));
        assert_eq!(find(&trials, "same/3").unwrap(), (id.clone(), "same/3".into()));
        for digits in [10, 32] {
            assert_eq!(find(&trials, &id.as_str()[..digits]).unwrap().0, id);
        }
    }

    #[test]
    fn what_is_not_one_trial_is_refused_with_names() {
        let trials = trials();
        let error = |text: &str| find(&trials, text).unwrap_err().to_string();
        assert!(error("plein/3").starts_with("unknown trial `plein/3`; near are `plain/3`, "));
        assert_eq!(
            error("decay"),
            "unknown trial `decay`; it has `decay/0`, `decay/1`, `decay/2`, `decay/3`, `decay/4`, …"
        );
        assert!(error("").starts_with("unknown trial ``"));
        // Of 24 ids, two begin with the same digit.
        let digit = "0123456789abcdef"
            .chars()
            .map(|digit| digit.to_string())
            .find(|digit| {
                trials[..24]
                    .iter()
                    .filter(|train| train.trial.id.as_str().starts_with(digit))
                    .count()
                    > 1
            })
            .unwrap();
        assert!(error(&digit).contains("trials begin with"), "{}", error(&digit));
    }
}
