//! Rules about what people read when a program is refused: every code is shown by a program, every program has its golden,
//! and no golden speaks of what is hidden.

use std::collections::BTreeMap;

use super::sources::{Source, assert_none, files, rust_files};

const REFUSED: &str = "tests/ui/refused";

#[test]
fn every_code_is_shown_by_a_refused_program() {
    let goldens = files(REFUSED, "stderr");
    let shown = codes_in(&goldens);
    let missing = known_codes()
        .into_iter()
        .filter(|(code, _)| !shown.contains_key(code));
    let findings: Vec<String> = missing.map(|(code, at)| format!("{at}: {code}")).collect();
    assert_none(
        "each code of the catalogue stands in a golden of tests/ui/refused",
        &findings,
    );
}

#[test]
fn every_code_that_is_shown_is_in_the_catalogue() {
    let known = known_codes();
    let unknown = codes_in(&files(REFUSED, "stderr")).into_iter();
    let unknown = unknown.filter(|(code, _)| !known.contains_key(code));
    let findings: Vec<String> = unknown.map(|(code, at)| format!("{at}: {code}")).collect();
    assert_none("`explain` knows each code that is shown", &findings);
}

#[test]
fn every_refused_program_has_its_golden() {
    let programs: Vec<String> = rust_files(REFUSED)
        .iter()
        .map(|source| stem(source).to_owned())
        .collect();
    let goldens: Vec<String> = files(REFUSED, "stderr")
        .iter()
        .map(|golden| stem(golden).to_owned())
        .collect();
    let without = programs.iter().filter(|program| !goldens.contains(program));
    let orphans = goldens.iter().filter(|golden| !programs.contains(golden));
    let without = without.map(|program| format!("{program}.rs has no golden"));
    let orphans = orphans.map(|golden| format!("{golden}.stderr has no program"));
    assert_none(
        "a refused program and its words go together",
        &without.chain(orphans).collect::<Vec<_>>(),
    );
}

#[test]
fn every_refused_program_says_what_is_wrong_with_it() {
    let silent = rust_files(REFUSED).into_iter().filter(|source| {
        !source.text.starts_with("//! Leak: ") && !source.text.starts_with("//! Mistake: ")
    });
    let findings: Vec<String> = silent.map(|source| source.at(1)).collect();
    assert_none(
        "a refused program begins with `//! Leak: …` or `//! Mistake: …`",
        &findings,
    );
}

#[test]
fn no_golden_names_generated_items() {
    let mut findings = Vec::new();
    for golden in files(REFUSED, "stderr") {
        for (index, line) in golden.text.lines().enumerate() {
            // The rule about the prefix names the prefix.
            if line.contains("__waterhealer") && !line.contains("names that start with") {
                findings.push(golden.at(index + 1));
            }
        }
    }
    assert_none("an error speaks of the user's own items", &findings);
}

/// Every code there is, with where it is defined.
fn known_codes() -> BTreeMap<String, String> {
    let mut sources = rust_files("waterhealer-macros/src/message");
    sources.extend(rust_files("waterhealer-runtime/src/carrier"));
    let mut codes = codes_in(&sources);
    // Used in a test of the catalogue, and in its own words about ranges.
    codes.retain(|_, at| !at.contains("/message/mod.rs"));
    codes
}

/// The codes in the files, each with the place where it stands first. Comments do not count.
fn codes_in(sources: &[Source]) -> BTreeMap<String, String> {
    let mut codes = BTreeMap::new();
    for source in sources {
        for (index, line) in source.text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for (at, _) in line.match_indices("WH0") {
                if let Some(code) = line.get(at..at + 6) {
                    codes
                        .entry(code.to_owned())
                        .or_insert_with(|| source.at(index + 1));
                }
            }
        }
    }
    codes
}

fn stem(source: &Source) -> &str {
    source
        .path
        .rsplit_once('.')
        .map_or(&source.path, |(stem, _)| stem)
}
