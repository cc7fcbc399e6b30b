//! Rules about files as a whole: how they begin, how long they are.

use super::sources::{assert_none, rust_files};

/// The most lines a file may have.
const LIMIT: usize = 400;

#[test]
fn every_file_opens_by_saying_what_lives_there() {
    let silent = rust_files(".").into_iter().filter(|source| {
        // An inner attribute may have to stand first, nothing else.
        let first = source
            .text
            .lines()
            .find(|line| !line.starts_with("#![") && !line.is_empty());
        first.is_none_or(|line| !line.starts_with("//! "))
    });
    let findings: Vec<String> = silent.map(|source| source.at(1)).collect();
    assert_none(
        "a file's first line is `//! …`: what lives here, and what does not",
        &findings,
    );
}

#[test]
fn no_file_is_an_everything_file() {
    let long = rust_files(".").into_iter().filter_map(|source| {
        let lines = source.text.lines().count();
        (lines > LIMIT).then(|| format!("{} has {lines} lines", source.at(LIMIT + 1)))
    });
    assert_none(
        &format!("past {LIMIT} lines a file holds more than one thing"),
        &long.collect::<Vec<_>>(),
    );
}
