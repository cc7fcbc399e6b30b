//! `delay("…")`: each value goes on so much later, in the order in which they came.
//!
//! A record is finished when what the value becomes after it is. Held: what has come within that time, at most as many
//! records as may be in flight. At the end what is held stays unfinished and is read again: it may not go on early. On revoke
//! the records of the partition leave. It calls no code of the user's, so nothing fails here but a value whose `Drop` panics
//! as it is let go.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Desk, Held, Input, Operator, Ready};
use crate::clock::Moment;
use crate::ledger::Ticket;

/// Gives each value later.
#[derive(Debug)]
pub struct Delay<T> {
    time: Duration,
    /// In the order in which they came, which is that in which their time comes.
    values: VecDeque<(Moment, T, Ticket)>,
}

impl<T> Delay<T> {
    /// Each value so much later.
    pub fn new(time: Duration) -> Self {
        Delay {
            time,
            values: VecDeque::new(),
        }
    }
}

impl<T> Operator for Delay<T> {
    type Out = T;

    fn due(&mut self, desk: &mut Desk<'_>) -> Ready<T> {
        let until = self.values.front()?.0 + self.time;
        if desk.now() < until {
            desk.wake_at(until);
            return None;
        }
        let (_, value, ticket) = self.values.pop_front()?;
        Some((value, ticket))
    }

    fn forget(&mut self, desk: &mut Desk<'_>) {
        for (at, value, ticket) in std::mem::take(&mut self.values) {
            if desk.keeps(&ticket) {
                self.values.push_back((at, value, ticket));
            } else {
                desk.let_go(value, ticket);
            }
        }
    }

    fn abandon(&mut self, desk: &mut Desk<'_>) {
        for (_, value, ticket) in std::mem::take(&mut self.values) {
            desk.let_go(value, ticket);
        }
    }

    fn held(&self) -> Held {
        Held {
            values: self.values.len(),
            since: self.values.front().map(|first| first.0),
        }
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.values.iter().for_each(|(_, _, ticket)| see(ticket));
    }
}

impl<T> Input<0> for Delay<T> {
    type Value = T;

    #[inline]
    fn push(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<T> {
        let now = desk.now();
        if self.values.is_empty() {
            desk.wake_at(now + self.time);
        }
        self.values.push_back((now, value, ticket));
        None
    }
}
