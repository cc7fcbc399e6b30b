//! The lane watches its stages: which call of which record it is in, how often each was called, what it gave, how long it took.
//! What others see of it is on the board, as old as the last time the lane showed it. Values themselves are looked at in `looked`.

use std::sync::Arc;

use super::lane::Lane;
use super::looked::Looks;
use crate::clock::Moment;
use crate::error::{Failure, FailureKind};
use crate::graph::Spec;
use crate::guard::guard;
use crate::ledger::Ticket;
use crate::observe::{Here, Kind, Meter, Named, Place, Sheet, stand_at};
use crate::telemetry::VALUES;
use crate::types::{EmitId, Stream};

/// What a lane watches of its stages.
#[derive(Debug)]
pub(super) struct Watched {
    /// By node; empty if nothing is watched.
    pub(super) meters: Vec<Meter>,
    /// In which call the lane is; `None` if nobody is to know.
    place: Option<Arc<Place>>,
    /// Whether each value that a node gives is a log line.
    tells: bool,
    /// Which ticket was named last, by its serial, and its record; a joined one may have the serial of a single one.
    last: Option<(bool, (u32, u64))>,
    record: Named,
    /// What is kept and measured of values.
    pub(super) looks: Looks,
}

/// Bytes of a value that are told.
const TOLD: usize = 10_000;

/// The record of no ticket.
const NOWHERE: Named = Named {
    stream: Stream(0),
    partition: 0,
    offset: -1,
};

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
    /// As well each value that a node gives, or not.
    #[must_use]
    pub(super) fn telling(self, tells: bool) -> Self {
        Watched { tells, ..self }
    }

    /// In which call the lane is, and if wanted what its stages do.
    pub(super) fn new(spec: &'static Spec, counts: bool) -> Self {
        let nodes = if counts { spec.nodes.len() } else { 0 };
        Watched {
            meters: vec![Meter::default(); nodes],
            place: Some(Place::new(spec)),
            last: None,
            record: NOWHERE,
            tells: false,
            looks: Looks::default(),
        }
    }

    /// Nothing at all.
    pub(super) fn nothing() -> Self {
        Watched {
            meters: Vec::new(),
            place: None,
            last: None,
            record: NOWHERE,
            tells: false,
            looks: Looks::default(),
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

/// What a failure is counted as.
pub(super) fn kind_of(failure: &Failure) -> Kind {
    match failure.kind() {
        _ if failure.is_timeout() => Kind::Timeout,
        FailureKind::Error => Kind::Error,
        FailureKind::Panic => Kind::Panic,
        FailureKind::Lost => Kind::Lost,
    }
}

impl<C> Lane<C> {
    /// Lets others see in which call the lane is, even while it does not come back from there.
    pub(super) fn show_place(&self) {
        if let Some(place) = &self.watched.place {
            self.control.inside.see_place(self.index, place);
        }
    }

    /// A call of a stage begins, on this ticket's record.
    #[inline]
    pub fn enter(&mut self, node: usize, ticket: &Ticket) -> Called {
        self.stand(node, ticket);
        if self.is_traced() {
            self.trace_call(node, ticket);
        }
        let began = self.begin(node);
        Called { node, began }
    }

    /// What follows is about this stage and this record, though it is no call.
    #[inline]
    pub(super) fn stand(&mut self, node: usize, ticket: &Ticket) {
        if self.watched.place.is_some() {
            self.recognise(ticket);
        }
        if let Some(place) = &self.watched.place {
            place.enter(node);
        }
    }

    /// The record of a ticket, which is the one that was asked for last more often than not.
    #[inline]
    pub(super) fn recognise(&mut self, ticket: &Ticket) -> Named {
        let asked = Some((ticket.is_joined(), ticket.serial()));
        if self.watched.last != asked {
            let record = self.named(ticket);
            (self.watched.last, self.watched.record) = (asked, record);
            if let Some(place) = &self.watched.place {
                place.name(record);
            }
        }
        self.watched.record
    }

    /// The call is over, whatever came of it.
    #[inline]
    pub fn leave(&mut self, called: Called) {
        self.end(called.node, called.began);
        self.trace_left();
    }

    /// A stage or an operator hands a value on; `show` writes it down.
    #[inline]
    pub fn gives(&mut self, node: usize, ticket: &Ticket, show: impl Fn(&mut Sheet)) {
        if let Some(meter) = self.watched.meter(node) {
            meter.given += 1;
        }
        if self.watched.looks.at_any() {
            self.look(node, ticket, &show);
        }
        if self.watched.tells {
            self.tell_value(node, ticket, show);
        }
    }

    /// A log line of a value that a node gives.
    #[cold]
    fn tell_value(&mut self, node: usize, ticket: &Ticket, show: impl FnOnce(&mut Sheet)) {
        let Some(spec) = self.spec.nodes.get(node) else {
            return;
        };
        let mut sheet = Sheet::new(TOLD);
        let shown = guard(|| show(&mut sheet));
        let data = match &shown {
            Ok(()) if sheet.is_cut() => format!("{}…", sheet.text()),
            Ok(()) => sheet.text().to_owned(),
            Err(panic) => format!("(it cannot be written down: {panic})"),
        };
        self.stand(node, ticket);
        let function_name = &*spec.path();
        tracing::debug!(target: VALUES, function_name, data, "a value was given");
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
        if let Some(meter) = self.watched.meter(node) {
            meter.fail(kind_of(failure));
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

    /// The emit id of a ticket's record; of a joined one, that of the first. `None` once its partition was given up.
    pub(super) fn emit_id(&self, ticket: &Ticket) -> Option<EmitId> {
        self.is_live(ticket).then(|| self.named(ticket).emit_id())
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
