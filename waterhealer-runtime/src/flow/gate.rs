//! The entrance of an asynchronous stage: so many calls at once, the others wait in order of arrival.

use std::collections::VecDeque;

use super::lane::Lane;
use crate::ledger::Ticket;

/// Lets a bounded number of records into an asynchronous stage.
pub struct Gate<T> {
    places: usize,
    inside: usize,
    waiting: VecDeque<(T, Ticket)>,
}

impl<T> Gate<T> {
    /// A gate with so many places; 1 keeps the order.
    pub fn new(concurrency: usize) -> Self {
        Gate {
            places: concurrency.max(1),
            inside: 0,
            waiting: VecDeque::new(),
        }
    }

    /// Takes a place for the record, or keeps the record until one is free. While a record waits, the lane takes no
    /// new ones in.
    #[inline]
    pub fn admit<C>(
        &mut self,
        lane: &mut Lane<C>,
        value: T,
        ticket: Ticket,
    ) -> Option<(T, Ticket)> {
        if self.inside < self.places && self.waiting.is_empty() {
            self.inside += 1;
            return Some((value, ticket));
        }
        lane.hold_intake();
        self.waiting.push_back((value, ticket));
        None
    }

    /// Gives a place back.
    #[inline]
    pub fn leave(&mut self) {
        self.inside = self.inside.saturating_sub(1);
    }

    /// The next waiting record that may enter, its place taken; none any more once the pipeline halts.
    pub fn next<C>(&mut self, lane: &mut Lane<C>) -> Option<(T, Ticket)> {
        while self.inside < self.places && !lane.is_halted() {
            let (value, ticket) = self.waiting.pop_front()?;
            lane.release_intake();
            if lane.is_live(&ticket) {
                self.inside += 1;
                return Some((value, ticket));
            }
            // Its partition was revoked while it waited: somebody else reads it again.
            lane.settle(ticket);
        }
        None
    }

    /// Lets the waiting records go, unfinished.
    pub fn abandon<C>(&mut self, lane: &mut Lane<C>) {
        for (_, ticket) in self.waiting.drain(..) {
            lane.release_intake();
            lane.abandon(ticket);
        }
    }
}
