//! The arguments of `data`.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use seedband::fetch::{DATA_SETS, DataSet};
use std::path::PathBuf;

/// Fetch data sets that many papers use.
#[derive(Debug, Args)]
pub(crate) struct Data {
    #[command(subcommand)]
    pub(crate) command: DataCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// List the data sets that can be fetched: files, sizes, source, licence
    List,
    /// Fetch a data set, check it, unpack it, and print the table of a study that trains on it
    ///
    /// A download that was broken off goes on where it ended, and nothing is unpacked unless its SHA-256 is the one on
    /// record. The data set is there whole or not at all. Goes through the proxy that `ALL_PROXY`, `HTTPS_PROXY`
    /// or `HTTP_PROXY` names, the first of them that is set, except for the hosts in `NO_PROXY`.
    Fetch(DataFetch),
}

#[derive(Debug, Args)]
pub(crate) struct DataFetch {
    /// The data set
    #[arg(value_name = "NAME", value_parser = set())]
    pub(crate) set: &'static DataSet,
    /// Where it goes: `<FOLDER>/<NAME>`
    #[arg(long, value_name = "FOLDER", default_value = "data")]
    pub(crate) folder: PathBuf,
    /// Address of a folder that has the files of the data set, by the names that `data list` shows, in place of the
    /// usual servers; what it sends has to have the same SHA-256
    #[arg(long, value_name = "URL")]
    pub(crate) from: Option<String>,
}

/// One of the names, as its data set.
fn set() -> impl TypedValueParser<Value = &'static DataSet> {
    let names = DATA_SETS.iter().map(|set| set.name);
    PossibleValuesParser::new(names)
        .try_map(|name| DataSet::named(&name).ok_or("it is no data set that can be fetched"))
}
