//! What is kept of a record beside its value, for the stages that ask for it. It travels with the ticket.

use std::sync::Arc;

use crate::graph::Keep;
use crate::types::{Meta, Position, Record};

/// What is to be kept of a record of Kafka.
#[inline]
pub(super) fn of_record(record: &Record<'_>, kept: Keep) -> Option<Arc<Meta>> {
    (kept > Keep::Nothing).then(|| Arc::new(copy(record, kept)))
}

/// What is to be kept of a value that has nothing but a place.
pub(super) fn of_position(kept: Keep, position: impl FnOnce() -> Position) -> Option<Arc<Meta>> {
    (kept > Keep::Nothing).then(|| {
        Arc::new(Meta {
            position: position(),
            key: None,
            headers: Vec::new(),
            timestamp: None,
        })
    })
}

/// One stage over `Tracked<T>` may ask for all there is; one that goes by the key asks only for that.
fn copy(record: &Record<'_>, kept: Keep) -> Meta {
    let (headers, timestamp) = match kept {
        Keep::Meta => {
            let own =
                |(name, value): (&str, Option<&[u8]>)| (name.to_owned(), value.map(Box::from));
            (record.headers().map(own).collect(), record.timestamp())
        }
        Keep::Nothing | Keep::Key => (Vec::new(), None),
    };
    Meta {
        position: record.position(),
        key: record.key().map(Box::from),
        headers,
        timestamp,
    }
}
