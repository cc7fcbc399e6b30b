//! Tests over tokens, without a compiler around them: what is reported where, and what is emitted.

mod attributes;
mod detached;
mod expansion;
mod failure;
mod functions;
mod graphs;
mod handling;
mod joins;
mod pages;
mod pairing;
mod parentheses;
mod recovery;
mod resources;
mod sources;
mod states;
mod steps;
mod watchdogs;

use proc_macro2::TokenStream;

use crate::diag::Diagnostics;
use crate::{check, message, model, parse};

/// What is reported for the contents of a module: codes, with the source text above each caret.
fn findings(contents: &str) -> Vec<(String, String)> {
    findings_of("group = \"billing\"", contents)
}

/// As `findings`, with options for the pipeline.
fn findings_of(options: &str, contents: &str) -> Vec<(String, String)> {
    let found = messages(options, &format!("mod billing {{ {contents} }}"));
    for (code, _, text) in &found {
        assert_eq!(
            unfilled(text),
            None,
            "{code} leaves a word in braces: {text}"
        );
        let known = message::every().any(|message| message.code == *code);
        assert!(known, "{code} is not in the catalogue");
    }
    found
        .into_iter()
        .map(|(code, caret, _)| (code.to_owned(), caret))
        .collect()
}

fn messages(options: &str, item: &str) -> Vec<(&'static str, String, String)> {
    let diag = Diagnostics::new();
    let options = parse::pipeline::parse_pipeline_options(tokens(options), &diag);
    if let Some(module) = parse::module::parse_module(&tokens(item), &diag) {
        check::check_pipeline(&model::lower_pipeline(&module, &options), &diag);
    }
    diag.findings()
}

fn tokens(source: &str) -> TokenStream {
    source
        .parse()
        .expect("the test's source has balanced brackets")
}

/// A `{word}` of a message that nothing was put into.
fn unfilled(text: &str) -> Option<&str> {
    let start = text.find('{')?;
    let end = start + text[start..].find('}')?;
    let word = &text[start + 1..end];
    word.bytes()
        .all(|byte| byte.is_ascii_lowercase())
        .then_some(word)
        .filter(|word| !word.is_empty())
}

/// Asserts that each program gives exactly these findings, each a code and the text above its caret.
fn assert_findings(cases: &[(&str, &[(&str, &str)])]) {
    for (contents, expected) in cases {
        let found = findings(contents);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(code, caret)| (code.as_str(), caret.as_str()))
            .collect();
        assert_eq!(found, *expected, "in: {contents}");
    }
}

/// A source and a sink around the node under test, which is called `price`.
fn between(node: &str) -> String {
    format!("{SOURCE} {node} {STORE}")
}

/// A map called `price` with this signature after its name, and a body that uses anything or nothing.
fn map(signature: &str) -> String {
    between(&format!(
        "#[map(from = order)] fn price{signature} {{ todo!() }}"
    ))
}

const SOURCE: &str =
    "#[source(topic = \"orders\")] fn order(record: &Record<'_>) -> Order { todo() }";
const STORE: &str = "#[sink(from = price)] fn store(priced: Priced) {}";
