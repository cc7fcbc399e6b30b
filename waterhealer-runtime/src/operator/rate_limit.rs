//! `rate_limit("…")`: at most one value in such a time; the others wait, or are replaced by newer ones (`waiting.rs`).
//!
//! A record is finished when what the value becomes after it is, or when a newer value has replaced it. Held: the values that
//! wait; but for those that may, each of them holds the intake of new records. At the end they stay unfinished and are read
//! again: going on early is what the limit forbids. On revoke the records of the partition leave, and the intake is free of
//! them. It calls no code of the user's; if the `Drop` of a value that is replaced or let go panics, its record fails.

use std::time::Duration;

use super::waiting::{Queue, Waiting};
use super::{Desk, Held, Input, Operator, Ready};
use crate::clock::Moment;
use crate::ledger::Ticket;

/// Lets values pass one by one, with a time between them.
#[derive(Debug)]
pub struct RateLimit<T> {
    interval: Duration,
    /// Nothing passes before.
    next: Moment,
    queue: Queue<T>,
}

impl<T> RateLimit<T> {
    /// At most one value in `interval`.
    pub fn new(interval: Duration, waiting: Waiting) -> Self {
        RateLimit {
            interval,
            next: Moment::default(),
            queue: Queue::new(waiting),
        }
    }
}

impl<T> Operator for RateLimit<T> {
    type Out = T;

    fn due(&mut self, desk: &mut Desk<'_>) -> Ready<T> {
        if self.queue.is_empty() {
            return None;
        }
        let now = desk.now();
        if now < self.next {
            desk.wake_at(self.next);
            return None;
        }
        // From now, not from when it was due: never two within the interval.
        self.next = now + self.interval;
        self.queue.pop(desk)
    }

    fn forget(&mut self, desk: &mut Desk<'_>) {
        self.queue.forget(desk);
    }

    fn abandon(&mut self, desk: &mut Desk<'_>) {
        self.queue.abandon(desk);
    }

    fn held(&self) -> Held {
        self.queue.held()
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.queue.tickets(see);
    }
}

impl<T> Input<0> for RateLimit<T> {
    type Value = T;

    fn push(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<T> {
        if self.queue.is_empty() {
            let now = desk.now();
            if now >= self.next {
                self.next = now + self.interval;
                return Some((value, ticket));
            }
            desk.wake_at(self.next);
        }
        self.queue.push(value, ticket, desk);
        None
    }
}
