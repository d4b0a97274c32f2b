//! Every flavour against what its library computed on stored curves (`tests/golden/README.md` says how).
//!
//! `SEEDBAND_GOLDEN` may name another folder of files in the same format. Flavours come from `configs/flavours/`, the
//! rules behind the suggestions from `configs/rules.toml`.

mod compare;
mod flavour;
mod repeated_runs;
mod rules;
mod schedules;
mod stored;
mod stored_run;
mod suggestions;
