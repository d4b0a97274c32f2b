//! What each named rule makes of each curve.

use super::names::{fallback, reason_name};
use super::table::Table;
use seedband_core::range_test::Answer;
use seedband_core::summary::{ConfigSummary, RuleAnswer, RuleSummary, Summary};

struct Row<'a> {
    config: &'a ConfigSummary,
    rule: &'a RuleSummary,
    of_seed: &'a RuleAnswer,
}

/// The table `rules`.
pub(super) fn table(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for config in &summary.configs {
        for rule in &config.named_rules {
            rows.extend(rule.answers.iter().map(|of_seed| Row { config, rule, of_seed }));
        }
    }
    Table::new("rules", "one rule on one trial that has a curve")
        .rows(&rows)
        .column("config", "name of the config", |row| Some(row.config.name.as_str()))
        .column("seed", "seed of the trial", |row| row.of_seed.seed)
        .column("rule", "name of the rule", |row| Some(row.rule.name.as_str()))
        .column("lr", "learning rate that the rule suggests, if there is one", |row| {
            row.of_seed.answer.lr()
        })
        .column("index", "step that the rule chose, from 0", |row| {
            index(&row.of_seed.answer)
        })
        .unit("steps")
        .column("fallback", "whether the rule took its second choice", |row| {
            fallback(&row.of_seed.answer)
        })
        .column("reason", "why there is no learning rate", |row| {
            reason_name(&row.of_seed.answer)
        })
        .column(
            "stop_step",
            "step whose loss fired the rule's own stop, if one did",
            |row| row.of_seed.stop_step,
        )
        .unit("steps")
        .column(
            "cut",
            "whether training was stopped early, before the rule's own stop fired, so that more steps may change the \
             answer",
            |row| Some(row.of_seed.cut),
        )
        .done()
}

fn index(answer: &Answer) -> Option<u32> {
    match answer {
        Answer::Found { index, .. } => Some(*index as u32),
        Answer::None { .. } => None,
    }
}
