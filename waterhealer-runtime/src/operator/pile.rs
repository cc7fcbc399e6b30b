//! A pile of values that become one batch: what the windows have in common. When it is closed is for each of them to say.

use std::time::Duration;

use super::{Desk, Held, Ready};
use crate::carrier::Rows;
use crate::clock::Moment;
use crate::ledger::Ticket;

#[derive(Debug)]
pub(super) struct Pile<T> {
    values: Vec<T>,
    tickets: Vec<Ticket>,
    /// When the first of them came.
    since: Moment,
}

impl<T> Pile<T> {
    pub(super) fn new() -> Self {
        Pile {
            values: Vec::new(),
            tickets: Vec::new(),
            since: Moment::default(),
        }
    }

    /// Puts a value on the pile. The clock is read for the first one only; true if this is it.
    #[inline]
    pub(super) fn put(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) -> bool {
        let first = self.values.is_empty();
        if first {
            self.since = desk.now();
        }
        self.values.push(value);
        self.tickets.push(ticket);
        first
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// When the first value came; `None` while there is none.
    pub(super) fn since(&self) -> Option<Moment> {
        (!self.values.is_empty()).then_some(self.since)
    }

    /// The pile as a batch with a ticket for all its records; none if it is empty.
    pub(super) fn close(&mut self, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        if self.values.is_empty() {
            return None;
        }
        // The next one will be about as large.
        let room = self.values.len();
        let values = std::mem::replace(&mut self.values, Vec::with_capacity(room));
        let tickets = std::mem::replace(&mut self.tickets, Vec::with_capacity(room));
        Some((Rows::new(values), desk.join(tickets)))
    }

    /// The same, with one more record in the ticket that no row is of.
    pub(super) fn close_with(&mut self, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        self.tickets.push(ticket);
        self.close(desk)
    }

    /// The pile as a batch once its first value came so long ago; until then it has the desk ask again.
    pub(super) fn close_after(&mut self, time: Duration, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        let until = self.since()? + time;
        if desk.now() < until {
            desk.wake_at(until);
            return None;
        }
        self.close(desk)
    }

    /// Lets go of records whose partition is given up.
    pub(super) fn forget(&mut self, desk: &mut Desk<'_>) {
        let tickets = std::mem::take(&mut self.tickets);
        let values = std::mem::take(&mut self.values);
        for (value, ticket) in values.into_iter().zip(tickets) {
            if desk.keeps(&ticket) {
                self.values.push(value);
                self.tickets.push(ticket);
            } else {
                desk.let_go(value, ticket);
            }
        }
    }

    /// Lets go of everything.
    pub(super) fn abandon(&mut self, desk: &mut Desk<'_>) {
        let tickets = std::mem::take(&mut self.tickets);
        for (value, ticket) in std::mem::take(&mut self.values).into_iter().zip(tickets) {
            desk.let_go(value, ticket);
        }
    }

    pub(super) fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.tickets.iter().for_each(see);
    }

    pub(super) fn held(&self) -> Held {
        Held {
            values: self.values.len(),
            since: self.since(),
        }
    }
}
