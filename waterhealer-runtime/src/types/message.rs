//! A message to be produced to Kafka by a sink: value, key, headers, partition, timestamp. Sending it is `broker`'s.

use serde::Serialize;

/// What a Kafka sink answers: the message to produce.
///
/// ```
/// # use waterhealer_runtime::KafkaMessage;
/// let message = KafkaMessage::json(&serde_json::json!({"id": 7})).key("7").header("source", "orders");
/// ```
#[derive(Debug)]
#[must_use = "a message that the sink does not return is not produced"]
pub struct KafkaMessage {
    parts: Result<MessageParts, serde_json::Error>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MessageParts {
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) headers: Vec<(String, Option<Vec<u8>>)>,
    pub(crate) partition: Option<i32>,
    pub(crate) timestamp: Option<i64>,
}

impl MessageParts {
    /// The bytes of value and key.
    pub(crate) fn bytes(&self) -> usize {
        let parts = [&self.value, &self.key];
        parts.into_iter().flatten().map(Vec::len).sum()
    }
}

impl KafkaMessage {
    /// A message with these bytes as its value.
    pub fn new(value: impl Into<Vec<u8>>) -> Self {
        KafkaMessage {
            parts: Ok(MessageParts {
                value: Some(value.into()),
                ..MessageParts::default()
            }),
        }
    }

    /// A message whose value is `value` as JSON. A value that cannot be written fails the record, not the program.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        KafkaMessage {
            parts: serde_json::to_vec(value).map(|value| MessageParts {
                value: Some(value),
                ..MessageParts::default()
            }),
        }
    }

    /// A message without a value: on a compacted topic it deletes its key.
    pub fn tombstone() -> Self {
        KafkaMessage {
            parts: Ok(MessageParts::default()),
        }
    }

    /// The key, from which the partition follows unless one is given: text, bytes, or a number as its decimal digits.
    pub fn key(self, key: impl AsKey) -> Self {
        self.with(|parts| parts.key = Some(key.into_key()))
    }

    /// One more header.
    pub fn header(self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.with(|parts| parts.headers.push((name.into(), Some(value.into()))))
    }

    /// The partition to write to, in place of the one that follows from the key.
    pub fn partition(self, partition: i32) -> Self {
        self.with(|parts| parts.partition = Some(partition))
    }

    /// The timestamp in milliseconds since the Unix epoch, in place of the time of sending.
    pub fn timestamp(self, millis: i64) -> Self {
        self.with(|parts| parts.timestamp = Some(millis))
    }

    fn with(mut self, change: impl FnOnce(&mut MessageParts)) -> Self {
        if let Ok(parts) = &mut self.parts {
            change(parts);
        }
        self
    }

    pub(crate) fn into_parts(self) -> Result<MessageParts, serde_json::Error> {
        self.parts
    }
}

/// What can be the key of a message.
pub trait AsKey {
    /// The key's bytes.
    fn into_key(self) -> Vec<u8>;
}

impl AsKey for Vec<u8> {
    fn into_key(self) -> Vec<u8> {
        self
    }
}

impl AsKey for &[u8] {
    fn into_key(self) -> Vec<u8> {
        self.to_vec()
    }
}

impl AsKey for String {
    fn into_key(self) -> Vec<u8> {
        self.into_bytes()
    }
}

impl AsKey for &String {
    fn into_key(self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

impl AsKey for &str {
    fn into_key(self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

macro_rules! number_keys {
    ($($number:ty)*) => {$(
        impl AsKey for $number {
            fn into_key(self) -> Vec<u8> {
                self.to_string().into_bytes()
            }
        }
    )*};
}

number_keys!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keys_as_its_digits() {
        let parts = KafkaMessage::new("x").key(-7_i64).into_parts().unwrap();
        assert_eq!(parts.key.as_deref(), Some(&b"-7"[..]));
    }

    #[test]
    fn a_value_that_json_refuses_is_an_error_of_the_message() {
        let map = std::collections::HashMap::from([(vec![1_u8], 1)]);
        assert!(KafkaMessage::json(&map).key("k").into_parts().is_err());
    }
}
