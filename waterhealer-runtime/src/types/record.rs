//! One record as it was read from Kafka, borrowed from the client's memory, and the position that names it.
//! Decoding beyond UTF-8 and JSON is the user's; owning a record's bytes is the stages' business.

use std::fmt;
use std::str::Utf8Error;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::emit_id::{EmitId, Stream};

/// One record of a Kafka topic, lent to a source function for one call.
///
/// ```
/// # use waterhealer_runtime::Record;
/// fn order(record: &Record<'_>) -> Result<u64, serde_json::Error> {
///     record.json()
/// }
/// ```
pub struct Record<'a> {
    parts: RecordParts<'a>,
}

/// The fields of a record; what is rarely read stays behind [`Extras`].
#[derive(Clone, Copy)]
pub(crate) struct RecordParts<'a> {
    pub(crate) topic: &'a Arc<str>,
    /// How emit ids name its topic.
    pub(crate) stream: Stream,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
    pub(crate) key: Option<&'a [u8]>,
    pub(crate) value: Option<&'a [u8]>,
    pub(crate) extras: &'a dyn Extras,
}

/// What costs a call into the client to read.
pub(crate) trait Extras {
    /// Milliseconds since the Unix epoch.
    fn timestamp(&self) -> Option<i64>;
    /// The header at `index`, in the order written.
    fn header(&self, index: usize) -> Option<(&str, Option<&[u8]>)>;
}

/// A record without timestamp and headers.
pub(crate) struct NoExtras;

impl Extras for NoExtras {
    fn timestamp(&self) -> Option<i64> {
        None
    }

    fn header(&self, _index: usize) -> Option<(&str, Option<&[u8]>)> {
        None
    }
}

impl<'a> Record<'a> {
    pub(crate) fn new(parts: RecordParts<'a>) -> Self {
        Record { parts }
    }

    /// The topic's name.
    pub fn topic(&self) -> &str {
        self.parts.topic
    }

    /// The partition's number.
    pub fn partition(&self) -> i32 {
        self.parts.partition
    }

    /// The record's offset in its partition.
    pub fn offset(&self) -> i64 {
        self.parts.offset
    }

    /// Topic, partition and offset together.
    pub fn position(&self) -> Position {
        Position {
            topic: Arc::clone(self.parts.topic),
            partition: self.parts.partition,
            offset: self.parts.offset,
        }
    }

    /// Its emit id: the name of this record, wherever it is spoken of.
    pub fn emit_id(&self) -> EmitId {
        EmitId::of(self.parts.stream, self.parts.partition, self.parts.offset)
    }

    /// The key's bytes; `None` when the record has no key.
    pub fn key(&self) -> Option<&'a [u8]> {
        self.parts.key
    }

    /// The value's bytes; `None` for a tombstone.
    pub fn value(&self) -> Option<&'a [u8]> {
        self.parts.value
    }

    /// Milliseconds since the Unix epoch, as the broker or the producer set it.
    pub fn timestamp(&self) -> Option<i64> {
        self.parts.extras.timestamp()
    }

    /// The headers in the order written.
    pub fn headers(&self) -> Headers<'_> {
        Headers {
            extras: self.parts.extras,
            next: 0,
        }
    }

    /// The value of the last header of this name; `None` when there is none or it has no value.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let mut found = None;
        for (key, value) in self.headers() {
            if key == name {
                found = value;
            }
        }
        found
    }

    /// The value as text; a tombstone reads as the empty text.
    ///
    /// # Errors
    /// When the value is not UTF-8.
    pub fn text(&self) -> Result<&'a str, Utf8Error> {
        std::str::from_utf8(self.parts.value.unwrap_or_default())
    }

    /// The value decoded from JSON; a tombstone reads as `null`, so that `Option<T>` takes it.
    ///
    /// # Errors
    /// When the value is not JSON or does not fit `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(self.parts.value.unwrap_or(b"null"))
    }
}

impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("position", &self.position())
            .field("key", &self.key().map(String::from_utf8_lossy))
            .field("value", &self.value().map(String::from_utf8_lossy))
            .finish()
    }
}

/// The headers of one record, in the order written: name and value.
pub struct Headers<'a> {
    extras: &'a dyn Extras,
    next: usize,
}

impl<'a> Iterator for Headers<'a> {
    type Item = (&'a str, Option<&'a [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        let header = self.extras.header(self.next)?;
        self.next += 1;
        Some(header)
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers").finish_non_exhaustive()
    }
}

/// Where a record stands: topic, partition and offset. A value sent in by hand stands in its source, partition 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The topic's name.
    pub topic: Arc<str>,
    /// The partition's number.
    pub partition: i32,
    /// The offset in the partition.
    pub offset: i64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]@{}", self.topic, self.partition, self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record<'a>(topic: &'a Arc<str>, value: Option<&'a [u8]>) -> Record<'a> {
        Record::new(RecordParts {
            topic,
            stream: Stream::default(),
            partition: 3,
            offset: 42,
            key: None,
            value,
            extras: &NoExtras,
        })
    }

    #[test]
    fn a_tombstone_is_null_and_empty_text() {
        let topic = Arc::from("orders");
        let record = record(&topic, None);
        assert_eq!(record.text().unwrap(), "");
        assert_eq!(record.json::<Option<u64>>().unwrap(), None);
        assert!(record.json::<u64>().is_err());
    }

    #[test]
    fn bytes_that_are_not_utf8_are_an_error_and_stay_readable() {
        let topic = Arc::from("orders");
        let record = record(&topic, Some(&[0xff, 0x00]));
        assert!(record.text().is_err());
        assert_eq!(record.value(), Some(&[0xff, 0x00][..]));
    }

    #[test]
    fn a_position_reads_as_topic_partition_offset() {
        let topic = Arc::from("orders");
        assert_eq!(record(&topic, None).position().to_string(), "orders[3]@42");
    }
}
