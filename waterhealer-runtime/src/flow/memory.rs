//! A graph fed from memory, with no broker and no threads of its own: what the measurements of the stages stand on.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::runtime::Handle;

use super::control::Control;
use super::lane::Lane;
use super::mailbox::{Mailbox, Notice};
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
    topic: Arc<str>,
    source: usize,
    offset: i64,
}

impl<G: Graph> Memory<G> {
    /// The graph over these resources; what waits goes to `pool`.
    pub fn new(resources: G::Resources, pool: Handle) -> Self {
        let mailbox = Mailbox::new();
        let mut lane = Lane::new(
            G::spec(),
            Arc::clone(&mailbox),
            Control::new(),
            pool,
            None,
            Clock::running(),
        );
        lane.ledger.open(SLOT, Epoch(1));
        let (topic, source) = G::spec().read_topics().next().unwrap_or(("memory", 0));
        Memory {
            graph: G::new(Arc::new(resources)),
            lane,
            mailbox,
            topic: Arc::from(topic),
            source,
            offset: 0,
        }
    }

    /// Takes one record through the stages; its offset is the next one.
    #[inline]
    pub fn record(&mut self, value: &[u8]) {
        let record = Record::new(RecordParts {
            topic: &self.topic,
            partition: 0,
            offset: self.offset,
            key: None,
            value: Some(value),
            extras: &NoExtras,
        });
        let ticket = self.lane.ledger.deliver(SLOT, self.offset, None);
        self.offset += 1;
        self.graph
            .record(&mut self.lane, self.source, &record, ticket);
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
