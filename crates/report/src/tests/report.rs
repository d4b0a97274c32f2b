//! That the files are there, can be read, and hold the numbers.

use super::{assert_xml, files, provenance, svg};
use crate::section::Contents;
use crate::{draw, example, format, write};

#[test]
fn a_report_has_all_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let summary = example::reference();
    let written = write(&summary, Some(&provenance()), &folder.path().join("report")).unwrap();
    // Comparison, ranges, and for each of two configs bands, groups and overlap, each twice.
    assert_eq!(written.figures.len(), 16);
    for path in written.figures.iter().chain([&written.index, &written.markdown]) {
        assert!(std::fs::metadata(path).unwrap().len() > 500, "{}", path.display());
    }
    let all = files(&folder.path().join("report"));
    assert_eq!(all.len(), 19, "no file but those named is left behind");
    for (name, bytes) in all {
        let ending = name.rsplit('.').next().unwrap();
        if ending == "svg" {
            assert_xml(std::str::from_utf8(&bytes).unwrap());
        }
        if ending == "png" {
            let image = image::load_from_memory(&bytes).unwrap().into_rgb8();
            assert_eq!(image.width(), 1800, "{name}");
            assert!(image.pixels().any(|pixel| pixel.0 != [255; 3]), "{name} is not empty");
        }
    }
}

#[test]
fn two_writes_give_equal_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let summary = example::summary(vec![example::config("one", 6, 0.3, 5.0)]);
    for name in ["a", "b"] {
        write(&summary, Some(&provenance()), &folder.path().join(name)).unwrap();
    }
    assert_eq!(files(&folder.path().join("a")), files(&folder.path().join("b")));
}

#[test]
fn the_page_holds_every_number() {
    let folder = tempfile::tempdir().unwrap();
    let summary = example::reference();
    let page = std::fs::read_to_string(write(&summary, Some(&provenance()), folder.path()).unwrap().index).unwrap();
    for config in &summary.configs {
        assert!(page.contains(&config.name));
        for spread in [&config.min_lr, &config.max_lr] {
            let estimate = spread.estimate.unwrap();
            let interval = estimate.interval.unwrap();
            for lr in [
                estimate.median,
                estimate.lower,
                estimate.upper,
                interval.lower,
                interval.upper,
            ] {
                assert!(page.contains(&format::lr_exact(lr)), "{lr}");
            }
            assert!(page.contains(&format::decades(estimate.decades)));
        }
        for seed in &config.seeds {
            assert!(
                page.contains(&format::lr_exact(seed.max_lr.lr().unwrap())),
                "seed {}",
                seed.seed
            );
        }
    }
    for text in [
        "95.9 %",
        "10–90 %",
        "log10 of the learning rate",
        "2026-11-23 18:31:07 UTC",
        "Earlier run, 2026-11-22 09:00:00 UTC",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(page.matches("<svg ").count(), 8);
    assert_eq!(page.matches("<figcaption>").count(), 8);
}

#[test]
fn the_page_asks_the_network_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("aggregate")).unwrap();
    std::fs::write(folder.path().join("aggregate/bands.csv"), "step\n").unwrap();
    let summary = example::reference();
    let page = std::fs::read_to_string(write(&summary, None, &folder.path().join("report")).unwrap().index).unwrap();
    assert!(page.contains("default-src 'none'"));
    for forbidden in [
        "<script",
        "<link",
        "<iframe",
        "@import",
        "src=\"",
        "href=\"http",
        "url(http",
        "url(\"http",
        "url('http",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for link in page
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
    {
        let target = folder.path().join("report").join(link);
        let anchor = link
            .strip_prefix('#')
            .is_some_and(|id| page.contains(&format!("id=\"{id}\"")));
        assert!(anchor || target.is_file(), "`{link}` leads nowhere");
    }
    assert!(page.contains("href=\"../aggregate/bands.csv\""));
    assert!(!page.contains("curves.csv"), "a table that is not there has no link");
}

#[test]
fn names_cannot_break_out() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "<script>alert('\"&')</script>";
    let mut config = example::config(evil, 3, 0.3, 5.0);
    config.labels = vec![(evil.into(), evil.into())];
    config.rules.min_lr = evil.into();
    config.named_rules = example::ruled("rules", 3).named_rules;
    config.named_rules[0].name = evil.into();
    let mut summary = example::summary(vec![config, example::config("plain", 3, 0.3, 5.0)]);
    (summary.title, summary.description, summary.study) = (evil.into(), evil.into(), evil.into());
    let mut provenance = provenance();
    provenance.runs[0].command = vec![evil.into()];
    provenance.runs[0].workers = vec![evil.into()];
    let written = write(&summary, Some(&provenance), folder.path()).unwrap();
    let page = std::fs::read_to_string(written.index).unwrap();
    assert!(!page.contains("<script") && !page.contains("</script"));
    assert!(page.contains("&lt;script") || page.contains("&#60;script"));
    assert!(!std::fs::read_to_string(written.markdown).unwrap().contains("<script"));
    for figure in Contents::of(&summary).figures() {
        assert_xml(&draw::svg(&figure.scene, &figure.name).unwrap());
    }
}

/// Every figure with losses by learning rate says under which rate they are filed.
#[test]
fn figures_of_a_lagging_schedule_name_the_pairing() {
    let mut config = example::validated("one", 20);
    config.pairing = Some(seedband_core::range_test::Pairing::Used);
    let summary = example::summary(vec![config]);
    for name in ["bands-one", "losses-one", "groups-one", "ranges"] {
        assert!(svg(&summary, name).unwrap().contains("learning rate as used"), "{name}");
    }
}
