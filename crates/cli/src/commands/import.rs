//! `seedband import`: a study of curves that were recorded elsewhere.

use crate::args::Import;
use crate::exit::{DONE, Failure};
use crate::output::{self, say};
use seedband::format::count;
use seedband::{Imported, ImportedCurve};

/// Curves of one import that are named one by one.
const NAMED: usize = 20;

pub(crate) fn run(args: &Import, quiet: bool) -> Result<u8, Failure> {
    let imported = seedband::import(&args.files, &args.options())?;
    if !quiet {
        tell(&imported);
    }
    output::report(&imported.report, quiet)?;
    if !quiet {
        say(&format!("next: seedband show {}", imported.folder.display()));
    }
    Ok(DONE)
}

/// Says which curves came from where, and what was done to them.
fn tell(imported: &Imported) {
    let curves = &imported.curves;
    let new = curves.iter().filter(|curve| curve.is_new).count();
    let known = match curves.len() - new {
        0 => String::new(),
        known => format!("; {known} there before"),
    };
    say(&format!(
        "imported {} into `{}`{known}",
        count(new, "curve"),
        imported.folder.display()
    ));
    for curve in curves.iter().take(NAMED) {
        say(&format!("  {}", line(curve)));
    }
    if curves.len() > NAMED {
        say(&format!("  and {} more", curves.len() - NAMED));
    }
    // What goes for many is said once.
    let mut said: Vec<&String> = Vec::new();
    for note in curves.iter().flat_map(|curve| &curve.notes) {
        if !said.contains(&note) {
            let alike = curves.iter().filter(|curve| curve.notes.contains(note)).count();
            say(&format!("  {note} ({})", count(alike, "curve")));
            said.push(note);
        }
    }
}

/// For example `base/3 from a.csv (csv): 97 of 100 steps, stopped early`.
fn line(curve: &ImportedCurve) -> String {
    let steps = if curve.steps == curve.planned {
        count(curve.steps, "step")
    } else {
        format!("{} of {}", curve.steps, count(curve.planned, "step"))
    };
    let known = if curve.is_new { "" } else { ", there before" };
    format!(
        "{}/{} from `{}` ({}): {steps}, {}{known}",
        curve.config,
        curve.seed,
        curve.file,
        curve.format.name(),
        curve.end.words(),
    )
}
