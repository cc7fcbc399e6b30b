//! The headers of a dead letter that goes back: without what was said of its failure, with where it comes from.

use super::{CONNECT, Header, OURS, SPRING, STREAMS};
use crate::types::Position;

/// The headers without any that says why the record failed, or that it went back before.
pub(crate) fn stripped(headers: &[Header]) -> Vec<Header> {
    let about_failure = |name: &str| {
        [OURS, CONNECT, SPRING, STREAMS]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    };
    let mut kept = headers.to_vec();
    kept.retain(|(name, _)| !about_failure(name));
    kept
}

/// The headers that say from which dead letter a record has come back; numbers as text.
pub(crate) fn replayed(from: &Position) -> [Header; 3] {
    let header = |name: &str, value: String| {
        (
            format!("{OURS}replayed.from.{name}"),
            Some(value.into_bytes()),
        )
    };
    [
        header("topic", from.topic.to_string()),
        header("partition", from.partition.to_string()),
        header("offset", from.offset.to_string()),
    ]
}
