//! What is kept of a record beside its value, for the stages that ask for it. It travels with the ticket.

use std::sync::Arc;

use crate::graph::Keeps;
use crate::types::{EmitId, Meta, Position, Record, Stream};

/// What is to be kept of a record of Kafka.
#[inline]
pub(super) fn of_record(record: &Record<'_>, keeps: Keeps) -> Option<Arc<Meta>> {
    (keeps > Keeps::Nothing).then(|| Arc::new(copy(record, keeps)))
}

/// All of a record, to be lent to its source again: what its ticket carries, where that is all of it.
pub(super) fn whole(record: &Record<'_>, keeps: Keeps, carried: Option<&Arc<Meta>>) -> Arc<Meta> {
    match carried.filter(|_| keeps == Keeps::Record) {
        Some(carried) => Arc::clone(carried),
        None => Arc::new(copy(record, Keeps::Record)),
    }
}

/// What is to be kept of a value that has nothing but a place.
pub(super) fn of_position(
    keeps: Keeps,
    place: impl FnOnce() -> (Position, Stream),
) -> Option<Arc<Meta>> {
    (keeps > Keeps::Nothing).then(|| {
        let (position, stream) = place();
        Arc::new(Meta {
            emit_id: EmitId::of(stream, position.partition, position.offset),
            position,
            key: None,
            headers: Vec::new(),
            timestamp: None,
            value: None,
        })
    })
}

/// A stage over `Tracked<T>` may ask for all but the value, a dead letter is all of it; one that goes by the key asks only
/// for that.
fn copy(record: &Record<'_>, keeps: Keeps) -> Meta {
    let (headers, timestamp) = match keeps {
        Keeps::Meta | Keeps::Record => {
            let own =
                |(name, value): (&str, Option<&[u8]>)| (name.to_owned(), value.map(Box::from));
            (record.headers().map(own).collect(), record.timestamp())
        }
        Keeps::Nothing | Keeps::Key => (Vec::new(), None),
    };
    Meta {
        position: record.position(),
        emit_id: record.emit_id(),
        key: record.key().map(Box::from),
        headers,
        timestamp,
        value: (keeps == Keeps::Record)
            .then(|| record.value().map(Box::from))
            .flatten(),
    }
}
