//! What a test sees of a pipeline that it drives, as data.

use std::time::Duration;

use crate::types::{EmitId, Position};

/// One failure of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failed {
    /// The stage's name.
    pub stage: &'static str,
    /// The record; of several in one value, the first. Of a `#[healed]` function, the first offset it was told.
    pub position: Position,
    /// The record's emit id; `None` of a `#[healed]` function, and where no record is known.
    pub emit_id: Option<EmitId>,
    /// What it answered, with its causes, or how it panicked.
    pub error: String,
    /// Whether the pipeline went on without the record; otherwise it has halted.
    pub skipped: bool,
}

/// What an operator holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Held {
    /// The name of its node, as the graph shows it.
    pub operator: &'static str,
    /// Values held; a batch counts as one.
    pub values: usize,
    /// How long the oldest of them is held, on the test's clock.
    pub since: Duration,
}

/// A call of an asynchronous stage that has not been answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// The stage's name.
    pub stage: &'static str,
    /// The record; of several in one value, the first.
    pub position: Position,
}

/// How a pipeline has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct End {
    /// Records and values that reached their end, skipped and dead-lettered ones included.
    pub finished: u64,
    /// Those that failed at a stage that skips.
    pub skipped: u64,
    /// Records that failed and are in a dead-letter topic.
    pub dead_lettered: u64,
    /// How far each partition was committed, by topic and number; the offset is that of the next record to be read.
    pub committed: Vec<Position>,
    /// The records that were taken in and not finished, by topic, partition and offset. Each holds its partition's commits
    /// back: the next start reads it again, and what comes after it.
    pub unfinished: Vec<Position>,
}
