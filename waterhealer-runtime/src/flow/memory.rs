//! A graph fed from memory, with no broker and no threads of its own: what the measurement of the stages stands on.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::control::Control;
use super::crew::Crew;
use super::lane::Lane;
use super::mailbox::{Mailbox, Notice};
use super::slots::Slots;
use super::stages::Graph;
use crate::broker::Assigned;
use crate::clock::Clock;
use crate::types::{NoExtras, Record, RecordParts};

/// A graph and its lane with one partition, driven by hand.
pub struct Memory<G: Graph> {
    crew: Crew<G>,
    assigned: Arc<Assigned>,
    offset: i64,
}

impl<G: Graph> Memory<G> {
    /// The graph over these resources; what waits goes to `pool`.
    pub fn new(resources: G::Resources, pool: Handle) -> Self {
        let mailbox = Mailbox::new();
        let (topic, source) = G::spec().read_topics().next().unwrap_or(("memory", 0));
        let assigned = Slots::new().assign(topic, 0, source);
        mailbox.notify(Notice::Assign(Arc::clone(&assigned)));
        let lane = Lane::new(
            G::spec(),
            mailbox,
            Control::new(),
            pool,
            None,
            Clock::running(),
        );
        let (_, emissions) = mpsc::channel(1);
        let mut crew = Crew::new(lane, G::new(Arc::new(resources)), emissions);
        crew.attend();
        Memory {
            crew,
            assigned,
            offset: 0,
        }
    }

    /// Takes one record through the stages; its offset is the next one.
    #[inline]
    pub fn record(&mut self, value: &[u8]) {
        let record = Record::new(RecordParts {
            topic: &self.assigned.topic,
            partition: self.assigned.partition,
            offset: self.offset,
            key: None,
            value: Some(value),
            extras: &NoExtras,
        });
        self.offset += 1;
        self.crew.record(&self.assigned, &record);
    }

    /// How far the records could be committed.
    pub fn position(&self) -> Option<i64> {
        self.crew.lane.ledger.position(self.assigned.slot)
    }
}
