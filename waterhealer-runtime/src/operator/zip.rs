//! `zip(b, …)` of different sources: values pair by arrival. The first of each input make a tuple, then the second of each.
//!
//! A record is finished when its tuple is. Held: the values of every input that wait for partners, without a bound, which
//! is why it must say `hold` over Kafka. At the end they stay unfinished and are read again, since their partners may come
//! after a restart. On revoke the values of the partition leave the queues and those behind them move up. If a tuple
//! fails, all records in it do.

use super::tuple::{At, Queue, Row, Tuple, Waiting};
use super::{Desk, Held, Input, Operator, Ready};
use crate::clock::Moment;
use crate::ledger::Ticket;

/// Pairs the values of several inputs by arrival.
pub struct Zip<I: Tuple> {
    /// Between two pushes at least one of them is empty.
    queues: I::Queues,
}

impl<I: Tuple> Zip<I> {
    /// Nothing waits.
    #[expect(clippy::new_without_default, reason = "operators are made by `new`")]
    pub fn new() -> Self {
        Zip {
            queues: I::Queues::default(),
        }
    }
}

impl<I: Tuple> Operator for Zip<I> {
    type Out = I;

    fn forget(&mut self, desk: &mut Desk<'_>) {
        self.queues.forget(desk);
    }

    fn abandon(&mut self, desk: &mut Desk<'_>) {
        self.queues.abandon(desk);
    }

    fn held(&self) -> Held {
        self.queues.held()
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.queues.tickets(see);
    }
}

impl<I: At<PORT>, const PORT: usize> Input<PORT> for Zip<I> {
    type Value = <I as At<PORT>>::Value;

    #[inline]
    fn push(&mut self, value: Self::Value, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<I> {
        let queue: &mut Queue<_> = I::queue(&mut self.queues);
        queue.push_back(Waiting {
            value,
            ticket,
            since: Moment::default(),
        });
        let ready = self.queues.take(desk);
        // The clock is read for a value that waits, not for one that completes a tuple.
        if ready.is_none()
            && let Some(waiting) = I::queue(&mut self.queues).back_mut()
        {
            waiting.since = desk.lately();
        }
        ready
    }
}
