//! What a sink that buffers has answered for and not written yet: held until a flush that began afterwards has succeeded. A
//! flush is a call like others, for all of that together.

use super::lane::Lane;
use super::search::{Doing, Search};
use super::turns::{Pass, Turns};
use crate::error::Failure;
use crate::graph::Spec;
use crate::ledger::Ticket;

/// The flushes of one sink.
pub struct Flush {
    node: usize,
    /// What no flush that has begun answers for.
    held: Vec<Ticket>,
    turns: Turns<()>,
}

impl Flush {
    /// The flushes of the sink with this number: one at a time, made again as its calls are.
    pub fn new(spec: &Spec, node: usize) -> Self {
        Flush {
            node,
            held: Vec::new(),
            turns: Turns::one_by_one(spec, node),
        }
    }

    /// Holds what the sink has answered for.
    #[inline]
    pub fn hold(&mut self, ticket: Ticket) {
        self.held.push(ticket);
    }

    /// The next flush, if there is something to flush and none is under way: one ticket for all that is held.
    pub fn begin<C>(&mut self, lane: &mut Lane<C>) -> Option<(Ticket, Pass)> {
        if self.held.is_empty() || self.turns.are_taken() || lane.is_halted() {
            return None;
        }
        let ticket = lane.ledger.join(std::mem::take(&mut self.held));
        let ((), ticket, pass) = self.turns.admit(lane, (), ticket)?;
        let ticket = self.turns.keep(lane, pass, &(), ticket)?;
        Some((ticket, pass))
    }

    /// A flush that is to be made again, once it is time.
    pub fn next<C>(&mut self, lane: &mut Lane<C>) -> Option<(Ticket, Pass)> {
        let ((), ticket, pass) = self.turns.next(lane)?;
        let ticket = self.turns.keep(lane, pass, &(), ticket)?;
        Some((ticket, pass))
    }

    /// Hears how a flush went: what it was for is finished, made again, or fails as the sink does.
    pub fn hear<C>(
        &mut self,
        lane: &mut Lane<C>,
        pass: Pass,
        outcome: Result<(), Failure>,
        ticket: Ticket,
    ) {
        match self.turns.hear(lane, pass, None, outcome, ticket) {
            None => {}
            Some((Ok(()), ticket)) => lane.settle(ticket),
            Some((Err(failure), ticket)) => lane.failed(self.node, ticket, failure),
        }
    }

    /// Lets a flush that waits to be made again go, as far as it is for partitions that are given up.
    pub fn forget<C>(&mut self, lane: &mut Lane<C>) {
        self.turns.forget(lane);
    }

    /// Shows what is held, and the flush that waits or is under way.
    pub fn search(&self, search: &mut Search<'_>) {
        for ticket in &self.held {
            search.found(self.node, 0, Doing::Buffered, ticket);
        }
        self.turns.search_alone(search);
    }

    /// Lets go, unfinished, of what is held: no flush comes any more.
    pub fn abandon<C>(&mut self, lane: &mut Lane<C>) {
        self.turns.abandon(lane);
        for ticket in std::mem::take(&mut self.held) {
            lane.abandon(ticket);
        }
    }
}
