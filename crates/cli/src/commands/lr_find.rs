//! `seedband lr-find`: a study for a script, written and run.

use super::run;
use crate::args::{LrFind, command_line};
use crate::exit::Failure;
use crate::output::say;
use seedband::{OpenOptions, RunOptions, StudySession};

pub(crate) fn run(args: &LrFind, quiet: bool) -> Result<u8, Failure> {
    let find = seedband::LrFind {
        arguments: args.arguments.clone(),
        seeds: args.seeds.clone(),
        steps: args.steps,
        min_lr: args.min_lr,
        max_lr: args.max_lr,
        name: args.name.clone(),
        ..seedband::LrFind::new(&args.script)
    };
    let file = args.study.clone().unwrap_or_else(|| find.default_study_file());
    find.write_study(&file, args.force)?;
    if !quiet {
        let shown = file.display();
        say(&format!("study: {shown} (change it, then: seedband run {shown})"));
    }
    let options = args.place.set(OpenOptions::default().results(&args.results));
    let session = StudySession::open(&file, &options)?;
    // What was asked for counts, and trials of other settings stay, unused; but not those of another script.
    let options = RunOptions {
        update: session.is_of_same_script(),
        command: command_line(),
        ..RunOptions::default()
    };
    run::session(session, &options, quiet)
}
