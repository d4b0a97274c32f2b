//! Seeds and configs that the names of files and runs tell.

/// Where config and seed stand in a path, for example `{config}/seed{seed}.csv`: matched against its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Config,
    Seed,
}

/// What a path says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Named {
    pub(super) config: Option<String>,
    pub(super) seed: Option<u64>,
}

impl Pattern {
    /// # Errors
    /// The text has neither `{config}` nor `{seed}`, or one of them twice.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (part, length) = if rest.starts_with("{config}") {
                (Part::Config, "{config}".len())
            } else if rest.starts_with("{seed}") {
                (Part::Seed, "{seed}".len())
            } else {
                let next = ["{config}", "{seed}"].iter().filter_map(|name| rest.find(name)).min();
                let length = next.unwrap_or(rest.len());
                (Part::Text(rest.get(..length).unwrap_or_default().to_owned()), length)
            };
            parts.push(part);
            rest = rest.get(length..).unwrap_or_default();
        }
        let count = |wanted: &Part| parts.iter().filter(|part| *part == wanted).count();
        match (count(&Part::Config), count(&Part::Seed)) {
            (0, 0) => Err(format!(
                "`--pattern {text}` has neither `{{config}}` nor `{{seed}}`; for example `{{config}}-seed{{seed}}.csv`"
            )),
            (0 | 1, 0 | 1) => Ok(Self(parts)),
            _ => Err(format!("`--pattern {text}` has a part twice; name each once")),
        }
    }

    /// What a path says, if it ends like the pattern, with or without its extension.
    pub(super) fn read(&self, path: &str) -> Option<Named> {
        let file = path.rfind('/').map_or(0, |slash| slash + 1);
        let stem = path
            .rfind('.')
            .filter(|dot| *dot > file)
            .and_then(|dot| path.get(..dot));
        [Some(path), stem]
            .into_iter()
            .flatten()
            .find_map(|path| self.read_end(path))
    }

    fn read_end(&self, path: &str) -> Option<Named> {
        let starts = path.match_indices('/').map(|(slash, _)| slash + 1);
        // The fewest folders that fit.
        let mut starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
        starts.reverse();
        starts
            .into_iter()
            .find_map(|start| fit(&self.0, path.get(start..)?, &Named::default()))
    }
}

/// What `text` says where it is all of `parts`.
fn fit(parts: &[Part], text: &str, so_far: &Named) -> Option<Named> {
    let Some((part, rest)) = parts.split_first() else {
        return text.is_empty().then(|| so_far.clone());
    };
    match part {
        Part::Text(expected) => fit(rest, text.strip_prefix(expected.as_str())?, so_far),
        Part::Seed => {
            let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
            let (digits, after) = text.split_at_checked(digits)?;
            let seed = digits.parse().ok()?;
            let named = Named {
                seed: Some(seed),
                ..so_far.clone()
            };
            fit(rest, after, &named)
        }
        Part::Config => {
            let folder = text.find('/').unwrap_or(text.len());
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            // The longest name that fits: `a-b-seed1` has the config `a-b`.
            let ends: Vec<usize> = ends.filter(|end| (1..=folder).contains(end)).collect();
            ends.into_iter().rev().find_map(|end| {
                let (config, after) = text.split_at_checked(end)?;
                let named = Named {
                    config: Some(config.to_owned()),
                    ..so_far.clone()
                };
                fit(rest, after, &named)
            })
        }
    }
}

/// The seed that a name tells by itself: digits after the word `seed`, the last such.
pub(super) fn seed_in(name: &str) -> Option<u64> {
    let name = name.to_lowercase();
    let found = name.match_indices("seed").filter_map(|(at, word)| {
        let after = name.get(at + word.len()..)?;
        let after = after.strip_prefix(['-', '_', '=', ' ', '.', ':']).unwrap_or(after);
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    });
    found.last()
}

/// The same of a path: of its last part that tells one.
pub(super) fn seed_in_path(path: &str) -> Option<u64> {
    path.rsplit('/').find_map(seed_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, path: &str) -> Option<(Option<String>, Option<u64>)> {
        let named = Pattern::new(pattern).unwrap().read(path)?;
        Some((named.config, named.seed))
    }

    #[test]
    fn a_pattern_fits_the_end_of_a_path() {
        let of = |config: &str, seed| Some((Some(config.to_owned()), Some(seed)));
        assert_eq!(read("{config}-seed{seed}.csv", "x/a-b-seed12.csv"), of("a-b", 12));
        assert_eq!(read("{config}/{seed}", "runs/a/3.json"), of("a", 3));
        assert_eq!(
            read("{config}/run-{seed}/metrics.csv", "/l/b/run-4/metrics.csv"),
            of("b", 4)
        );
        assert_eq!(read("s{seed}.csv", "s7.csv"), Some((None, Some(7))));
        assert_eq!(read("{seed}{config}", "7up"), of("up", 7));
        assert_eq!(read("{config}-{seed}", "a-b"), None);
        assert_eq!(read("{config}-{seed}", "\u{e4}-1\u{e4}"), None);
        assert_eq!(read("{seed}", "99999999999999999999"), None);
        for wrong in ["", "seed", "{seed}{seed}"] {
            assert!(Pattern::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_word_seed_tells_a_seed() {
        for (name, seed) in [
            ("seed3.csv", Some(3)),
            ("resnet_SEED-12_run4", Some(12)),
            ("seed=0 seed=1", Some(1)),
            ("seeds", None),
            ("run4", None),
            ("seed99999999999999999999", None),
        ] {
            assert_eq!(seed_in(name), seed, "{name}");
        }
        assert_eq!(seed_in_path("seed1/seed2/events.out.tfevents.17"), Some(2));
    }
}
