//! Validation losses of a study, with every number worked out by hand.

use crate::support::{config, floats, input, read_back, recipe, tabled, validated_curve, write_curve};
use seedband_core::files::curve::End;
use seedband_core::files::fsio;
use seedband_core::recipe::Recipe;
use seedband_core::summary::Summary;
use seedband_core::trial::Trial;

const INF: f64 = f64::INFINITY;

/// Three seeds, measured after steps 2 and 5 of 6: the first throughout, the second with an infinite loss at the end,
/// the third halted before.
#[test]
fn validation_has_the_measured_steps_alone() {
    let root = tempfile::tempdir().unwrap();
    let mut recipe = recipe();
    recipe.validation.every = 3;
    let mut input = input(
        root.path(),
        vec![config("a", recipe.clone(), 4), config("b", self::recipe(), 1)],
    );
    input.statistics.quantiles = [0.25, 0.75];
    let write = |recipe: &Recipe, seed: u64, losses: &[f64], validation: [Option<f64>; 2], end| {
        let at = |step| match step {
            2 => validation[0],
            5 => validation[1],
            _ => None,
        };
        let curve = validated_curve(losses, at, end);
        write_curve(&input, &Trial::new("a", seed, recipe), &curve);
    };
    let losses = [3.0, 2.5, 2.0, 1.5, 1.0, 0.5];
    write(&recipe, 0, &losses, [Some(4.0), Some(6.0)], End::Completed);
    write(&recipe, 1, &losses, [Some(2.0), Some(INF)], End::Completed);
    write(&recipe, 2, &losses[..5], [Some(3.0), None], End::StoppedEarly);
    write(&self::recipe(), 0, &losses, [None; 2], End::Completed);
    let summary = tabled(&input);
    let validation = summary.configs[0].validation.as_ref().unwrap();
    assert_eq!(validation.steps, [2, 5]);
    assert_eq!((validation.loss.n, &validation.loss.ended[..]), (3, &[0, 1][..]));
    assert_eq!(validation.loss.lower, [2.5, INF]);
    assert_eq!(validation.loss.median, [3.0, INF]);
    assert_eq!(validation.loss.upper, [3.5, INF]);
    let of_seeds: Vec<_> = validation.seeds.iter().map(|seed| &seed.validation[..]).collect();
    assert_eq!(of_seeds, [&[4.0, 6.0][..], &[2.0, INF], &[3.0]]);
    assert_eq!(validation.seeds[2].raw, losses[..5]);
    assert_eq!(validation.jitter, None, "two steps are too few");
    assert_eq!(summary.configs[1].validation, None);

    let folder = input.dir.aggregate();
    let frame = read_back(&folder, "curves");
    let column = floats(&frame, "validation_loss");
    assert_eq!(column[..6], [None, None, Some(4.0), None, None, Some(6.0)]);
    assert_eq!(column[17..], [None; 6], "halted, and the config without");
    assert_eq!(floats(&frame, "validation_accuracy")[2], Some(0.25));
    let csv = fsio::read(&folder.join("bands.csv")).unwrap();
    let rows: Vec<&str> = csv.lines().filter(|line| line.contains(",validation,")).collect();
    let lr = summary.configs[0].lrs[2];
    assert_eq!(
        rows,
        [
            &*format!("a,2,{lr},validation,3,0,2.5,3.0,3.5,0.25,0.75,raw,diverged-is-infinite"),
            "a,5,10.0,validation,3,1,inf,inf,inf,0.25,0.75,raw,diverged-is-infinite"
        ]
    );
    let again = fsio::read_json::<Summary>(&input.dir.summary()).unwrap();
    let mut written = summary;
    for seed in written.configs.iter_mut().flat_map(|config| &mut config.seeds) {
        seed.smoothed.clear();
    }
    assert_eq!(again, written);
    // What was written before there was a validation is read still, and written as it was.
    let text = fsio::read(&input.dir.summary()).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["configs"][1].get("validation"), None);
    json["configs"][0].as_object_mut().unwrap().remove("validation");
    let older: Summary = serde_json::from_value(json).unwrap();
    assert_eq!(older.configs[0].validation, None);
}
