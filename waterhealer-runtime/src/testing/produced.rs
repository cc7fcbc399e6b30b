//! A message that a driven pipeline has produced: read by a test.

use std::str::Utf8Error;

use serde::de::DeserializeOwned;

use crate::types::MessageParts;

/// A message that a Kafka sink has produced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Produced(MessageParts);

impl Produced {
    pub(super) fn new(parts: MessageParts) -> Self {
        Produced(parts)
    }

    /// The value's bytes; `None` for a tombstone.
    pub fn value(&self) -> Option<&[u8]> {
        self.0.value.as_deref()
    }

    /// The key's bytes; `None` when it has no key.
    pub fn key(&self) -> Option<&[u8]> {
        self.0.key.as_deref()
    }

    /// The headers, in the order written; one without a value has an empty one.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let headers = self.0.headers.iter();
        headers.map(|(name, value)| (name.as_str(), value.as_deref().unwrap_or_default()))
    }

    /// The value of the last header of this name; `None` when there is none or it has no value.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let mut headers = self.0.headers.iter().rev();
        let (_, value) = headers.find(|(key, _)| key == name)?;
        value.as_deref()
    }

    /// The partition that the sink has chosen; `None` when it follows from the key.
    pub fn partition(&self) -> Option<i32> {
        self.0.partition
    }

    /// The timestamp that the sink has set, in milliseconds since the Unix epoch.
    pub fn timestamp(&self) -> Option<i64> {
        self.0.timestamp
    }

    /// The value as text; a tombstone reads as the empty text.
    ///
    /// # Errors
    /// When the value is not UTF-8.
    pub fn text(&self) -> Result<&str, Utf8Error> {
        std::str::from_utf8(self.value().unwrap_or_default())
    }

    /// The value decoded from JSON; a tombstone reads as `null`.
    ///
    /// # Errors
    /// When the value is not JSON or does not fit `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(self.value().unwrap_or(b"null"))
    }
}
