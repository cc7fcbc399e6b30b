//! A graph fed from memory, with no broker and no threads of its own: what the measurements of stages and operators
//! stand on.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::control::Control;
use super::crew::Crew;
use super::lane::Lane;
use super::mailbox::{Mailbox, Notice};
use super::observed::Watched;
use super::pace::Pace;
use super::slots::Slots;
use super::stages::Graph;
use crate::broker::Assigned;
use crate::clock::Clock;
use crate::ledger::Finished;
use crate::types::{NoExtras, Record, RecordParts};

/// A graph and its lane with one partition of each topic, driven by hand.
pub struct Memory<G: Graph> {
    crew: Crew<G>,
    /// One partition of each topic that the graph reads.
    assigned: Vec<Arc<Assigned>>,
    offset: i64,
    pace: Pace,
}

impl<G: Graph> Memory<G> {
    /// The graph over these resources; what waits goes to `pool`.
    pub fn new(resources: G::Resources, pool: Handle) -> Self {
        Self::with_clock(resources, pool, Clock::running())
    }

    /// As [`new`](Memory::new), with a clock that stands still but for [`pass`](Memory::pass).
    pub fn standing(resources: G::Resources, pool: Handle) -> Self {
        Self::with_clock(resources, pool, Clock::still())
    }

    fn with_clock(resources: G::Resources, pool: Handle, clock: Clock) -> Self {
        let mailbox = Mailbox::new();
        let mut slots = Slots::new(1);
        let topics = G::spec().read_topics();
        let assigned: Vec<_> = topics
            .map(|(topic, source)| slots.assign(topic, 0, source))
            .collect();
        for assigned in &assigned {
            mailbox.notify(Notice::Assign(Arc::clone(assigned), Finished::default()));
        }
        let lane = Lane::new(G::spec(), mailbox, Control::new(), pool, None, clock).keeping(1);
        let (_, emissions) = mpsc::channel(1);
        let mut crew = Crew::new(lane, G::new(Arc::new(resources)), emissions);
        crew.attend();
        Memory {
            crew,
            assigned,
            offset: 0,
            pace: Pace::new(),
        }
    }

    /// The same, but that nothing of the stages is counted or timed.
    #[must_use]
    pub fn unwatched(mut self) -> Self {
        self.crew.lane.watched = Watched::nothing();
        self
    }

    /// Takes one record of the first topic through the stages; its offset is the next one.
    #[inline]
    pub fn record(&mut self, value: &[u8]) {
        self.record_of(0, value);
    }

    /// Takes one record through the stages, of the topic with this number among those that the graph reads.
    #[inline]
    pub fn record_of(&mut self, topic: usize, value: &[u8]) {
        let Some(assigned) = self.assigned.get(topic) else {
            return;
        };
        let record = Record::new(RecordParts {
            topic: &assigned.topic,
            stream: assigned.stream,
            partition: assigned.partition,
            offset: self.offset,
            key: None,
            value: Some(value),
            extras: &NoExtras,
        });
        self.offset += 1;
        self.crew.record(assigned, &record);
    }

    /// Looks at the clock when it is time for that, as a lane does between two records.
    #[inline]
    pub fn between(&mut self) {
        if self.pace.step() {
            self.look_at_clock();
        }
    }

    /// Lets operators do what they have waited for, if it is time.
    pub fn look_at_clock(&mut self) {
        let now = self.crew.look_at_clock();
        self.pace.looked(now);
    }

    /// Moves a clock that stands still, and looks at it.
    pub fn pass(&mut self, time: Duration) {
        let clock = &self.crew.lane.clock;
        clock.advance(clock.now() + time);
        self.look_at_clock();
    }

    /// Lets go on what may go on because nothing more comes.
    pub fn drain(&mut self) {
        self.crew.drain();
    }

    /// How far the records of the first topic could be committed.
    pub fn position(&self) -> Option<i64> {
        let first = self.assigned.first()?;
        self.crew.lane.ledger.position(first.slot)
    }
}
