//! `explain`, as a user's program has it, and the guide's pages that it prints: one for each code, each in its form. That a
//! page's programs are refused and accepted for the right reason is shown by the macros' tests and by rustdoc.

use std::process::{Command, Output};

use serde_json::Value;
use waterhealer::guide::rules::ALL;

use super::sources::{assert_none, files};

const PAGES: &str = "waterhealer/src/guide/rules";

/// What fits a terminal beside something else.
const COLUMNS: usize = 100;

#[test]
fn every_code_has_a_page() {
    let without = ALL.iter().filter(|rule| rule.page.is_empty());
    let findings: Vec<String> = without
        .map(|rule| format!("{PAGES}/{}.md: {}", rule.code, rule.headline))
        .collect();
    assert_none(
        "each code of the catalogue has a page, which is listed in mod.rs beside it",
        &findings,
    );
}

#[test]
fn every_page_is_of_a_code() {
    let pages = files(PAGES, "md").into_iter();
    let unknown = pages.filter(|page| !ALL.iter().any(|rule| rule.page == page.text));
    let findings: Vec<String> = unknown.map(|page| page.path).collect();
    assert_none(
        "each page is listed in mod.rs beside it, by a code of the catalogue",
        &findings,
    );
}

#[test]
fn every_page_has_its_four_parts() {
    let mut findings = Vec::new();
    for rule in read(&["explain", "--json"]).as_array().expect("a list") {
        let part = |name: &str| rule[name].as_str().unwrap_or_default();
        let code = part("code");
        for name in ["headline", "about", "refused", "mended"] {
            if part(name).is_empty() {
                findings.push(format!("{code}: no {name}"));
            }
        }
        if !part("mending").starts_with("Mended: ") {
            findings.push(format!("{code}: how it is mended begins with `Mended: `"));
        }
        // What a terminal would show as it is written.
        let prose = format!("{}\n{}", part("about"), part("mending"));
        let marked = prose.contains("](") || prose.contains("**");
        if marked
            || prose
                .lines()
                .any(|line| line.starts_with(['-', '#', '|', '*']))
        {
            findings.push(format!(
                "{code}: a page is plain paragraphs and two programs"
            ));
        }
    }
    assert_none("a page is prose, refused, mending, mended", &findings);
}

#[test]
fn every_rule_reads_well_in_a_terminal() {
    let mut findings = Vec::new();
    for code in ALL.iter().map(|rule| rule.code) {
        let text = said(&["explain", code]);
        assert!(text.starts_with(&format!("{code}: ")), "{text}");
        for line in text.lines() {
            let raw = line.contains('\u{1b}') || line.contains("```");
            if raw || unfilled(line) || line.chars().count() > COLUMNS {
                findings.push(format!("{code}: {line}"));
            }
        }
    }
    assert_none(
        &format!("plain text in {COLUMNS} columns, with no word in braces"),
        &findings,
    );
}

#[test]
fn a_code_is_explained_whatever_else_is_wrong() {
    let text = said(&["explain", "wh7"]);
    for part in [
        "WH0007: ",
        "\nwhy:  ",
        "\nhelp: ",
        "\nRefused:\n",
        "\nMended: ",
        "    #[sink(",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
    assert!(!text.contains("# use"), "hidden lines stay hidden: {text}");
    // No brokers, no topics, and a configuration that does not exist.
    assert_eq!(said(&["--config", "nowhere.toml", "explain", "7"]), text);
    assert_eq!(read(&["explain", "7", "--json"])["code"], "WH0007");
}

#[test]
fn all_codes_are_listed() {
    let text = said(&["explain"]);
    for rule in ALL {
        assert!(text.contains(&format!("{}  ", rule.code)), "{}", rule.code);
    }
}

#[test]
fn an_unknown_code_is_a_matter_of_usage() {
    let output = member(&["explain", "WH0009x"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        error.starts_with("error: there is no rule `WH0009x`") && error.contains("WH0009,"),
        "{error}"
    );
    assert!(output.stdout.is_empty(), "{output:?}");
}

/// Runs a program with a pipeline, as its user would.
fn member(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_member"));
    let command = command.env("MEMBER", "idle").args(arguments);
    command.output().expect("the program `member` is built")
}

/// What it prints when it succeeds.
fn said(arguments: &[&str]) -> String {
    let output = member(arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).expect("it is text")
}

fn read(arguments: &[&str]) -> Value {
    serde_json::from_str(&said(arguments)).expect("it is JSON")
}

/// Whether a `{word}` of the catalogue is left; a program's `{order}` stands in quotes.
fn unfilled(line: &str) -> bool {
    let words = line
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'));
    let mut words = words.map(|(word, _)| word);
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    !line.contains('"') && words.any(is_word)
}
