//! Names of files that are being written.

use seedband_core::files::fsio::{hidden_beside, hidden_owner};
use std::path::Path;

#[test]
fn the_owner_of_a_hidden_file_stands_in_its_name() {
    let hidden = hidden_beside(Path::new("a/curve.jsonl"));
    let name = hidden.file_name().unwrap().to_str().unwrap();
    assert_eq!(hidden_owner(name), Some(std::process::id()));
    for other in [
        "curve.jsonl",
        ".hidden",
        ".a.tmp",
        ".a.x-1.tmp",
        ".a.1-x.tmp",
        "a.1-1.tmp",
        ".a.1-1.tmp~",
    ] {
        assert_eq!(hidden_owner(other), None, "{other}");
    }
}
