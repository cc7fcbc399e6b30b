//! The guide's page about bad days: each test that it names is there, and each row names one.

use std::fs;

use super::sources::{assert_none, root};

const PAGE: &str = "waterhealer/src/guide/bad_days.md";

#[test]
fn each_bad_day_names_tests_that_are_there() {
    let page = fs::read_to_string(root().join(PAGE)).expect("the page is readable");
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let rows: Vec<&str> = rows
        .filter(|row| !row.starts_with("| bad day |") && !row.starts_with("| --- |"))
        .collect();
    assert!(rows.len() > 25, "it has {} rows only", rows.len());
    let mut findings = Vec::new();
    for row in rows {
        let shown = row.trim_matches('|').rsplit('|').next().unwrap_or_default();
        let names: Vec<&str> = shown.split('`').skip(1).step_by(2).collect();
        if names.is_empty() {
            findings.push(format!("no test: {row}"));
        }
        let missing = names.into_iter().filter(|name| !is_there(name));
        findings.extend(missing.map(|name| format!("not there: {name}")));
    }
    assert_none(
        &format!("{PAGE} names files, and tests in files"),
        &findings,
    );
}

/// A path from the root, with `::name` behind it where one test is meant.
fn is_there(name: &str) -> bool {
    let (path, test) = name.split_once("::").unwrap_or((name, ""));
    let Ok(text) = fs::read_to_string(root().join(path)) else {
        return false;
    };
    test.is_empty() || text.contains(&format!("fn {test}("))
}
