//! The name of this host.

use nix::unistd::gethostname;

/// The name that this host goes by: `gethostname(2)`; `localhost` where it has none, or one that is no text in UTF-8.
pub fn host_name() -> String {
    let name = gethostname().ok().and_then(|name| name.into_string().ok());
    name.filter(|name| !name.is_empty())
        .unwrap_or_else(|| "localhost".to_owned())
}
