//! The flavours of `configs/flavours/`, by the library that each one follows.

use seedband_core::range_test::{Flavour, Schedule};
use std::path::Path;

/// Our flavour file for the name in the stored results.
pub(crate) const FLAVOURS: [(&str, &str); 6] = [
    ("fastai_v1", "fastai-v1"),
    ("fastai_v2", "fastai-v2"),
    ("lightning", "lightning"),
    ("torch_lr_finder", "torch-lr-finder"),
    ("dataiku", "keras"),
    ("surmenok", "surmenok"),
];

/// The flavour of a library, from its file.
pub(crate) fn flavour(library: &str) -> Flavour {
    let (_, file) = FLAVOURS
        .iter()
        .find(|(name, _)| *name == library)
        .expect("a known library");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../configs/flavours/{file}.toml"));
    let text = std::fs::read_to_string(&path).expect("a flavour file");
    let flavour: Flavour = toml::from_str(&text).expect("a flavour");
    assert_eq!(flavour.validate(), Ok(()), "{file}");
    flavour
}

#[test]
fn flavour_files_write_every_schedule_smoothing_and_stop_option() {
    for (library, file) in FLAVOURS {
        let flavour = flavour(library);
        assert_eq!(flavour.smoothing, flavour.smoothing.explicit(), "{file}");
        assert_eq!(flavour.stop, flavour.stop.explicit(), "{file}");
    }
    let (fastai, keras) = (flavour("fastai_v1"), flavour("dataiku"));
    let study = |schedule: &Schedule| (schedule.start, schedule.end, schedule.steps, schedule.lag);
    assert_eq!(study(&fastai.schedule), (1e-7, 100.0, 100, 0));
    assert_eq!(study(&keras.schedule), (1e-7, 100.0, 97, 1));
    // The defaults in code are the fastai half but for the end of the schedule.
    let default = Flavour::default();
    assert_eq!(fastai.smoothing, default.smoothing.explicit());
    assert_eq!(fastai.stop, default.stop.explicit());
    assert_eq!(fastai.range.explicit(), default.range.explicit());
}
