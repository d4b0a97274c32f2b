//! How large a study may be.

use crate::support::load;

/// As many configs as there may be. What takes a thousand times as long for them as for ten is done in an instant; what
/// takes a million times as long, in a day.
#[test]
fn ten_thousand_configs_are_read_and_told_apart_at_once() {
    let ten = "[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]";
    let text = format!(
        "seeds = 1\n[sweep.grid]\nschedule.end = {ten}\n\
         optimizer.clip-norm = {ten}\noptimizer.weight-decay = {ten}\n\
         training.batch-size = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
    );
    let study = load(&text, &[]).unwrap();
    assert_eq!(study.configs.len(), 10_000);
    let labels = study.labels();
    assert!(labels.iter().all(|label| label.len() == 4), "{:?}", labels[0]);
}

/// A thousand million trials are more than memory holds, and said in three lines.
#[test]
fn more_trials_than_a_study_may_have_are_refused() {
    let sweep = "[sweep.grid]\ntraining.batch-size = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    let most = load(&format!("seeds = \"0..10000\"\n{sweep}"), &[]).unwrap();
    assert_eq!(most.configs.len() * most.seeds.seeds().len(), 100_000);
    let one_more = load(&format!("seeds = \"0..10001\"\n{sweep}"), &[]).unwrap_err();
    let said = "10 range tests and trainings of 10001 seeds each are 100010 trials, and a study has at most 100000";
    assert!(
        one_more.contains(said) && one_more.contains("study.toml:1:1"),
        "{one_more}"
    );
    // Seeds that a study may add by itself and trainings count too.
    let added = load(&format!("seeds = \"until 0.1, at most 10001\"\n{sweep}"), &[]);
    assert!(added.is_err_and(|error| error.contains(said)));
    let rates = (1..=1000)
        .map(|rate| format!("{rate}e-4"))
        .collect::<Vec<_>>()
        .join(", ");
    let trained = format!(
        "seeds = 1\n[train]\nepochs = 1\nlr = [{rates}]\n{}",
        sweep.replace("[1,", "[11, 1,")
    );
    assert_eq!(load(&trained, &[]).unwrap().configs.len(), 11);
    let trained = format!("{trained}\nschedule.end = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]");
    let error = load(&trained, &[]).unwrap_err();
    assert!(error.contains("100100 range tests and trainings"), "{error}");
}
