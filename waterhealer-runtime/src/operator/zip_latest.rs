//! `zip_latest(b, …)`: each value of the first input goes on with the latest of each other. None of the first is lost;
//! of the others only the latest counts.
//!
//! A record of the first input is finished when its tuple is; one of the others when a newer value takes its place, whether
//! or not it was ever in a tuple. Held: of each other input the latest value, so that it is read again after a restart, and
//! until each of them has one, the values of the first, without a bound. At the end the latest stay unfinished, and so do
//! values of the first that never had partners. On revoke the values of the partition are let go; if one of them is the
//! latest of an input, the first waits until that input has a value again. If a tuple fails, the record of the first input
//! does: after a restart it may go on with newer values of the others.
//!
//! The value that lets several go on gives one; the rest, made into tuples at the same moment, are asked for by `due`,
//! which the operator asks for at once. What comes in the meantime queues up behind them.

use super::tuple::{At, FirstAndOthers, OthersCopied, Place, Queue, Row, Waiting};
use super::{Desk, Held, Input, Operator, Ready};
use crate::guard::guard;
use crate::ledger::Ticket;

/// Pairs each value of the first input with the latest of the others.
pub struct ZipLatest<I: FirstAndOthers> {
    /// The latest of each. The first input's seat is a passage: its values queue.
    latest: I::Seats,
    /// Values of the first input while one of the others has none.
    waiting: Queue<I::First>,
    /// Tuples that were not asked for yet, with the tickets of the first input.
    ready: Queue<I>,
    /// Here rather than as a bound on the type, so that one place asks for it, and a user is told once.
    others: fn(&I::Seats) -> Option<I::Others>,
}

impl<I: FirstAndOthers> ZipLatest<I> {
    /// Nothing has come.
    #[expect(clippy::new_without_default, reason = "operators are made by `new`")]
    pub fn new() -> Self
    where
        I: OthersCopied,
    {
        ZipLatest {
            latest: I::Seats::default(),
            waiting: Queue::new(),
            ready: Queue::new(),
            others: I::others,
        }
    }

    /// Makes tuples of what waits, if each of the others has a value.
    #[inline]
    fn pair(&mut self, desk: &mut Desk<'_>) {
        while let Some(first) = self.waiting.pop_front() {
            match guard(|| (self.others)(&self.latest)) {
                Ok(Some(others)) => self.ready.push_back(Waiting {
                    value: I::tuple(first.value, others),
                    ticket: first.ticket,
                    since: first.since,
                }),
                Ok(None) => return self.waiting.push_front(first),
                Err(failure) => desk.refuse(first.value, first.ticket, failure),
            }
        }
    }

    #[inline]
    fn next(&mut self) -> Ready<I> {
        let next = self.ready.pop_front()?;
        Some((next.value, next.ticket))
    }
}

impl<I: FirstAndOthers> Operator for ZipLatest<I> {
    type Out = I;

    fn due(&mut self, _desk: &mut Desk<'_>) -> Ready<I> {
        self.next()
    }

    fn drain(&mut self, _desk: &mut Desk<'_>) -> Ready<I> {
        self.next()
    }

    fn forget(&mut self, desk: &mut Desk<'_>) {
        self.latest.forget(desk);
        self.waiting.forget(desk);
        self.ready.forget(desk);
    }

    fn abandon(&mut self, desk: &mut Desk<'_>) {
        self.latest.abandon(desk);
        self.waiting.abandon(desk);
        self.ready.abandon(desk);
    }

    fn held(&self) -> Held {
        let first = self.waiting.held().and(self.ready.held());
        self.latest.held().and(first)
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.latest.tickets(see);
        self.waiting.tickets(see);
        self.ready.tickets(see);
    }
}

impl<I: FirstAndOthers + At<PORT>, const PORT: usize> Input<PORT> for ZipLatest<I> {
    type Value = <I as At<PORT>>::Value;

    #[inline]
    fn push(&mut self, value: Self::Value, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<I> {
        let came = Waiting {
            value,
            ticket,
            since: desk.lately(),
        };
        if let Some(replaced) = I::seat(&mut self.latest).replace(came) {
            desk.discard(replaced.value, replaced.ticket);
        }
        if let Some(first) = I::first(&mut self.latest).take() {
            self.waiting.push_back(first);
        }
        self.pair(desk);
        let next = self.next();
        if !self.ready.is_empty() {
            desk.wake_at(desk.now());
        }
        next
    }
}
