//! What is kept of a record, for the stages that ask for it, and a whole one as its source is lent it again.

use super::record::{Extras, Record, RecordParts};
use super::{EmitId, Position};

/// What is kept of a record for the stages that ask for it.
#[derive(Debug)]
pub struct Meta {
    pub(crate) position: Position,
    pub(crate) emit_id: EmitId,
    pub(crate) key: Option<Box<[u8]>>,
    pub(crate) headers: Vec<(String, Option<Box<[u8]>>)>,
    pub(crate) timestamp: Option<i64>,
    /// Kept only where the whole record is.
    pub(crate) value: Option<Box<[u8]>>,
}

impl Meta {
    /// The record as its source is lent it, where the whole of it was kept.
    pub fn record(&self) -> Record<'_> {
        Record::new(RecordParts {
            topic: &self.position.topic,
            stream: self.emit_id.stream(),
            partition: self.position.partition,
            offset: self.position.offset,
            key: self.key.as_deref(),
            value: self.value.as_deref(),
            extras: self,
        })
    }
}

impl Extras for Meta {
    fn timestamp(&self) -> Option<i64> {
        self.timestamp
    }

    fn header(&self, index: usize) -> Option<(&str, Option<&[u8]>)> {
        let (name, value) = self.headers.get(index)?;
        Some((name, value.as_deref()))
    }
}
