//! What an error shows.

use crate::rules::RULES;
use crate::support::load;

#[test]
fn errors_show_the_place_and_a_way_out() {
    for (text, expected) in [
        (
            "[optimizer]\nmomentun = 0.9",
            "unknown key `momentun` in `[optimizer]`
 --> DIR/study.toml:2:1
  |
2 | momentun = 0.9
  | ^^^^^^^^
  = help: did you mean `momentum`? for example `momentum = 0.9`
  = help: known keys: `algorithm`, `momentum`, `nesterov`, `betas`, `eps`, `weight-decay`, `weight-decay-mode`, \
`clip-norm`, `group`",
        ),
        (
            "[model]\narchitecture = \"resnett\"",
            r#"unknown value `resnett` for `architecture` in `[model]`
 --> DIR/study.toml:2:16
  |
2 | architecture = "resnett"
  |                ^^^^^^^^^
  = help: did you mean `architecture = "resnet"`
  = help: known values: `resnet`, `cnn`, `mlp`"#,
        ),
        (
            "schedule.start = 1.0\nschedule.end = 0.5",
            "`schedule.end = 0.5`: must be above `start`, which is 1
 --> DIR/study.toml:2:10
  |
2 | schedule.end = 0.5
  |          ^^^^^^^^^
  = help: for example `end = 10.0`",
        ),
        (
            "seeds = []",
            r#"seeds: a study needs at least one seed; for example `seeds = "0..20"`
 --> DIR/study.toml:1:9
  |
1 | seeds = []
  |         ^^
  = help: for example `seeds = "0..20"`"#,
        ),
        (
            "[[config]]\nname = \"a\"\n[[config]]\nname = \"a\"",
            r#"`config.name = "a"`: there is a config of this name already
 --> DIR/study.toml:2:1
  |
2 | name = "a"
  | ^^^^^^^^^^
  = help: for example `name = "large-batch"`"#,
        ),
        (
            "[training]\nbatch-size = \"big\"",
            r#"invalid type: string "big", expected u32
 --> DIR/study.toml:2:14
  |
2 | batch-size = "big"
  |              ^^^^^
  = help: for example `batch-size = 512`"#,
        ),
        (
            "rules = [\n  \"vally\",\n]\n\
             [rule.valley.suggestion]\nrule = \"valley\"\n\
             [rule.slide.suggestion]\nrule = \"slide\"",
            r#"unknown rule `vally` in `rules`
 --> DIR/study.toml:2:3
  |
2 |   "vally",
  |   ^^^^^^^
  = help: did you mean `valley`?
  = help: known rules: `valley`, `slide`"#,
        ),
        (
            "[rule.a.smoothing]\nbeat = 0.5",
            "unknown key `beat` in `[rule.a.smoothing]`
 --> DIR/study.toml:2:1
  |
2 | beat = 0.5
  | ^^^^
  = help: did you mean `beta`? for example `beta = 0.98`
  = help: known keys: `kind`, `beta`, `start`, `ahead`, `form`, `fraction`, `iterations`",
        ),
    ] {
        assert_eq!(load(text, &[]).unwrap_err(), expected);
    }
}

#[test]
fn tables_are_no_lists() {
    for (text, expected) in [
        (
            "seeds = 1\n[[train]]\nlr = 0.1",
            r"`train` is one table, and this makes a list of it
 --> DIR/study.toml:2:3
  |
2 | [[train]]
  |   ^^^^^
  = help: write `[train]` for what all trainings share, and `[[train.variant]]` below it for each of several",
        ),
        (
            "[[config]]\nname = \"a\"\nschedule = [\"linear\", 0.1, 1.0]",
            r#"`config.schedule` is one table, and this makes a list of it
 --> DIR/study.toml:3:1
  |
3 | schedule = ["linear", 0.1, 1.0]
  | ^^^^^^^^
  = help: write `[config.schedule]`"#,
        ),
        (
            "[[range.max]]\nrule = \"valley\"",
            r"`range.max` is one table, and this makes a list of it
 --> DIR/study.toml:1:9
  |
1 | [[range.max]]
  |         ^^^
  = help: write `[range.max]`",
        ),
        (
            "[sweep.grid]\n\"range.min\" = [[\"least-loss\"]]",
            r#"each item of `range.min` is a table, and this is a list
 --> DIR/study.toml:2:16
  |
2 | "range.min" = [["least-loss"]]
  |                ^^^^^^^^^^^^^^
  = help: write `{ … }` in place of `[ … ]`"#,
        ),
    ] {
        assert_eq!(load(text, &[]).unwrap_err(), expected);
    }
}

#[test]
fn errors_of_configs_axes_and_options_name_them() {
    for (text, sets, part) in [
        (
            "[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\nmodel.depth = 21",
            vec![],
            "study.toml:5:7",
        ),
        (
            "[sweep.grid]\ntraining.batch-size = [\"x\"]",
            vec![],
            "axis `training.batch-size`: invalid type",
        ),
        (
            "[sweep.grid]\ntrainin.batch-size = [1]",
            vec![],
            "known keys: `trainer`, `recorded`, `model`",
        ),
        ("", vec!["schedule.end=1e-9"], "--> --set schedule.end=1e-9:1:10"),
        ("", vec!["optimizer.momentun=1"], "did you mean `momentum`"),
        (
            "[model]\narchitecture = \"mlp\"\ndepth = 20",
            vec![],
            "has no meaning with `architecture = \"mlp\"`, only with `\"resnet\"`",
        ),
        ("[data]\nsource = \"cifar10\"", vec![], "needs the folder of its files"),
        ("extends = \"study.toml\"", vec![], "extends itself"),
        ("extends = \"none.toml\"", vec![], "cannot read `DIR/none.toml`"),
        ("name = \"../x\"", vec![], "letters, digits"),
        ("momentum = 0.9", vec![], "`momentum` belongs in `[optimizer]`"),
        ("run.timeout = \"soon\"", vec![], "is not a duration"),
        ("run.devices = \"tpu\"", vec![], "is none of `auto`"),
        ("a = ", vec![], "study.toml:1"),
        ("rules = [\"x\"]", vec![], "extend `configs/rules.toml`"),
        ("[rule.a.stop]\nfactor = 3.0", vec![], "says no suggestion"),
        (
            "[rule.\"a b\".suggestion]\nrule = \"valley\"",
            vec![],
            "letters, digits",
        ),
        (
            "[rule.a.suggestion]\nrule = \"valley\"\nper = \"lr\"",
            vec![],
            "`rule.a.suggestion.per = \"lr\"`: has no meaning",
        ),
        (RULES, vec!["rules=[\"late\", \"late\"]"], "names this rule twice"),
        (RULES, vec!["rules=late"], "invalid type: string \"late\""),
    ] {
        let error = load(text, &sets).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_answered(text in "(\\[[a-z.]{0,9}\\]|[a-z-]{1,9} = |\"|[0-9.e-]{1,5}|\n|[^\u{0}]){0,40}") {
        let _ = load(&text, &[]);
    }
}
