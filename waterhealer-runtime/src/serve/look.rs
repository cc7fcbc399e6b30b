//! One look at the partitions: the figures of each, and what blocks it, put together. How that is written is for `state` and
//! `collect`.

use std::sync::Arc;
use std::time::Instant;

use super::view::View;
use crate::broker::Assigned;
use crate::flow::Doing;
use crate::observe::Here;

/// How far one partition is.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(super) struct PartitionLook {
    pub(super) topic: String,
    pub(super) partition: i32,
    pub(super) committed: Option<i64>,
    pub(super) position: Option<i64>,
    pub(super) done_above: u64,
    pub(super) in_flight: u64,
    pub(super) fetched: Option<i64>,
    pub(super) end: Option<i64>,
    pub(super) lag: Option<u64>,
    pub(super) paused: bool,
    pub(super) blocking: Option<BlockingLook>,
    /// In which call its lane is at this moment, be it of another partition's record.
    pub(super) lane: Option<CallLook>,
}

/// A call that a lane is in.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(super) struct CallLook {
    pub(super) stage: &'static str,
    pub(super) topic: String,
    pub(super) partition: i32,
    pub(super) offset: i64,
}

/// The record that keeps a partition's offset from moving on.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(super) struct BlockingLook {
    pub(super) offset: i64,
    /// `None` while it waits for its lane, or if the lane does not say.
    pub(super) stage: Option<&'static str>,
    pub(super) doing: Option<Doing>,
    pub(super) attempt: Option<usize>,
    pub(super) age_seconds: f64,
}

impl View {
    /// All partitions, by topic and number.
    pub(super) fn partitions(&self) -> Vec<PartitionLook> {
        let inside = &self.control.inside;
        let (blocking, under_way, now) = (inside.blocking(), inside.under_way(), Instant::now());
        let mut looks: Vec<PartitionLook> = Vec::new();
        let held = self.control.partitions();
        for assigned in &held {
            let figures = &assigned.figures;
            let pending = figures.pending().map(|(offset, since)| {
                let said = blocking.iter().find(|one| {
                    (one.slot, one.epoch, one.offset) == (assigned.slot, assigned.epoch, offset)
                });
                let place = said.and_then(|one| one.place);
                let age = now.saturating_duration_since(since);
                BlockingLook {
                    offset,
                    stage: place.map(|place| self.name(place.node)),
                    doing: place.map(|place| place.doing),
                    attempt: place.map(|place| place.attempts).filter(|times| *times > 0),
                    age_seconds: (age.as_secs_f64() * 1_000.0).round() / 1_000.0,
                }
            });
            looks.push(PartitionLook {
                topic: assigned.topic.to_string(),
                partition: assigned.partition,
                committed: figures.committed(),
                position: figures.position(),
                done_above: figures.finished_above(),
                in_flight: figures.in_flight(),
                fetched: figures.taken_to(),
                end: figures.log_end(),
                lag: assigned.lag(),
                paused: figures.is_paused(),
                blocking: pending,
                lane: under_way
                    .iter()
                    .find(|(lane, _)| *lane == assigned.lane)
                    .and_then(|(_, here)| call(here, &held)),
            });
        }
        looks.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
        looks
    }
}

/// A call, if it is of a record of one of these partitions.
fn call(here: &Here, held: &[Arc<Assigned>]) -> Option<CallLook> {
    let record = here.record();
    let of =
        |one: &&Arc<Assigned>| (one.stream, one.partition) == (record.stream, record.partition);
    Some(CallLook {
        stage: here.stage()?.name,
        topic: held.iter().find(of)?.topic.to_string(),
        partition: record.partition,
        offset: record.offset,
    })
}
