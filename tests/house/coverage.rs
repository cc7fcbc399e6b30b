//! The guide's page about what the check covers: each program and each test that it names is there, and each code.

use std::fs;

use waterhealer::guide::rules::ALL;

use super::sources::{assert_none, root};

const PAGE: &str = "waterhealer/src/guide/coverage.md";

#[test]
fn what_the_coverage_page_names_is_there() {
    let named = named();
    assert!(named.len() > 50, "it names {} only", named.len());
    let missing = named.into_iter().filter(|name| !is_there(name));
    assert_none(
        &format!("{PAGE} names files, and tests in files"),
        &missing.collect::<Vec<_>>(),
    );
}

#[test]
fn the_codes_of_the_coverage_page_are_in_the_catalogue() {
    let page = page();
    let codes = page.match_indices("WH0").map(|(at, _)| &page[at..at + 6]);
    let unknown = codes.filter(|code| !ALL.iter().any(|rule| rule.code == *code));
    let unknown: Vec<String> = unknown.map(str::to_owned).collect();
    assert_none("`explain` knows each code of the page", &unknown);
}

#[test]
fn a_row_says_who_stops_the_leak_and_shows_it() {
    let page = page();
    let mut findings = Vec::new();
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" |").map(str::trim).collect();
        let (Some(who), Some(shown)) = (cells.get(1), cells.last()) else {
            findings.push(row.to_owned());
            continue;
        };
        let head = ["who", "---"].contains(who);
        // What nobody stops has not always a program.
        if !head && (who.is_empty() || shown.is_empty() && !who.contains("nobody")) {
            findings.push(row.to_owned());
        }
    }
    assert_none("who stops it, and what shows that", &findings);
}

/// Paths in backquotes, with `::name` behind those of tests.
fn named() -> Vec<String> {
    let page = page();
    let quoted = page.split('`').skip(1).step_by(2);
    let paths = quoted.filter(|text| text.contains('/') && text.contains(".rs"));
    paths.map(str::to_owned).collect()
}

fn is_there(name: &str) -> bool {
    let (path, test) = name.split_once("::").unwrap_or((name, ""));
    let Ok(text) = fs::read_to_string(root().join(path)) else {
        return false;
    };
    test.is_empty() || text.contains(&format!("fn {test}("))
}

fn page() -> String {
    fs::read_to_string(root().join(PAGE)).expect("the page is readable")
}
