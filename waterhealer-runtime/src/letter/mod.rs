//! A dead letter: what is said of a record that has failed, in the headers of the three styles that there are tools for.
//! Pure: when one is written is `flow`'s, reading a topic of them is `broker`'s.

mod cursor;
mod read;
mod strip;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use cursor::Cursor;
pub(crate) use strip::{replayed, stripped};

use std::time::SystemTime;

use crate::types::{EmitId, Position};

/// A header: its name and its value.
pub(crate) type Header = (String, Option<Vec<u8>>);

/// What is said of a record that has failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter<'a> {
    pub(crate) position: &'a Position,
    pub(crate) emit_id: EmitId,
    /// Milliseconds since the Unix epoch.
    pub(crate) timestamp: Option<i64>,
    pub(crate) pipeline: &'a str,
    pub(crate) group: &'a str,
    pub(crate) stage: &'a str,
    /// The error's type.
    pub(crate) class: &'a str,
    /// The error, with its causes.
    pub(crate) message: &'a str,
    /// How often the stage was called for it.
    pub(crate) attempts: usize,
    pub(crate) failed_at: SystemTime,
}

/// What the headers of a dead letter say; what they do not say, or not in a form that can be read, is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Said {
    pub(crate) emit_id: Option<String>,
    pub(crate) topic: Option<String>,
    pub(crate) partition: Option<i32>,
    pub(crate) offset: Option<i64>,
    pub(crate) pipeline: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) stage: Option<String>,
    pub(crate) class: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) failed_at: Option<String>,
}

/// Our own headers, in every style.
const OURS: &str = "waterhealer.";
const CONNECT: &str = "__connect.errors.";
const SPRING: &str = "kafka_dlt-";
const STREAMS: &str = "__streams.errors.";
