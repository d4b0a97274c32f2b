//! `seedband data`: data sets that can be fetched, and fetching one.

use crate::args::{Data, DataCommand, DataFetch};
use crate::exit::{DONE, Failure};
use crate::output::{self, bytes, say};
use crate::progress::DownloadBar;
use seedband::fetch::{DATA_SETS, DataSet, FetchOptions, RemoteFile};
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &Data, quiet: bool) -> Result<u8, Failure> {
    match &args.command {
        DataCommand::List => {
            let list: Vec<String> = DATA_SETS.iter().map(entry).collect();
            output::data(&list.join("\n"))?;
        }
        DataCommand::Fetch(args) => fetch(args, quiet)?,
    }
    Ok(DONE)
}

/// What is known of a data set.
fn entry(set: &DataSet) -> String {
    let of_file = |file: &RemoteFile| {
        let size = bytes(file.size);
        format!("  file: {} ({size}), SHA-256 {}", file.name, file.sha256)
    };
    let servers = set.servers.iter().map(|server| format!("  from: {server}"));
    let lines: Vec<String> = set.files.iter().map(of_file).chain(servers).collect();
    format!(
        "{}: {}\n  size: {} to download, {} unpacked\n{}\n  about: {}\n{}",
        set.name,
        set.title,
        bytes(set.download_size()),
        bytes(set.unpacked_size()),
        lines.join("\n"),
        set.home,
        terms(set)
    )
}

fn terms(set: &DataSet) -> String {
    format!("  licence: {}\n  cite: {}\n", set.terms, set.citation)
}

fn fetch(args: &DataFetch, quiet: bool) -> Result<(), Failure> {
    let set = args.set;
    let options = FetchOptions {
        mirror: args.from.clone(),
        ..FetchOptions::new(args.folder.clone())
    };
    if !quiet {
        let from = args
            .from
            .as_deref()
            .or(set.servers.first().copied())
            .unwrap_or_default();
        let size = bytes(set.download_size());
        say(&format!("{}: {size} from {from}\n{}", set.title, terms(set).trim_end()));
    }
    let mut bar = DownloadBar::new(quiet);
    let fetched = seedband::fetch::fetch(set, &options, &mut |progress| bar.show(progress));
    bar.end();
    let fetched = fetched.map_err(seedband::Error::from)?;
    let folder = absolute(&fetched.folder);
    if !quiet {
        let shown = folder.display();
        say(&if fetched.was_there {
            format!("`{shown}` is there already, as it was fetched")
        } else {
            format!("fetched into `{shown}`; the SHA-256 of every file is the one on record")
        });
        say("a study that trains on it says:");
    }
    output::data(&seedband::data_table(set, &folder))
}

/// A path that holds in a study of any folder.
fn absolute(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf())
}
