use super::*;
use crate::study::check_name;
use crate::study::sweep;
use proptest::prelude::*;
use std::collections::HashSet;
use toml::Table;

fn names_of(toml: &str, own: &str) -> Vec<String> {
    let table: Table = toml::from_str(toml).unwrap();
    of(&table, own)
}

fn of(table: &Table, own: &str) -> Vec<String> {
    let axes = sweep::axes(Some(table), Some(table)).unwrap();
    let points = sweep::points(&axes).unwrap();
    names(&axes, &points, own).unwrap()
}

/// Results on disk have these names.
#[test]
fn names_that_were_valid_are_what_they_were() {
    for (toml, expected) in [
        (
            "[grid]\ntraining.batch-size = [128, 256]",
            ["batch-size=128", "batch-size=256"].as_slice(),
        ),
        (
            "[grid]\noptimizer.weight-decay = [0.0, 1e-4]",
            &["weight-decay=0.0", "weight-decay=0.0001"],
        ),
        ("[grid]\na.x = [true]\nb.x = [-1]", &["a.x=true,b.x=-1"]),
        ("[grid]\nmodel.hidden = [[8], [16, 16]]", &["hidden=8", "hidden=16+16"]),
        (
            "[grid]\ntrainer.args.model = [\"a/b c\", \"größe\"]",
            &["model=a-b-c", "model=größe"],
        ),
        ("[zip]\na.x = [1, 2]\nb.y = [\"u\", \"v\"]", &["x=1,y=u", "x=2,y=v"]),
    ] {
        assert_eq!(names_of(toml, ""), expected, "{toml}");
        let expected: Vec<String> = expected.iter().map(|name| format!("own,{name}")).collect();
        assert_eq!(names_of(toml, "own"), expected, "{toml}");
    }
}

#[test]
fn a_table_is_told_by_what_the_others_do_not_say() {
    for (toml, expected) in [
        (
            "[grid]\no = [{a = \"sgd\", m = 0.8, d = 1}, {a = \"sgd\", m = 0.9, d = 1}, {a = \"adam\", d = 1}]",
            ["a=sgd,m=0.8", "a=sgd,m=0.9", "a=adam"].as_slice(),
        ),
        ("[grid]\no = [{}, {a = \"adam\"}]", &["o=base", "a=adam"]),
        ("[grid]\no = [{a = 1, b = 2}, {a = 1}]", &["b=2", "a=1"]),
        (
            "[grid]\no = [{a.b = 1}, {a.b = 2}]\np.b = [3]",
            &["o.a.b=1,p.b=3", "o.a.b=2,p.b=3"],
        ),
    ] {
        let mut found = names_of(toml, "");
        let mut expected: Vec<&str> = expected.to_vec();
        // The order of keys in a table is no part of what is tested.
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{toml}");
    }
}

#[test]
fn a_path_is_told_by_its_last_folders() {
    let toml = |home: &str| format!("[grid]\ndata.path = [\"{home}/one/train\", \"{home}/two/train\", '~\\c']");
    let expected = ["path=one-train", "path=two-train", "path=~-c"];
    let found = names_of(&toml("/home/ann"), "");
    assert_eq!(found[..2], expected[..2]);
    assert!(found[2].starts_with("path=--c-"), "{found:?}");
    assert_eq!(found, names_of(&toml("/Users/bob/deep"), ""));
}

#[test]
fn what_a_name_cannot_hold_is_told_by_a_digest() {
    let found = names_of("[grid]\ntrainer.args.\"-x\" = [\"a:b\", \"a;b\", \"\", \"=1+1\"]", "");
    assert!(found.iter().all(|name| name.starts_with("x=")), "{found:?}");
    assert_eq!(found.iter().collect::<HashSet<_>>().len(), 4);
    let found = names_of("[grid]\na.x = [[1, 2], \"1+2\"]", "");
    assert!(
        found[0] != found[1] && found.iter().all(|name| name.starts_with("x=1+2-")),
        "{found:?}"
    );
}

#[test]
fn long_names_are_cut_between_settings() {
    let axes: Vec<String> = (0..20).map(|at| format!("t.setting-{at} = [0.5, 1.5]")).collect();
    let found = names_of(&format!("[grid]\n{}", axes[..11].join("\n")), "");
    assert_eq!(found.len(), 2048);
    assert_eq!(found.iter().collect::<HashSet<_>>().len(), 2048);
    for name in &found {
        check_name("config.name", name).unwrap();
        assert!(
            name.len() <= KEPT_BYTES + 1 + DIGITS && name.starts_with("setting-0="),
            "{name}"
        );
    }
    let own = "o".repeat(MOST_BYTES - 2 - DIGITS);
    assert!(
        names_of(&format!("[grid]\n{}", axes[..3].join("\n")), &own)
            .iter()
            .all(|name| name.len() <= MOST_BYTES)
    );
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        any::<i64>().prop_map(Value::Integer),
        proptest::num::f64::NORMAL.prop_map(Value::Float),
        any::<bool>().prop_map(Value::Boolean),
        ".{0,12}".prop_map(Value::String),
        "[a/\\\\ \"'=+@\t-]{0,200}".prop_map(Value::String),
    ];
    scalar.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map("[a-c]{1,2}", inner, 1..3)
                .prop_map(|table| Value::Table(table.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn names_are_valid_unique_and_stable(
        axes in prop::collection::btree_map("[a-z@=+-]{1,4}", prop::collection::vec(value(), 1..4), 1..4),
        own in "[a-z]{0,30}",
    ) {
        let grid: Table = axes
            .into_iter()
            .map(|(key, mut values)| {
                let mut kept: Vec<Value> = Vec::new();
                values.retain(|value| {
                    let is_new = !kept.contains(value);
                    kept.push(value.clone());
                    is_new
                });
                (key, Value::Array(values))
            })
            .collect();
        let table = Table::from_iter([("grid".to_owned(), Value::Table(grid))]);
        let found = of(&table, &own);
        prop_assert_eq!(found.iter().collect::<HashSet<_>>().len(), found.len());
        for name in &found {
            prop_assert!(check_name("config.name", name).is_ok(), "{}", name);
            prop_assert!(!name.starts_with(['=', '+', '-', '@', '\t']), "{}", name);
            prop_assert!(!own.is_empty() || name.starts_with(char::is_alphanumeric), "{}", name);
        }
        prop_assert_eq!(of(&table, &own), found);
    }
}
