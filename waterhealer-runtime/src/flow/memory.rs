//! A graph fed from memory, with no broker and no threads of its own: what the measurements of the stages stand on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use super::control::Control;
use super::lane::Lane;
use super::mailbox::{Mailbox, Notice};
use super::pace::Pace;
use super::stages::Graph;
use crate::clock::Clock;
use crate::ledger::{Epoch, SlotId};
use crate::types::{NoExtras, Record, RecordParts};

/// One partition whose records are in memory.
const SLOT: SlotId = SlotId(1);

/// A graph and its lane, driven by hand.
pub struct Memory<G: Graph> {
    graph: G,
    lane: Lane<G::Completion>,
    mailbox: Arc<Mailbox<G::Completion>>,
    /// The topics that the graph reads, each with its source.
    topics: Vec<(Arc<str>, usize)>,
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
        let mut lane = Lane::new(
            G::spec(),
            Arc::clone(&mailbox),
            Control::new(),
            pool,
            None,
            clock,
        );
        lane.ledger.open(SLOT, Epoch(1));
        let topics = G::spec().read_topics();
        let topics = topics.map(|(topic, source)| (Arc::from(topic), source));
        Memory {
            graph: G::new(Arc::new(resources)),
            lane,
            mailbox,
            topics: topics.collect(),
            offset: 0,
            pace: Pace::new(),
        }
    }

    /// Takes one record of the first topic through the stages; its offset is the next one.
    #[inline]
    pub fn record(&mut self, value: &[u8]) {
        self.record_of(0, value);
    }

    /// Takes one record through the stages, of the topic with this number among those that the graph reads.
    #[inline]
    pub fn record_of(&mut self, topic: usize, value: &[u8]) {
        let Some((topic, source)) = self.topics.get(topic) else {
            return;
        };
        let record = Record::new(RecordParts {
            topic,
            partition: 0,
            offset: self.offset,
            key: None,
            value: Some(value),
            extras: &NoExtras,
        });
        let ticket = self.lane.ledger.deliver(SLOT, self.offset, None);
        self.offset += 1;
        self.graph.record(&mut self.lane, *source, &record, ticket);
    }

    /// Whether a stage is full, so that answers must come first.
    pub fn is_full(&self) -> bool {
        self.lane.is_held()
    }

    /// Waits for answers of asynchronous stages and goes on with them.
    pub fn answers(&mut self) {
        if self.lane.calls.len() == 0 {
            return;
        }
        self.mailbox.wait(false, None);
        let mut notices = VecDeque::new();
        self.mailbox.take_notices(&mut notices);
        for notice in notices {
            match notice {
                Notice::Completed(call, completion) => {
                    if let Some(call) = self.lane.calls.close(call) {
                        self.graph
                            .completed(&mut self.lane, completion, call.ticket);
                    }
                }
                Notice::Answered(call, outcome) => self.lane.answered(call, outcome),
                _ => {}
            }
        }
    }

    /// How far the records could be committed.
    pub fn position(&self) -> Option<i64> {
        self.lane.ledger.position(SLOT)
    }
}

/// What a lane does between two records, for graphs with operators.
impl<G: Graph> Memory<G> {
    /// Lets go of what waits for a partner that comes no more, and looks at the clock when it is time for that.
    #[inline]
    pub fn between(&mut self) {
        self.release();
        if self.pace.step() {
            self.look_at_clock();
        }
    }

    /// Lets operators do what they have waited for, if it is time.
    pub fn look_at_clock(&mut self) {
        let now = self.lane.clock.now();
        self.pace.looked(now);
        if self.lane.effects.wake.is_some_and(|wake| wake <= now) {
            self.lane.effects.wake = None;
            self.graph.due(&mut self.lane);
            self.release();
        }
    }

    /// Moves a clock that stands still, and looks at it.
    pub fn pass(&mut self, time: Duration) {
        self.lane.clock.advance(self.lane.clock.now() + time);
        self.look_at_clock();
    }

    /// Lets go on what may go on because nothing more comes.
    pub fn drain(&mut self) {
        self.graph.drain(&mut self.lane);
        self.release();
    }

    #[inline]
    fn release(&mut self) {
        while self.lane.ledger.has_lonely() {
            for kin in self.lane.ledger.take_lonely() {
                self.graph.release(&mut self.lane, kin);
            }
        }
    }
}
