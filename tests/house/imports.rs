//! The order of the rooms, as ARCHITECTURE has it: a file imports only from rooms before its own.

use super::sources::{Source, assert_none, rust_files};

/// The rooms of the runtime, in the order of the flow.
const RUNTIME: &[&[&str]] = &[
    &["sync", "types"],
    &["error"],
    &["guard", "clock"],
    &["ledger"],
    &["done_set"],
    &["carrier", "graph"],
    &["observe", "letter"],
    &["operator"],
    &["broker", "failures", "files", "store", "spans"],
    &["telemetry"],
    &["config"],
    &["flow"],
    &["lifecycle"],
    &["serve"],
    &["runner"],
    // The doors of the crate: what tests, generated code and users see.
    &["testing", "private", "lib"],
];

/// The rooms of the macro crate: from tokens to code. Rules and code generation do not know one another.
const MACROS: &[&[&str]] = &[
    &["symbol", "operator"],
    &["message", "suggest"],
    &["diag"],
    &["parse"],
    &["model"],
    &["check", "expand"],
    &["lib"],
];

#[test]
fn rooms_of_the_runtime_import_from_rooms_before_them() {
    check_order("waterhealer-runtime/src", RUNTIME);
}

#[test]
fn rooms_of_the_macros_import_from_rooms_before_them() {
    check_order("waterhealer-macros/src", MACROS);
}

fn check_order(folder: &str, order: &[&[&str]]) {
    let rank = |room: &str| order.iter().position(|rooms| rooms.contains(&room));
    let mut findings = Vec::new();
    for source in rust_files(folder) {
        let room = room_of(&source, folder);
        if room == "tests" {
            continue;
        }
        let Some(own) = rank(&room) else {
            findings.push(format!(
                "{}: the room `{room}` has no place in the order",
                source.at(1)
            ));
            continue;
        };
        for (line, imported) in imports(&source) {
            let before = rank(&imported).is_some_and(|other| other < own);
            if imported != room && !before {
                findings.push(format!(
                    "{}: `{room}` imports from `{imported}`",
                    source.at(line)
                ));
            }
        }
    }
    assert_none(
        "a file imports only from rooms before its own, as in ARCHITECTURE.md",
        &findings,
    );
}

/// `flow` of `waterhealer-runtime/src/flow/lane.rs`.
fn room_of(source: &Source, folder: &str) -> String {
    let inside = source
        .path
        .trim_start_matches(folder)
        .trim_start_matches('/');
    let room = inside.split('/').next().unwrap_or_default();
    room.trim_end_matches(".rs").to_owned()
}

/// The rooms named after `crate::`, wherever that stands.
fn imports(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (line, code) in source.code() {
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let room = &rest[..end.unwrap_or(rest.len())];
            // `$crate::` of a macro, and `crate::Done` of the crate's own surface, are not rooms.
            if !code[..at].ends_with('$') && !room.starts_with(char::is_uppercase) {
                found.push((line, room.to_owned()));
            }
        }
    }
    found
}
