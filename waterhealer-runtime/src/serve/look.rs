//! One look at the partitions: the figures of each, and what blocks it, put together. How that is written is for `state` and
//! `collect`.

use std::time::Instant;

use super::view::View;
use crate::flow::Doing;
use crate::observe::Named;

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
        for assigned in self.control.partitions() {
            let figures = &assigned.figures;
            let pending = figures.pending().map(|(offset, since)| {
                let said = blocking.iter().find(|one| {
                    (one.slot, one.epoch, one.offset) == (assigned.slot, assigned.epoch, offset)
                });
                let place = said.and_then(|one| one.place);
                // A lane that is in a call does not answer; where it is can be seen all the same.
                let record = Named {
                    stream: assigned.stream,
                    partition: assigned.partition,
                    offset,
                };
                let call = under_way.iter().find(|here| here.record() == record);
                let stuck = call.and_then(|here| here.stage());
                let age = now.saturating_duration_since(since);
                BlockingLook {
                    offset,
                    stage: place
                        .map(|place| self.name(place.node))
                        .or(stuck.map(|stage| stage.name)),
                    doing: place
                        .map(|place| place.doing)
                        .or(stuck.map(|_| Doing::Working)),
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
            });
        }
        looks.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
        looks
    }
}
