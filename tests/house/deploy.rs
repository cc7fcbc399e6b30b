//! The files for operators and the guide's page on metrics: each metric that they name is one that there is, and the page has all.

use waterhealer::__private::METRICS;

use super::sources::{Source, assert_none, files};

const PAGE: &str = "waterhealer/src/guide/metrics.md";

fn deployed() -> Vec<Source> {
    ["json", "yaml"]
        .into_iter()
        .flat_map(|ending| files("deploy", ending))
        .collect()
}

fn page() -> Source {
    let mut pages = files("waterhealer/src/guide", "md").into_iter();
    pages
        .find(|page| page.path == PAGE)
        .expect("the page is there")
}

/// The metrics that a file names.
fn named(source: &Source) -> impl Iterator<Item = &str> {
    let is_of_a_word = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    let words = source
        .text
        .match_indices("waterhealer_")
        .map(move |(at, _)| {
            let rest = &source.text[at..];
            let end = rest.find(|letter| !is_of_a_word(letter));
            &rest[..end.unwrap_or(rest.len())]
        });
    words.filter(|word| !word.ends_with('_'))
}

/// Whether there is such a metric; of a histogram, or such a part of one.
fn is_there(name: &str) -> bool {
    METRICS.iter().any(|metric| {
        let part = name.strip_prefix(metric.name);
        match metric.kind {
            "histogram" => {
                part.is_some_and(|part| ["", "_bucket", "_sum", "_count"].contains(&part))
            }
            _ => part == Some(""),
        }
    })
}

#[test]
fn operators_files_and_the_guide_name_metrics_that_there_are() {
    let sources: Vec<Source> = deployed().into_iter().chain([page()]).collect();
    let mut findings = Vec::new();
    for source in &sources {
        let unknown = named(source).filter(|name| !is_there(name));
        findings.extend(unknown.map(|name| format!("{}: `{name}`", source.path)));
    }
    let found: usize = sources.iter().map(|source| named(source).count()).sum();
    assert!(found > 50, "they name {found} only");
    assert_none("`serve/names.rs` has every metric that is named", &findings);
}

#[test]
fn the_board_and_the_guide_show_every_metric() {
    let board = deployed()
        .into_iter()
        .find(|file| file.path.ends_with("grafana.json"));
    for source in [board.expect("there is a board"), page()] {
        let missing = METRICS
            .iter()
            .filter(|metric| !source.text.contains(metric.name));
        let missing: Vec<String> = missing.map(|metric| metric.name.to_owned()).collect();
        assert_none(&format!("{} has every metric", source.path), &missing);
    }
}

#[test]
fn operators_files_can_be_read_by_programs() {
    let mut findings = Vec::new();
    for file in deployed() {
        if file.path.ends_with(".json") {
            let read = serde_json::from_str::<serde_json::Value>(&file.text);
            findings.extend(read.err().map(|error| format!("{}: {error}", file.path)));
        } else if let Some(line) = file.text.lines().position(|line| line.contains('\t')) {
            findings.push(format!("{}: YAML has no tabs", file.at(line + 1)));
        }
    }
    assert_none("JSON parses, and YAML is indented with spaces", &findings);
}
