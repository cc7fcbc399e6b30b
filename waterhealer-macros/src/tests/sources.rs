//! Sources of files: which options go together, what they take, what they are in the graph and in what is expanded.

use super::expansion::expand;
use super::{STORE, assert_findings, messages};

fn lines(signature: &str) -> String {
    format!("#[source(lines = \"words.txt\")] {signature} {{ x }} {STORE}")
}

fn files(options: &str, signature: &str) -> String {
    format!("#[source(files = {options})] {signature} {{ x }} {STORE}")
}

#[test]
fn a_line_and_a_name_are_taken_as_emitted_values_are() {
    let name = "\"data/*.csv\"";
    let accepted = [
        lines("fn price(line: String) -> Priced"),
        lines("fn price(line: &String) -> Result<Priced, E>"),
        lines("async fn price(mut line: String) -> Result<Priced, E>"),
        lines("fn price(line: Tracked<String>) -> Tracked<Priced>"),
        lines("fn price(line: &Tracked<String>) -> Priced"),
        // An alias may be a `String`: rustc knows.
        lines("fn price(line: Line) -> Priced"),
        files(name, "fn price(path: PathBuf) -> Priced"),
        files(name, "async fn price(path: &std::path::PathBuf) -> Priced"),
        files(name, "fn price(path: Tracked<PathBuf>) -> Tracked<Priced>"),
    ];
    for case in &accepted {
        assert_findings(&[(case, &[])]);
    }
}

#[test]
fn other_types_are_told_where_they_are_written() {
    let name = "\"data/*.csv\"";
    assert_findings(&[
        (
            &lines("fn price(line: &str) -> Priced"),
            &[("WH0025", "&str")],
        ),
        (
            &lines("fn price(line: u64) -> Priced"),
            &[("WH0025", "u64")],
        ),
        (
            &lines("fn price(line: PathBuf) -> Priced"),
            &[("WH0025", "PathBuf")],
        ),
        (
            &lines("fn price(line: &[u8]) -> Priced"),
            &[("WH0025", "&[u8]")],
        ),
        (
            &lines("fn price(record: &Record<'_>) -> Priced"),
            &[("WH0025", "&Record<'_>")],
        ),
        (
            &lines("fn price(lines: Batch<String>) -> Batch<Priced>"),
            &[("WH0112", "Batch<String>")],
        ),
        (&lines("fn price() -> Priced"), &[("WH0024", "price")]),
        (
            &files(name, "fn price(path: String) -> Priced"),
            &[("WH0025", "String")],
        ),
        (
            &files(name, "fn price(path: &Path) -> Priced"),
            &[("WH0025", "&Path")],
        ),
    ]);
    let item = format!("mod x {{ {} }}", lines("fn price(line: &str) -> Priced"));
    let (_, _, text) = &messages("", &item)[0];
    assert!(text.contains("write `fn price(line: String)`"), "{text}");
}

#[test]
fn a_source_reads_one_place_and_files_have_no_properties_of_kafka() {
    let source = |options: &str| {
        format!("#[source({options})] fn price(line: String) -> Priced {{ x }} {STORE}")
    };
    let record = |options: &str| {
        format!("#[source({options})] fn price(record: &Record<'_>) -> Priced {{ x }} {STORE}")
    };
    let properties = "properties(\"fetch.min.bytes\" = \"1\")";
    assert_findings(&[
        (
            &record("topic = \"t\", lines = \"a\""),
            &[("WH0071", "lines")],
        ),
        (
            &record("topics = [\"t\"], files = \"a\""),
            &[("WH0071", "files")],
        ),
        (
            &source("lines = \"a\", files = \"b\""),
            &[("WH0071", "files")],
        ),
        (&source("emit, lines = \"a\""), &[("WH0071", "lines")]),
        (
            &source(&format!("lines = \"a\", {properties}")),
            &[("WH0071", "properties")],
        ),
        (
            &source(&format!("emit, {properties}")),
            &[("WH0071", "properties")],
        ),
        (&source("lines = \"\""), &[("WH0063", "\"\"")]),
        (&source("lines"), &[("WH0063", "lines")]),
        (&source("lines = [\"a\"]"), &[("WH0063", "[\"a\"]")]),
        (
            &source("lines = \"a\", lines = \"b\""),
            &[("WH0062", "lines")],
        ),
    ]);
}

#[test]
fn a_pattern_that_is_none_is_told_with_the_place_in_it() {
    let price = "fn price(path: PathBuf) -> Priced";
    for wrong in [
        "\"data/[ab.csv\"",
        "\"data/**.csv\"",
        "\"***\"",
        "\" \"",
        "5",
    ] {
        assert_findings(&[(&files(wrong, price), &[("WH0063", wrong)])]);
    }
    for right in ["\"data/[ab]?.csv\"", "\"**/*.csv\"", "\"one.csv\""] {
        assert_findings(&[(&files(right, price), &[])]);
    }
    let item = format!("mod x {{ {} }}", files("\"data/[ab.csv\"", price));
    let (_, _, text) = &messages("", &item)[0];
    assert!(text.contains("from its character 6 on"), "{text}");
}

#[test]
fn what_leaks_is_named_by_its_file() {
    let item = "mod x { #[source(lines = \"words.txt\")] fn line(line: String) -> Line { x } \
                #[map(from = line)] fn upper(line: Line) -> Line { x } \
                #[sink(from = line)] fn store(line: Line) {} }";
    let found = messages("", item);
    assert_eq!(found[0].0, "WH0001");
    assert!(
        found[0].2.contains("what is read of `words.txt`"),
        "{}",
        found[0].2
    );
}

#[test]
fn they_are_fed_by_their_number_and_kind() {
    let code = expand(
        "",
        "mod x { #[source(lines = \"words.txt\")] fn line(line: String) -> String { line } \
         #[source(files = \"*.csv\")] fn name(path: PathBuf) -> String { x } \
         #[sink(from = line.union(name))] fn store(text: String) {} }",
    );
    let flat: String = code.split_whitespace().collect();
    for part in [
        "(0,wh::Fed::Line(value))=>{self.line(lane,wh::edge::<_,super::__waterhealer_in_line>(value)",
        "(1,wh::Fed::File(value))=>{self.name(lane,wh::edge::<_,super::__waterhealer_in_name>(value)",
        "kind:wh::NodeKind::LineSource",
        "path:\"words.txt\"",
        "kind:wh::NodeKind::FileSource",
        "path:\"*.csv\"",
    ] {
        assert!(flat.contains(part), "{part} in {code}");
    }
}
