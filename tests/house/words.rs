//! Words that stand in some places only: what panics, what is unsafe, whose the Kafka client is.

use super::sources::{Source, assert_none, files, rust_files};

/// What ends a program that has to end in order.
const PANICS: &[&str] = &[
    ".unwrap()",
    ".unwrap_err()",
    ".expect(",
    "panic!",
    "todo!",
    "unimplemented!",
    "unreachable!",
    "dbg!",
];

/// What only tests call.
const TESTING: &str = "waterhealer-runtime/src/testing/";

#[test]
fn nothing_panics_in_the_paths_of_the_product() {
    let folders = [
        "waterhealer/src",
        "waterhealer-runtime/src",
        "waterhealer-macros/src",
    ];
    let sources = folders.into_iter().flat_map(rust_files);
    // The driver of tests: to say no is to fail the test.
    let sources = sources.filter(|source| !source.path.starts_with(TESTING));
    let findings = lines_with(sources, |code| {
        PANICS.iter().find(|word| code.contains(**word)).copied()
    });
    assert_none(
        "an error is answered, not thrown: the lane and the user's build go on",
        &findings,
    );
}

#[test]
fn the_kafka_client_lives_in_one_room() {
    let allowed = [
        "waterhealer-runtime/src/broker/",
        // Programs that stand for somebody else's.
        "examples/src/",
        "tests/",
        "waterhealer-runtime/tests/",
    ];
    let sources = rust_files(".").into_iter();
    let outside =
        sources.filter(|source| !allowed.iter().any(|folder| source.path.starts_with(folder)));
    let findings = lines_with(outside, |code| names_client(code).then_some("rdkafka"));
    assert_none(
        "only `waterhealer-runtime/src/broker` names the Kafka client",
        &findings,
    );
}

#[test]
fn crates_that_do_not_talk_to_kafka_do_not_depend_on_its_client() {
    let allowed = [
        "Cargo.toml",
        "waterhealer-runtime/Cargo.toml",
        "examples/Cargo.toml",
        "tests/Cargo.toml",
    ];
    let manifests = files(".", "toml")
        .into_iter()
        .filter(|file| file.path.ends_with("Cargo.toml"));
    let outside = manifests.filter(|file| !allowed.contains(&file.path.as_str()));
    let naming = outside.filter(|file| file.text.lines().any(|line| line.starts_with("rdkafka")));
    let findings: Vec<String> = naming.map(|file| file.path).collect();
    assert_none(
        "the Kafka client is a dependency of the runtime, the examples and the tests",
        &findings,
    );
}

#[test]
fn the_dedupe_stores_live_in_one_room() {
    let room = "waterhealer-runtime/src/store/";
    let sources = rust_files("waterhealer-runtime/src").into_iter();
    let outside = sources.filter(|source| !source.path.starts_with(room));
    let clients = ["redis::", "redb::"];
    let findings = lines_with(outside, |code| {
        clients.into_iter().find(|client| code.contains(client))
    });
    assert_none(&format!("only `{room}` names Redis and redb"), &findings);
}

#[test]
fn opentelemetry_lives_in_one_room() {
    let room = "waterhealer-runtime/src/spans/";
    let sources = rust_files("waterhealer-runtime/src").into_iter();
    let outside = sources.filter(|source| !source.path.starts_with(room));
    let findings = lines_with(outside, |code| {
        code.contains("opentelemetry").then_some("opentelemetry")
    });
    assert_none(&format!("only `{room}` names OpenTelemetry"), &findings);
}

#[test]
fn what_keeps_failures_elsewhere_lives_in_one_room() {
    let room = "waterhealer-runtime/src/failures/";
    let sources = rust_files("waterhealer-runtime/src").into_iter();
    let outside = sources.filter(|source| !source.path.starts_with(room));
    let clients = ["object_store::", "reqwest::"];
    let findings = lines_with(outside, |code| {
        clients.into_iter().find(|client| code.contains(client))
    });
    assert_none(
        &format!("only `{room}` names object stores and HTTP clients"),
        &findings,
    );
}

#[test]
fn unsafe_code_is_in_one_room() {
    let room = "waterhealer-runtime/src/broker/native/";
    // And programs that forge a lifetime, to show what then happens.
    let allowed = [
        "tests/ui/accepted/bodies/forged_lifetime.rs",
        "tests/ui/accepted/batch/forged_lifetime.rs",
    ];
    let starts = [
        "unsafe {",
        "unsafe fn ",
        "unsafe impl ",
        "unsafe extern ",
        "unsafe trait ",
        "unsafe(",
    ];
    let mut found = Vec::new();
    for source in rust_files(".") {
        let refused = source.path.starts_with("tests/ui/refused/");
        let native = source.path.starts_with(room);
        if refused || native || allowed.contains(&source.path.as_str()) {
            continue;
        }
        // In tests, too.
        for (line, code) in source.lines() {
            if starts.iter().any(|start| code.contains(start)) {
                found.push(source.at(line));
            }
        }
    }
    assert_none(
        &format!("`unsafe` is in `{room}` alone, each with its argument"),
        &found,
    );
}

#[test]
fn the_checker_of_chaos_knows_nothing_of_what_it_checks() {
    let findings = lines_with(rust_files("tests/chaos").into_iter(), |code| {
        code.contains("waterhealer").then_some("waterhealer")
    });
    assert_none(
        "who judges the crates has nothing from them: its own client, its own reading of what was written",
        &findings,
    );
}

/// `file:line` of each line of code in which `find` finds a word.
fn lines_with<'w>(
    sources: impl Iterator<Item = Source>,
    find: impl Fn(&str) -> Option<&'w str>,
) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources {
        for (line, code) in source.code() {
            if let Some(word) = find(&code) {
                findings.push(format!("{}: `{word}`", source.at(line)));
            }
        }
    }
    findings
}

/// Whether a line names the crate `rdkafka`; `librdkafka` is a C library's name.
fn names_client(code: &str) -> bool {
    code.match_indices("rdkafka")
        .any(|(at, _)| !code[..at].ends_with("lib"))
}
