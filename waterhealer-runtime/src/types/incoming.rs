//! A record made up in memory, for tests: what Kafka would give. Driving a pipeline with it is `testing`'s.

use std::sync::Arc;

use super::emit_id::Stream;
use super::message::AsKey;
use super::record::{Extras, Record, RecordParts};

/// A record for a test to push into a pipeline: a topic and a value, and whatever else matters.
///
/// Without more, it is of partition 0, stands at the next offset there, and has no key, headers or timestamp.
///
/// ```
/// # use waterhealer_runtime::testing::Incoming;
/// let record = Incoming::new("orders", "7 apples").partition(1).offset(3).key("ada").header("trace", "x");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a record has to be pushed"]
pub struct Incoming {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    pub(crate) offset: Option<i64>,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    headers: Vec<(String, Vec<u8>)>,
    timestamp: Option<i64>,
}

impl Incoming {
    /// A record of this topic with these bytes as its value.
    pub fn new(topic: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        Incoming {
            value: Some(value.into()),
            ..Incoming::tombstone(topic)
        }
    }

    /// A record without a value.
    pub fn tombstone(topic: impl Into<String>) -> Self {
        Incoming {
            topic: topic.into(),
            partition: 0,
            offset: None,
            key: None,
            value: None,
            headers: Vec::new(),
            timestamp: None,
        }
    }

    /// Its partition, in place of 0.
    pub fn partition(mut self, partition: i32) -> Self {
        self.partition = partition;
        self
    }

    /// Its offset, in place of the next one. Offsets may leave gaps, as those of a compacted topic do.
    pub fn offset(mut self, offset: i64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// Its key: text, bytes, or a number as its decimal digits.
    pub fn key(mut self, key: impl AsKey) -> Self {
        self.key = Some(key.into_key());
        self
    }

    /// One more header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Its timestamp, in milliseconds since the Unix epoch.
    pub fn timestamp(mut self, millis: i64) -> Self {
        self.timestamp = Some(millis);
        self
    }

    /// It as a source is lent it, at this offset.
    pub(crate) fn view<'a>(
        &'a self,
        topic: &'a Arc<str>,
        stream: Stream,
        offset: i64,
    ) -> Record<'a> {
        Record::new(RecordParts {
            topic,
            stream,
            partition: self.partition,
            offset,
            key: self.key.as_deref(),
            value: self.value.as_deref(),
            extras: self,
        })
    }
}

impl Extras for Incoming {
    fn timestamp(&self) -> Option<i64> {
        self.timestamp
    }

    fn header(&self, index: usize) -> Option<(&str, Option<&[u8]>)> {
        let (name, value) = self.headers.get(index)?;
        Some((name, Some(value)))
    }
}
