//! The desk at which an operator settles what it is given: the ledger, the clock, and what is to be done once it answers.

use crate::clock::{Clock, Moment};
use crate::error::Failure;
use crate::guard::guard;
use crate::ledger::{Kin, Ledger, Origin, Ticket};

/// What an operator may do with tickets and time.
pub struct Desk<'l> {
    ledger: &'l mut Ledger,
    clock: &'l Clock,
    effects: &'l mut Effects,
}

/// What operators have asked for, to be done by the lane once they have answered.
#[derive(Debug, Default)]
pub struct Effects {
    pub(crate) settled: Vec<Ticket>,
    pub(crate) failed: Vec<(Ticket, Failure)>,
    pub(crate) let_go: Vec<Ticket>,
    /// The earliest moment at which an operator wants to be asked.
    pub(crate) wake: Option<Moment>,
    /// By how much the number of values that hold intake back has changed.
    pub(crate) waiting: isize,
}

impl Effects {
    /// Asks to be asked again at this moment, at the latest.
    pub(crate) fn wake_at(&mut self, moment: Moment) {
        self.wake = Some(self.wake.map_or(moment, |earlier| earlier.min(moment)));
    }

    /// Whether there is something to do at once.
    #[inline]
    pub(crate) fn are_pending(&self) -> bool {
        !self.settled.is_empty()
            || !self.failed.is_empty()
            || !self.let_go.is_empty()
            || self.waiting != 0
    }
}

impl<'l> Desk<'l> {
    #[inline]
    pub(crate) fn new(ledger: &'l mut Ledger, clock: &'l Clock, effects: &'l mut Effects) -> Self {
        Desk {
            ledger,
            clock,
            effects,
        }
    }

    /// The time. Reading it costs some 25 ns: an operator reads it once a window where that is enough.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The time when the lane last looked at the clock, about a millisecond ago: for what is only shown.
    pub fn lately(&self) -> Moment {
        self.clock.lately()
    }

    /// Asks to be asked again at this moment, at the latest.
    pub fn wake_at(&mut self, moment: Moment) {
        self.effects.wake_at(moment);
    }

    /// Finishes a share: its value ends here, as it is meant to.
    pub fn settle(&mut self, ticket: Ticket) {
        self.effects.settled.push(ticket);
    }

    /// Ends a value here. Its `Drop` is the user's code: if it panics, the record fails.
    pub fn discard<T>(&mut self, value: T, ticket: Ticket) {
        match guard(|| drop(value)) {
            Ok(()) => self.settle(ticket),
            Err(failure) => self.fail(ticket, failure),
        }
    }

    /// Fails a record: the policy of the node that the operator leads to decides.
    pub fn fail(&mut self, ticket: Ticket, failure: Failure) {
        self.effects.failed.push((ticket, failure));
    }

    /// Fails a record and ends its value here. If its `Drop` panics too, the first failure is the one that counts.
    pub fn refuse<T>(&mut self, value: T, ticket: Ticket, failure: Failure) {
        let _second = guard(|| drop(value));
        self.fail(ticket, failure);
    }

    /// Lets a value go, its record unfinished.
    pub fn let_go<T>(&mut self, value: T, ticket: Ticket) {
        match guard(|| drop(value)) {
            Ok(()) => self.effects.let_go.push(ticket),
            Err(failure) => self.fail(ticket, failure),
        }
    }

    /// Whether it makes sense to hold this share for later, see [`Ledger::keeps`].
    pub fn keeps(&mut self, ticket: &Ticket) -> bool {
        self.ledger.keeps(ticket)
    }

    /// The assignments that a ticket's records are of, see [`Ledger::origin`].
    pub fn origin(&self, ticket: &Ticket) -> Option<Origin> {
        self.ledger.origin(ticket)
    }

    /// Whether all assignments of an origin stay.
    pub fn retains(&self, origin: &Origin) -> bool {
        self.ledger.retains(origin)
    }

    /// One more share.
    pub fn split(&mut self, ticket: &Ticket) -> Ticket {
        self.ledger.split(ticket)
    }

    /// One ticket for several: each keeps its seat.
    pub fn join(&mut self, tickets: Vec<Ticket>) -> Ticket {
        self.ledger.join(tickets)
    }

    /// One ticket for a value made of two.
    pub fn merge(&mut self, one: Ticket, other: Ticket) -> Ticket {
        let (ticket, done) = self.ledger.merge(one, other);
        if let Some(done) = done {
            self.settle(done);
        }
        ticket
    }

    /// What a share has in common with others of its record or joined value.
    pub fn kin(&self, ticket: &Ticket) -> Kin {
        self.ledger.kin(ticket)
    }

    /// Notes that a share waits for its kin and for nothing else.
    pub fn park(&mut self, ticket: &Ticket) {
        self.ledger.park(ticket);
    }

    /// Notes that a parked share goes on.
    pub fn unpark(&mut self, kin: Kin) {
        self.ledger.unpark(kin);
    }

    /// One more value waits here that holds the intake of new records back.
    pub fn hold_intake(&mut self) {
        self.effects.waiting += 1;
    }

    /// One value less.
    pub fn release_intake(&mut self) {
        self.effects.waiting -= 1;
    }
}
