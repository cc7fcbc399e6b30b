//! `partition_time("…")`: all that has come so long after the first value of a batch becomes that batch.
//!
//! A record is finished when its batch is. Held: the values of one such time, at most as many records as may be in flight.
//! At the end the batch goes on as it is. On revoke the records of the partition leave the batch, whose time runs on. It
//! calls no code of the user's, so nothing fails here but a value whose `Drop` panics as it is let go.

use std::time::Duration;

use super::pile::Pile;
use super::{Desk, Held, Input, Operator, Ready};
use crate::carrier::Rows;
use crate::ledger::Ticket;

/// Collects values into batches by time.
#[derive(Debug)]
pub struct PartitionTime<T> {
    time: Duration,
    pile: Pile<T>,
}

impl<T> PartitionTime<T> {
    /// Batches of what has come so long after their first value.
    pub fn new(time: Duration) -> Self {
        PartitionTime {
            time,
            pile: Pile::new(),
        }
    }
}

impl<T> Operator for PartitionTime<T> {
    type Out = Rows<T>;

    fn due(&mut self, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        self.pile.close_after(self.time, desk)
    }

    fn drain(&mut self, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
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

impl<T> Input<0> for PartitionTime<T> {
    type Value = T;

    #[inline]
    fn push(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        if self.pile.put(value, ticket, desk)
            && let Some(since) = self.pile.since()
        {
            desk.wake_at(since + self.time);
        }
        None
    }
}
