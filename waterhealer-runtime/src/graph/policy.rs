//! What a failure of a stage means for the pipeline, as the macro writes it. Doing it is `flow`'s.

use std::borrow::Cow;

/// What a failure of a stage means for the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    /// Nothing past the record is committed and the process ends non-zero.
    Halt,
    /// The record counts as finished; the error is logged and counted.
    Skip,
    /// The record is written to another topic as it was read, and counts as finished once the broker has it.
    DeadLetter(DeadLetter),
}

/// Where records go that have failed, and how they look there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadLetter {
    /// The topic; without one, `<topic>.<group>.dlq`.
    pub topic: Option<&'static str>,
    /// Whose headers say why.
    pub style: Style,
}

/// When so many calls of a stage fail that it is no longer about single records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker {
    /// So many failures one right after another.
    pub consecutive: Option<u64>,
    /// So many among its last calls.
    pub share: Option<Share>,
    /// The stage takes batches, and each row counts as a call.
    pub rows: bool,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// From 1 to 100.
    pub percent: u64,
    /// Of the last so many.
    pub of: u64,
}

/// Whose headers a dead letter has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Kafka Connect's, `__connect.errors.*`.
    Connect,
    /// Spring Kafka's, `kafka_dlt-*`.
    Spring,
    /// Kafka Streams', `__streams.errors.*`.
    Streams,
}

impl DeadLetter {
    /// The topic for records of this one.
    pub(crate) fn topic_of(&self, source: &str, group: &str) -> Cow<'static, str> {
        match self.topic {
            Some(topic) => Cow::Borrowed(topic),
            None => Cow::Owned(format!("{source}.{group}.dlq")),
        }
    }
}

/// What is kept of each record for as long as it is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Keeps {
    /// Nothing beside what the stages make of it.
    Nothing,
    /// Its position, key, headers and timestamp.
    Meta,
    /// All of it, to write it again as it was.
    Record,
}
