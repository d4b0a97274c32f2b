//! Laying one table of settings over another.

use super::dotted::leaves;
use toml::{Table, Value};

/// What to forget when a table changes its kind.
enum Forget {
    /// Everything the lower layers said in this table.
    All,
    /// These keys, which belong to one kind only.
    Keys(&'static [&'static str]),
}

/// Tables with a key that decides what the other keys mean: path (`*` stands for any name), deciding key, its default
/// (empty: the key always starts the table afresh), what a change makes void.
const KINDS: [(&str, &str, &str, Forget); 12] = [
    ("model", "architecture", "resnet", Forget::All),
    ("data", "source", "synthetic", Forget::All),
    // A digest is that of the file it stands beside.
    ("init", "from", "", Forget::Keys(&["sha256"])),
    (
        "optimizer",
        "algorithm",
        "sgd",
        Forget::Keys(&["momentum", "nesterov", "weight-decay-mode", "betas", "eps"]),
    ),
    ("smoothing", "kind", "ema", Forget::All),
    ("stop", "kind", "factor", Forget::All),
    // A rule's options mean nothing without its name, so a table that names a rule says all of it.
    ("range.min", "rule", "", Forget::All),
    ("range.max", "rule", "", Forget::All),
    ("train.policy", "kind", "constant", Forget::All),
    ("rule.*.smoothing", "kind", "ema", Forget::All),
    ("rule.*.stop", "kind", "factor", Forget::All),
    ("rule.*.suggestion", "rule", "", Forget::All),
];

/// Keys of a table that exclude each other: path, one, the other.
const EITHER: [(&str, [&str; 2]); 1] = [("train", ["epochs", "steps"])];

/// Tables of axes. An axis is a list under a dotted key, so one of a table and one of a key in it lie side by side.
const AXES: [&str; 2] = ["sweep.grid", "sweep.zip"];

/// Whether a table's path is of the form that `pattern` says.
fn is(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        Some((before, after)) => path.starts_with(before) && path.ends_with(after),
        None => pattern == path,
    }
}

/// Lays `over` over `under`: tables are merged key by key, anything else is replaced. Where `over` changes the kind of
/// a table (another architecture, another optimizer), the settings of the old kind are forgotten, since they would mean
/// nothing or something else.
pub(super) fn merge(under: &mut Table, over: &Table) {
    merge_at(under, over, "");
}

fn merge_at(under: &mut Table, over: &Table, path: &str) {
    if AXES.contains(&path) {
        let mut axes: Table = leaves(under).into_iter().collect();
        axes.extend(leaves(over));
        *under = axes;
        return;
    }
    if let Some((_, key, default, forget)) = KINDS.iter().find(|(table, ..)| is(table, path))
        && let Some(Value::String(new)) = over.get(*key)
        && (default.is_empty() || new != under.get(*key).and_then(Value::as_str).unwrap_or(default))
    {
        match forget {
            Forget::All => under.clear(),
            Forget::Keys(keys) => under.retain(|key, _| !keys.contains(&key)),
        }
    }
    for (_, [one, other]) in EITHER.iter().filter(|(table, _)| *table == path) {
        for (said, void) in [(one, other), (other, one)] {
            if over.contains_key(*said) && !over.contains_key(*void) {
                under.remove(*void);
            }
        }
    }
    for (key, value) in over {
        match (under.get_mut(key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                merge_at(under, over, &path);
            }
            _ => {
                under.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The entries of a table with a wanted key.
pub(super) fn pick(table: &Table, wanted: impl Fn(&str) -> bool) -> Table {
    table
        .iter()
        .filter(|(key, _)| wanted(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(under: &str, over: &str) -> Table {
        let mut under: Table = toml::from_str(under).unwrap();
        merge(&mut under, &toml::from_str(over).unwrap());
        under
    }

    #[test]
    fn tables_merge_and_values_replace() {
        let table = merged("a = 1\n[t]\nx = 1\ny = [1, 2]", "[t]\ny = [3]\nz = 4");
        assert_eq!(table, toml::from_str("a = 1\n[t]\nx = 1\ny = [3]\nz = 4").unwrap());
    }

    #[test]
    fn axes_of_a_table_and_of_its_keys_lie_side_by_side() {
        let under = "[sweep.grid]\noptimizer = [{algorithm = \"sgd\"}]\nschedule.end = [1.0, 2.0]";
        let over = "[sweep.grid]\noptimizer.weight-decay = [0.0, 0.1]\nschedule.end = [3.0]";
        let expected = "[sweep.grid]\noptimizer = [{algorithm = \"sgd\"}]\n\"schedule.end\" = [3.0]\n\
                        \"optimizer.weight-decay\" = [0.0, 0.1]";
        assert_eq!(merged(under, over), toml::from_str(expected).unwrap());
    }

    #[test]
    fn another_optimizer_keeps_what_both_have() {
        let under = "[optimizer]\nmomentum = 0.5\nweight-decay = 0.1\nclip-norm = 1.0";
        let table = merged(under, "[optimizer]\nalgorithm = \"adam\"");
        let expected = "[optimizer]\nweight-decay = 0.1\nclip-norm = 1.0\nalgorithm = \"adam\"";
        assert_eq!(table, toml::from_str(expected).unwrap());
        let same = merged(under, "[optimizer]\nalgorithm = \"sgd\"");
        assert!(same["optimizer"].as_table().unwrap().contains_key("momentum"));
    }

    #[test]
    fn another_architecture_starts_afresh() {
        let table = merged("[model]\ndepth = 20\nwidth = 8", "[model]\narchitecture = \"mlp\"");
        assert_eq!(table, toml::from_str("[model]\narchitecture = \"mlp\"").unwrap());
    }

    #[test]
    fn another_file_of_weights_forgets_the_digest_of_the_first() {
        let under = "[init]\nscheme = \"pytorch\"\nfrom = \"a\"\nsha256 = \"aa\"";
        let expected = "[init]\nscheme = \"pytorch\"\nfrom = \"b\"";
        assert_eq!(merged(under, "init.from = \"b\""), toml::from_str(expected).unwrap());
        let pinned = merged(under, "init.missing = \"draw\"");
        assert_eq!(pinned["init"]["sha256"].as_str(), Some("aa"));
    }

    #[test]
    fn a_rule_of_its_own_starts_afresh_by_its_name() {
        let under =
            "[rule.a.suggestion]\nrule = \"steepest\"\nper = \"lr\"\n[rule.a.stop]\nfactor = 5.0\nsignal = \"raw\"";
        let over =
            "[rule.a.suggestion]\nrule = \"valley\"\n[rule.a.stop]\nfactor = 3.0\n[rule.b.stop]\nkind = \"never\"";
        let expected = "[rule.a.suggestion]\nrule = \"valley\"\n[rule.a.stop]\nfactor = 3.0\nsignal = \"raw\"\n[rule.b.stop]\nkind = \"never\"";
        assert_eq!(merged(under, over), toml::from_str(expected).unwrap());
        let never = merged(under, "[rule.a.stop]\nkind = \"never\"");
        assert_eq!(
            never["rule"]["a"]["stop"],
            toml::from_str::<Value>("kind = \"never\"").unwrap()
        );
    }
}
