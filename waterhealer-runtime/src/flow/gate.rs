//! The entrance of an asynchronous stage: so many calls at once, the others wait. How they wait is `operator`'s `Waiting`.

use super::lane::Lane;
use crate::ledger::Ticket;
use crate::operator::{Held, Queue, Ready, Waiting};

/// Lets a bounded number of records into an asynchronous stage.
pub struct Gate<T> {
    /// The stage behind it, for messages; past every node as long as it is not said.
    node: usize,
    places: usize,
    inside: usize,
    waiting: Queue<T>,
}

impl<T> Gate<T> {
    /// A gate with so many places; 1 keeps the order. Values that wait hold the intake of new records.
    pub fn new(concurrency: usize) -> Self {
        Gate {
            node: usize::MAX,
            places: concurrency.max(1),
            inside: 0,
            waiting: Queue::new(Waiting::default()),
        }
    }

    /// The number of the stage behind it: what is said when the `Drop` of a waiting value panics names it.
    #[must_use]
    pub fn before(self, node: usize) -> Self {
        Gate { node, ..self }
    }

    /// How values wait in front of it.
    #[must_use]
    pub fn waiting(self, waiting: Waiting) -> Self {
        Gate {
            waiting: Queue::new(waiting),
            ..self
        }
    }

    /// Takes a place for the record, or keeps the record until one is free.
    #[inline]
    pub fn admit<C>(&mut self, lane: &mut Lane<C>, value: T, ticket: Ticket) -> Ready<T> {
        if self.inside < self.places && self.waiting.is_empty() {
            self.inside += 1;
            return Some((value, ticket));
        }
        lane.at_desk(self.node, |desk| self.waiting.push(value, ticket, desk));
        None
    }

    /// Gives a place back.
    #[inline]
    pub fn leave(&mut self) {
        self.inside = self.inside.saturating_sub(1);
    }

    /// The next waiting record that may enter, its place taken; none any more once the pipeline halts.
    pub fn next<C>(&mut self, lane: &mut Lane<C>) -> Ready<T> {
        while self.inside < self.places && !lane.is_halted() && !self.waiting.is_empty() {
            let (value, ticket) = lane.at_desk(self.node, |desk| self.waiting.pop(desk))?;
            if lane.is_live(&ticket) {
                self.inside += 1;
                return Some((value, ticket));
            }
            // Its partition was revoked while it waited: somebody else reads it again.
            lane.at_desk(self.node, |desk| desk.let_go(value, ticket));
        }
        None
    }

    /// Lets the waiting records go, unfinished.
    pub fn abandon<C>(&mut self, lane: &mut Lane<C>) {
        if !self.waiting.is_empty() {
            lane.at_desk(self.node, |desk| self.waiting.abandon(desk));
        }
    }

    /// What waits in front of it.
    pub fn held(&self) -> Held {
        self.waiting.held()
    }
}
