//! **A failed call is kept with what it was given, and can be made again.** Each failure is a whole file in the directory, when
//! the program has ended at the latest; `replay` calls the stage with it, and nothing else.
//!
//! The bad day: one order in ten fails, only in production, and nobody knows what was in it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::exact::{self, Exact};
use crate::support::{Broker, Child, Ended, Group, s};

const TOPIC: &str = "wh-failures";

#[test]
fn each_failure_is_a_file_and_is_replayed_from_it() {
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 50);
    let odd = Exact {
        key: Some(b"ada".to_vec()),
        value: Some(b"no number".to_vec()),
        headers: vec![("own".to_owned(), Some(b"x".to_vec()))],
        timestamp: Some(1_700_000_000_000),
    };
    exact::write(&broker, TOPIC, &[odd]);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let folder = Child::folder(TOPIC);
    let kept = folder.join("kept");
    let failures = format!("dir:{}", kept.display());
    let run = |arguments: &[&str], env: &[(&str, &str)]| -> Ended {
        let common = ["--brokers", broker.bootstrap(), "--group", group.name()];
        Child::start_with(&folder, "failing", &[arguments, &common].concat(), env).wait(s(60))
    };

    let ended = run(&["--until-end", "--failures", &failures], &[]);
    ended.assert_code(0);
    let files = files(&kept);
    assert_eq!(
        files.len(),
        6,
        "five end in a 3, one is no number: {files:?}"
    );
    assert!(ended.out.contains("6 skipped"), "{ended:?}");

    let (path, failure) = of_stage(&files, "check");
    assert_eq!(
        failure["function"],
        "member::failing::failing_pipeline::check"
    );
    assert_eq!(failure["args"].as_array().map(Vec::len), Some(1));
    assert_eq!(failure["kwargs"], json!(["mended"]));
    assert_eq!(failure["group"], group.name());
    assert_eq!(failure["position"]["topic"], TOPIC);
    let number = failure["args"][0]["number"].as_u64().expect("an order");
    assert_eq!(failure["record"]["text"], number.to_string());
    let emit_id = failure["emit_id"].as_str().expect("it has one");
    let emit_id: waterhealer::EmitId = emit_id.parse().expect("it is one");
    assert_eq!(
        Some(emit_id.offset()),
        failure["position"]["offset"].as_i64()
    );

    let path = path.display().to_string();
    let again = run(&["replay", &path], &[]);
    again.assert_code(1);
    let fails = format!("fails now:    {number} ends in a 3");
    assert!(again.out.contains(&fails), "{again:?}");
    let mended = run(&["replay", &path, "--json"], &[("MENDED", "1")]);
    mended.assert_code(0);
    let told: Value = serde_json::from_str(&mended.out).expect("it is JSON");
    assert_eq!(
        (&told["outcome"], &told["value"]),
        (&json!("answered"), &json!({ "number": number }))
    );
    let test = run(&["replay", &path, "--as-test"], &[]);
    test.assert_code(0);
    for part in [
        "#[test]",
        "crate::failing::failing_pipeline::pipeline(",
        "waterhealer::testing::replay(pipeline, FAILURE)",
    ] {
        assert!(test.out.contains(part), "{part} in {}", test.out);
    }

    let (path, failure) = of_stage(&files, "read");
    assert_eq!(failure["key"]["text"], "ada");
    assert_eq!(failure["headers"][0]["text"], "x");
    let again = run(&["replay", &path.display().to_string()], &[]);
    again.assert_code(1);
    assert!(again.out.contains("invalid digit"), "{again:?}");

    let nothing = run(&["replay", "no-such-file.json"], &[]);
    nothing.assert_code(2);
    nothing.assert_says(&["no-such-file.json"]);
}

#[test]
fn a_place_that_is_not_known_is_refused_before_anything_starts() {
    let folder = Child::folder("wh-failures-nowhere");
    let arguments = ["--brokers", "127.0.0.1:1", "--failures", "ftp://hunter2"];
    let ended = Child::start(&folder, "failing", &arguments).wait(s(15));
    ended.assert_code(78);
    ended.assert_says(&["the command line: `failures` names no place", "`dir:PATH`"]);
    assert!(!ended.err.contains("hunter2"), "{ended:?}");
}

fn files(folder: &Path) -> Vec<(PathBuf, Value)> {
    let entries = fs::read_dir(folder).expect("it was made");
    let files = entries.map(|entry| {
        let path = entry.expect("it is readable").path();
        let text = fs::read_to_string(&path).expect("it is readable");
        (path, serde_json::from_str(&text).expect("it is whole"))
    });
    files.collect()
}

fn of_stage<'f>(files: &'f [(PathBuf, Value)], stage: &str) -> (&'f Path, &'f Value) {
    let mut files = files.iter();
    let found = files.find(|(_, failure)| failure["stage"] == stage);
    let (path, failure) = found.expect("one of it has failed");
    (path, failure)
}
