//! `dlq ls`: what is in each dead-letter topic, by stage and error.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::{Desk, Topic, json, said};
use crate::error::Error;

/// What is in one topic.
#[derive(Debug, Serialize)]
struct Listed {
    topic: String,
    letters: u64,
    /// Those that have gone back.
    replayed: u64,
    /// Those of other groups.
    of_others: u64,
    /// When the first and the last record failed.
    oldest: Option<String>,
    newest: Option<String>,
    errors: Vec<Kind>,
}

/// Letters of one stage that failed in one way.
#[derive(Debug, Serialize)]
struct Kind {
    stage: String,
    class: String,
    letters: u64,
    /// What the last of them says.
    last: String,
}

pub(super) fn ls(desk: &Desk, as_json: bool) -> Result<String, Error> {
    let topics = desk.topics.iter();
    let listed = topics.map(|topic| list(desk, topic));
    let listed = listed.collect::<Result<Vec<_>, Error>>()?;
    match as_json {
        true => json(&listed),
        false => Ok(listed.iter().map(print).collect()),
    }
}

fn list(desk: &Desk, topic: &Topic) -> Result<Listed, Error> {
    let mut listed = Listed {
        topic: topic.name.to_string(),
        letters: 0,
        replayed: 0,
        of_others: 0,
        oldest: None,
        newest: None,
        errors: Vec::new(),
    };
    let mut kinds: BTreeMap<(String, String), (u64, String)> = BTreeMap::new();
    for span in &topic.spans {
        let cursor = desk.shelf.replayed(&topic.name, span.partition)?;
        desk.shelf.read(&topic.name, *span, span.low, |found| {
            let said = said(&found);
            listed.letters += 1;
            listed.replayed += u64::from(cursor.has(found.position.offset));
            listed.of_others += u64::from(!desk.is_ours(&said));
            // Times of this form sort as text.
            if let Some(at) = said.failed_at {
                if listed.oldest.as_ref().is_none_or(|oldest| at < *oldest) {
                    listed.oldest = Some(at.clone());
                }
                if listed.newest.as_ref().is_none_or(|newest| at > *newest) {
                    listed.newest = Some(at);
                }
            }
            let unknown = || "?".to_owned();
            let kind = (
                said.stage.unwrap_or_else(unknown),
                said.class.unwrap_or_else(unknown),
            );
            let kind = kinds.entry(kind).or_default();
            kind.0 += 1;
            kind.1 = said.message.unwrap_or_default();
            Ok(true)
        })?;
    }
    listed.errors = kinds
        .into_iter()
        .map(|((stage, class), (letters, last))| Kind {
            stage,
            class,
            letters,
            last,
        })
        .collect();
    Ok(listed)
}

fn print(listed: &Listed) -> String {
    let mut text = format!("{}: {} dead letters", listed.topic, listed.letters);
    if listed.replayed > 0 {
        let _infallible = write!(text, ", {} replayed", listed.replayed);
    }
    if listed.of_others > 0 {
        let _infallible = write!(text, ", {} of other groups", listed.of_others);
    }
    if let (Some(oldest), Some(newest)) = (&listed.oldest, &listed.newest) {
        let _infallible = write!(text, ", {oldest} to {newest}");
    }
    text.push('\n');
    for kind in &listed.errors {
        let Kind {
            stage,
            class,
            letters,
            last,
        } = kind;
        let _infallible = writeln!(text, "  {stage:<16} {letters:>8}  {class}: {last}");
    }
    text
}
