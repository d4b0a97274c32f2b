use super::*;

#[test]
fn seeds_are_added_in_batches_up_to_the_cap() {
    let mut list: SeedList = "until 0.3, at most 18".parse().unwrap();
    let until = list.until().unwrap();
    assert_eq!((until.decades.to_bits(), until.most), (0.3_f64.to_bits(), 18));
    let mut sizes = vec![list.seeds().len()];
    while list.grow() {
        sizes.push(list.seeds().len());
    }
    assert_eq!((sizes, list.left()), (vec![10, 15, 18], 0));
    assert_eq!(list.seeds(), (0..18).collect::<Vec<_>>());
    assert_eq!(serde_json::to_string(&list).unwrap(), "\"until 0.3, at most 18\"");
    let few: SeedList = "until 1, at most 4".parse().unwrap();
    assert_eq!((few.seeds().len(), few.left()), (4, 0));
    assert_eq!("until 0.5".parse::<SeedList>().unwrap().until().unwrap().most, 100);
    assert!(!SeedList::default().grow());
    for bad in [
        "until",
        "untill 0.3",
        "until0.3",
        "until x",
        "until 0",
        "until inf",
        "until 0.3, 40",
        "until 0.3, at most x",
        "until 0.3, at most 0",
    ] {
        assert!(bad.parse::<SeedList>().is_err(), "{bad}");
    }
}

/// Ten thousand ranges of nearly as many seeds as there may be are 8 GB of them.
#[test]
fn ranges_that_are_too_many_together_are_never_made() {
    let bad = vec!["0..99999"; 10_000].join(",");
    assert_eq!(bad.parse::<SeedList>(), Err("a study has at most 100000 seeds".into()));
    let most: SeedList = "0..50000,50000..100000".parse().unwrap();
    assert_eq!(most.seeds().len(), 100_000);
    assert!("0..50000,50000..100000,100000".parse::<SeedList>().is_err());
}

#[test]
fn ranges_leave_out_their_end() {
    let seeds = |text: &str| text.parse::<SeedList>().map(|list| list.seeds().to_vec());
    assert_eq!(seeds("0..3"), Ok(vec![0, 1, 2]));
    assert_eq!(seeds("3"), Ok(vec![0, 1, 2]));
    assert_eq!(seeds(" 7, "), Ok(vec![7]));
    assert_eq!(seeds("0..2,9"), Ok(vec![0, 1, 9]));
    for bad in [
        "",
        "0",
        "100001",
        ",",
        "1,,2",
        "0..0",
        "3..1",
        "a",
        "0..x",
        "1,1",
        "-1",
        "0..100002",
        "18446744073709551615",
    ] {
        assert!(seeds(bad).is_err(), "{bad}");
    }
}

#[test]
fn files_say_how_many_or_which() {
    let seeds = |json: &str| serde_json::from_str::<SeedList>(json).map(|list| list.seeds().to_vec());
    assert_eq!(seeds("3").unwrap(), [0, 1, 2]);
    assert_eq!(seeds("[3]").unwrap(), [3]);
    assert_eq!(seeds("\"3\"").unwrap(), [0, 1, 2]);
    // TOML's numbers have a sign.
    let of_toml = |number: i64| toml::Value::Integer(number).try_into::<SeedList>();
    assert_eq!(of_toml(3).unwrap().seeds(), [0, 1, 2]);
    assert!(of_toml(-3).is_err() && of_toml(0).is_err());
    for bad in ["0", "-3", "100001", "18446744073709551615", "3.5"] {
        assert!(seeds(bad).is_err(), "{bad}");
    }
    // What is written means the same when it is read again.
    for list in ["1", "7,", "0,1", "20", "4..9"] {
        let list: SeedList = list.parse().unwrap();
        let json = serde_json::to_string(&list).unwrap();
        assert_eq!(seeds(&json).unwrap(), list.seeds(), "{json}");
    }
}
