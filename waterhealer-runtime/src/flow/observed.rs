//! The lane watches its stages: which call of which record it is in, how often each was called, what it gave, how long it took.
//! What others see of it is on the board, as old as the last time the lane showed it.

use std::sync::Arc;

use super::lane::Lane;
use crate::clock::Moment;
use crate::error::{Failure, FailureKind};
use crate::graph::Spec;
use crate::ledger::Ticket;
use crate::observe::{Here, Kind, Meter, Named, Place, Sheet, stand_at};

/// What a lane watches of its stages.
#[derive(Debug)]
pub(super) struct Watched {
    /// By node; empty if nothing is watched.
    meters: Vec<Meter>,
    /// In which call the lane is; `None` if nobody is to know.
    place: Option<Arc<Place>>,
    /// Of which ticket the last call was, by its serial.
    last: (u32, u64),
}

/// A call of a stage on the lane.
#[derive(Debug, Clone, Copy)]
#[must_use = "the lane is in that call until it is left"]
pub struct Called {
    pub(super) node: usize,
    pub(super) began: Option<Began>,
}

/// The beginning of a call that is timed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Began {
    at: Moment,
    /// For how many calls it stands.
    calls: u64,
}

impl Watched {
    /// Everything, or nothing at all.
    pub(super) fn new(spec: &'static Spec, watches: bool) -> Self {
        let nodes = if watches { spec.nodes.len() } else { 0 };
        Watched {
            meters: vec![Meter::default(); nodes],
            place: watches.then(|| Place::new(spec)),
            last: (0, 0),
        }
    }

    /// The lane's thread is this one, for as long as no other lane says so.
    pub(super) fn stand_here(&self) {
        if let Some(place) = &self.place {
            stand_at(place);
        }
    }

    /// Nothing is done on a record any more.
    #[inline]
    pub(super) fn leave(&self) {
        if let Some(place) = &self.place {
            place.leave();
        }
    }

    /// What each stage has done.
    pub(super) fn meters(&self) -> &[Meter] {
        &self.meters
    }

    #[inline]
    fn meter(&mut self, node: usize) -> Option<&mut Meter> {
        self.meters.get_mut(node)
    }
}

impl<C> Lane<C> {
    /// A call of a stage begins, on this ticket's record.
    #[inline]
    pub fn enter(&mut self, node: usize, ticket: &Ticket) -> Called {
        if let Some(place) = &self.watched.place {
            let serial = ticket.serial();
            if self.watched.last != serial {
                place.name(self.named(ticket));
                self.watched.last = serial;
            }
            place.enter(node);
        }
        let began = self.begin(node);
        Called { node, began }
    }

    /// The call is over, whatever came of it.
    #[inline]
    pub fn leave(&mut self, called: Called) {
        self.end(called.node, called.began);
    }

    /// A stage or an operator hands a value on; `show` writes it down.
    #[inline]
    pub fn gives(&mut self, node: usize, ticket: &Ticket, show: impl FnOnce(&mut Sheet)) {
        if let Some(meter) = self.watched.meter(node) {
            meter.given += 1;
        }
        let _ = (ticket, show);
    }

    /// One more call of a stage.
    #[inline]
    pub(super) fn begin(&mut self, node: usize) -> Option<Began> {
        let calls = self.watched.meter(node)?.begin()?;
        let at = self.clock.now();
        Some(Began { at, calls })
    }

    /// One more value for an operator, which takes no time that counts.
    #[inline]
    pub(super) fn note_put(&mut self, node: usize) {
        if let Some(meter) = self.watched.meter(node) {
            meter.calls += 1;
        }
    }

    /// A call has ended.
    #[inline]
    pub(super) fn end(&mut self, node: usize, began: Option<Began>) {
        if let Some(Began { at, calls }) = began {
            let took = self.clock.now().since(at);
            if let Some(meter) = self.watched.meter(node) {
                meter.end(calls, took);
            }
        }
    }

    /// A stage has failed for good.
    pub(super) fn note_failure(&mut self, node: usize, failure: &Failure) {
        let kind = match failure.kind() {
            _ if failure.is_timeout() => Kind::Timeout,
            FailureKind::Error => Kind::Error,
            FailureKind::Panic => Kind::Panic,
            FailureKind::Lost => Kind::Lost,
        };
        if let Some(meter) = self.watched.meter(node) {
            meter.fail(kind);
        }
    }

    /// A stage is called again for the same value.
    pub(super) fn note_again(&mut self, node: usize) {
        if let Some(meter) = self.watched.meter(node) {
            meter.again += 1;
        }
    }

    /// A sink's messages were acknowledged.
    pub(super) fn note_given(&mut self, node: usize) {
        if let Some(meter) = self.watched.meter(node) {
            meter.given += 1;
        }
    }

    /// The place of a call that is made elsewhere; `None` if nobody is to know of it.
    pub(super) fn place(&self, node: usize, ticket: &Ticket) -> Option<Arc<Place>> {
        let record = self.watched.place.as_ref().map(|_| self.named(ticket))?;
        Some(Place::of(Here::new(self.spec, node, record)))
    }

    /// The record of a ticket; of a joined one, the first.
    #[inline]
    pub(super) fn named(&self, ticket: &Ticket) -> Named {
        let ticket = match ticket.is_joined() {
            true => self.ledger.lead(ticket).unwrap_or(ticket),
            false => ticket,
        };
        let offset = self.ledger.offset(ticket).unwrap_or(-1);
        let assigned = self.partitions.get(ticket.slot().0 as usize);
        let (stream, partition) = match assigned {
            Some(Some(assigned)) => (assigned.stream, assigned.partition),
            _ => (self.by_hand, 0),
        };
        Named {
            stream,
            partition,
            offset,
        }
    }
}
