//! Training scripts on several GPUs: a list of them that nobody has, since the script uses none.

use crate::scripts::{TRAIN, place, seedband};
use crate::support::said;
use std::collections::BTreeMap;

#[test]
fn each_process_sees_one_device_and_all_devices_are_used() {
    // The second trial of a device does not begin before both have had one.
    let script = format!("import os, time\nprint('sees', os.environ['CUDA_VISIBLE_DEVICES'])\ntime.sleep(1)\n{TRAIN}");
    let place = place(&script);
    let arguments = [
        "run",
        "study.toml",
        "--devices",
        "cuda",
        "--seeds",
        "0..4",
        "--set",
        "run.gpu-slots=1",
    ];
    let mut command = seedband(&place, &arguments);
    command.env("CUDA_VISIBLE_DEVICES", "GPU-a,GPU-b");
    let (status, _, err) = said(&mut command);
    assert_eq!(status, 0, "{err}");
    let mut trials: BTreeMap<String, u32> = BTreeMap::new();
    for (path, _) in place.curves("results") {
        let folder = format!("results/{}", path.trim_end_matches("/curve.jsonl"));
        let log = place.read(&format!("{folder}/attempts/1/log"));
        let seen = log.lines().find_map(|line| line.strip_prefix("sees ")).unwrap();
        *trials.entry(seen.to_owned()).or_default() += 1;
    }
    assert_eq!(trials.keys().collect::<Vec<_>>(), ["GPU-a", "GPU-b"]);
    assert_eq!(trials.values().sum::<u32>(), 4);
}
