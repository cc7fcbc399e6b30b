//! `zip(b, …)` of branches of one stream: values pair by the record they are made of, whatever order they arrive in.
//!
//! A record is finished when its tuple is. Held: values whose partners are still under way, no more than there are records
//! in flight. A partner that is filtered, or skipped after a failure, comes no more: the ledger says so, and what waited
//! for it ends here. So a branch that drops a record never shifts the pairs of others. At the end nothing is under way
//! any more; what is still held (its partner was let go) stays unfinished. On revoke the values of the partition are let
//! go. If a tuple fails, its record does.
//!
//! Tuples go on in the order in which they are completed. Two values of one record at one input have no partners that are
//! theirs alone: graphs with such branches are refused, and should one come all the same, it fails.

use std::collections::hash_map::Entry;

use super::tuple::{At, Row, Seat, Tuple, Waiting};
use super::{Desk, Held, Input, Operator, Ready};
use crate::error::Failure;
use crate::ledger::{Kin, KinMap, Ticket};

/// Pairs the values of several branches by record.
pub struct ZipByRecord<I: Tuple> {
    /// Each has an empty seat and one that is taken; every value in them is parked.
    waiting: KinMap<I::Seats>,
}

impl<I: Tuple> ZipByRecord<I> {
    /// Nothing waits.
    #[expect(clippy::new_without_default, reason = "operators are made by `new`")]
    pub fn new() -> Self {
        ZipByRecord {
            waiting: KinMap::default(),
        }
    }
}

impl<I: Tuple> Operator for ZipByRecord<I> {
    type Out = I;

    fn release(&mut self, kin: Kin, desk: &mut Desk<'_>) {
        // It may be another zip's.
        if let Some(mut seats) = self.waiting.remove(&kin) {
            unpark(kin, seats.held().values, desk);
            seats.discard(desk);
        }
    }

    fn forget(&mut self, desk: &mut Desk<'_>) {
        self.waiting.retain(|kin, seats| {
            let before = seats.held().values;
            seats.forget(desk);
            let after = seats.held().values;
            unpark(*kin, before - after, desk);
            after > 0
        });
    }

    fn abandon(&mut self, desk: &mut Desk<'_>) {
        for (kin, mut seats) in self.waiting.drain() {
            unpark(kin, seats.held().values, desk);
            seats.abandon(desk);
        }
    }

    fn held(&self) -> Held {
        let each = self.waiting.values().map(Row::held);
        each.fold(Held::default(), Held::and)
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.waiting.values().for_each(|row| row.tickets(see));
    }
}

impl<I: At<PORT>, const PORT: usize> Input<PORT> for ZipByRecord<I> {
    type Value = <I as At<PORT>>::Value;

    #[inline]
    fn push(&mut self, value: Self::Value, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<I> {
        let kin = desk.kin(&ticket);
        let mut entry = match self.waiting.entry(kin) {
            Entry::Occupied(found) => found,
            Entry::Vacant(empty) => empty.insert_entry(I::Seats::default()),
        };
        let seats = entry.get_mut();
        let seat: &mut Seat<_> = I::seat(seats);
        if seat.is_some() {
            desk.refuse(value, ticket, Failure::lost(TWICE));
            return None;
        }
        *seat = Some(Waiting {
            value,
            ticket,
            since: desk.lately(),
        });
        if !seats.is_complete() {
            if let Some(waiting) = I::seat(seats) {
                desk.park(&waiting.ticket);
            }
            return None;
        }
        let mut seats = entry.remove();
        // All but the one that has just come.
        unpark(kin, seats.held().values - 1, desk);
        seats.take(desk)
    }
}

const TWICE: &str = "two values of one record came to the same input of a zip: it cannot say which of them belongs to the \
                     value of the other input";

/// The values of a record that were parked go on, or end.
fn unpark(kin: Kin, values: usize, desk: &mut Desk<'_>) {
    for _ in 0..values {
        desk.unpark(kin);
    }
}
