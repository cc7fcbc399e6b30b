//! `partition(n, within = "…")`: so many values become one batch. With `within`, also those that have come so long after
//! the first of them.
//!
//! A record is finished when its batch is. Held: fewer than `n` values. At the end a batch with `within` goes on as it is;
//! without, its records stay unfinished and are read again. On revoke the records of the partition leave the batch.

use std::time::Duration;

use super::pile::Pile;
use super::{Desk, Held, Input, Operator, Ready};
use crate::carrier::Rows;
use crate::ledger::Ticket;

/// Collects values into batches by number and time.
#[derive(Debug)]
pub struct Partition<T> {
    size: usize,
    within: Option<Duration>,
    pile: Pile<T>,
}

impl<T> Partition<T> {
    /// Batches of `size`, or of what has come `within` a time of the first.
    pub fn new(size: usize, within: Option<Duration>) -> Self {
        Partition {
            size: size.max(1),
            within,
            pile: Pile::new(),
        }
    }
}

impl<T> Operator for Partition<T> {
    type Out = Rows<T>;

    fn due(&mut self, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        self.pile.close_after(self.within?, desk)
    }

    fn drain(&mut self, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        self.within?;
        self.pile.close(desk)
    }

    fn forget(&mut self, desk: &mut Desk<'_>) {
        self.pile.forget(desk);
    }

    fn abandon(&mut self, desk: &mut Desk<'_>) {
        self.pile.abandon(desk);
    }

    fn held(&self) -> Held {
        self.pile.held()
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.pile.tickets(see);
    }
}

impl<T> Input<0> for Partition<T> {
    type Value = T;

    #[inline]
    fn push(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        if self.pile.put(value, ticket, desk)
            && let (Some(since), Some(within)) = (self.pile.since(), self.within)
        {
            desk.wake_at(since + within);
        }
        if self.pile.len() < self.size {
            return None;
        }
        self.pile.close(desk)
    }
}
