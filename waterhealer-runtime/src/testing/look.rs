//! What a test sees of a pipeline that it drives: what is held, unfinished, failed and produced; and the broker's answers.

use std::fmt;

use super::drive::{Drive, listed};
use super::produced::Produced;
use crate::flow::{Failed, Graph, Held};
use crate::types::Position;

/// What has become of it.
impl<G: Graph> Drive<G> {
    /// The pipeline's resources.
    pub fn resources(&self) -> &G::Resources {
        self.inner.resources()
    }

    /// What operators hold, in the order of the graph; those that hold nothing are left out.
    pub fn held(&self) -> Vec<Held> {
        self.inner.held()
    }

    /// The records that were taken in and are not finished, wherever they are: each holds its partition's position back.
    pub fn unfinished(&self) -> Vec<Position> {
        self.inner.unfinished()
    }

    /// Records and values that wait to be taken in: while a stage is full, the pipeline is paused, or it has halted.
    pub fn queued(&self) -> usize {
        self.inner.queued()
    }

    /// Every failure so far, skipped ones too.
    pub fn failures(&self) -> &[Failed] {
        self.inner.failures()
    }

    /// The failure that has halted the pipeline.
    pub fn halted(&self) -> Option<&Failed> {
        self.failures().iter().find(|failed| !failed.skipped)
    }

    /// What Kafka sinks have produced to a topic, in order. A message is acknowledged at once unless
    /// [`acknowledge_by_hand`](Drive::acknowledge_by_hand) is asked for.
    #[track_caller]
    pub fn produced(&self, topic: &str) -> Vec<Produced> {
        let written: Vec<_> = G::spec().written_topics().collect();
        assert!(
            written.contains(&topic),
            "`{}` does not write the topic `{topic}`: {}",
            G::spec().name,
            listed("it writes", &written)
        );
        let messages = self.inner.produced(topic).into_iter();
        messages.map(Produced::new).collect()
    }

    /// The records that have failed and have gone to a dead-letter topic, in order, each as a message there: key, value,
    /// timestamp and headers. Without a topic named, it is `<topic>.<group>.dlq`; without a group in the attribute, the
    /// pipeline's name stands for it.
    #[track_caller]
    pub fn dead_letters(&self, topic: &str) -> Vec<Produced> {
        let mut letters = self.inner.dead_letters();
        let Some(at) = letters.iter().position(|(to, _)| to == topic) else {
            let topics: Vec<_> = letters.iter().map(|(topic, _)| topic.as_str()).collect();
            panic!(
                "`{}` sends no dead letters to `{topic}`: {}",
                G::spec().name,
                listed("it sends them to", &topics)
            );
        };
        let (_, letters) = letters.swap_remove(at);
        letters.into_iter().map(Produced::new).collect()
    }

    /// From now on messages to Kafka wait until [`acknowledge`](Drive::acknowledge) or [`refuse`](Drive::refuse).
    pub fn acknowledge_by_hand(&mut self) {
        self.inner.acknowledge_by_hand();
    }

    /// The messages that wait for an acknowledgement, oldest first, with their topics.
    pub fn unacknowledged(&self) -> Vec<(String, Produced)> {
        let waiting = self.inner.unacknowledged().into_iter();
        waiting
            .map(|(topic, parts)| (topic, Produced::new(parts)))
            .collect()
    }

    /// Acknowledges one of the [`unacknowledged`](Drive::unacknowledged) messages, by its place there: 0 is the oldest.
    #[track_caller]
    pub fn acknowledge(&mut self, place: usize) {
        self.answer_message(place, None);
    }

    /// Refuses one of the [`unacknowledged`](Drive::unacknowledged) messages, as a broker that does not take it.
    #[track_caller]
    pub fn refuse(&mut self, place: usize, why: &str) {
        self.answer_message(place, Some(why));
    }

    #[track_caller]
    fn answer_message(&mut self, place: usize, refuse: Option<&str>) {
        let outcome = self.inner.acknowledge(place, refuse);
        if !self.check(outcome) {
            let waiting = self.inner.unacknowledged().len();
            panic!(
                "there is no message {place} to acknowledge: {waiting} wait. Without `acknowledge_by_hand` none does"
            );
        }
    }
}

impl<G: Graph> fmt::Debug for Drive<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drive")
            .field("pipeline", &G::spec().name)
            .field("now", &self.now())
            .field("unfinished", &self.unfinished())
            .field("held", &self.held())
            .field("calls", &self.calls())
            .field("queued", &self.queued())
            .field("failures", &self.failures())
            .finish_non_exhaustive()
    }
}
