//! How values wait in front of something slow: a rate limit, or an asynchronous stage whose places are taken. Who may pass
//! and when is theirs to say.
//!
//! `buffer(n)` is room for so many values that hold nobody up; `latest()` keeps only the newest, and the record of a value
//! that is replaced is finished.

use std::collections::VecDeque;

use super::{Desk, Held, Ready};
use crate::clock::Moment;
use crate::ledger::Ticket;

/// How values wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// All of them, in order. While more than `room` wait, no new record is taken in.
    Hold {
        /// Values that may wait without holding the intake.
        room: usize,
    },
    /// Only the newest: it ends the one before it. The intake is never held.
    Latest,
}

impl Default for Waiting {
    /// All wait, and each holds the intake.
    fn default() -> Self {
        Waiting::Hold { room: 0 }
    }
}

/// The values that wait, in order.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    waiting: Waiting,
    values: VecDeque<(Moment, T, Ticket)>,
}

impl<T> Queue<T> {
    pub(crate) fn new(waiting: Waiting) -> Self {
        Queue {
            waiting,
            values: VecDeque::new(),
        }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Lets a value wait.
    pub(crate) fn push(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) {
        if self.waiting == Waiting::Latest
            && let Some((_, older, ticket)) = self.values.pop_front()
        {
            desk.discard(older, ticket);
        }
        self.values.push_back((desk.lately(), value, ticket));
        if self.holds(self.values.len()) {
            desk.hold_intake();
        }
    }

    /// The value that has waited longest.
    pub(crate) fn pop(&mut self, desk: &mut Desk<'_>) -> Ready<T> {
        let (_, value, ticket) = self.values.pop_front()?;
        self.freed(1, desk);
        Some((value, ticket))
    }

    /// Lets go of records whose partition is given up.
    pub(crate) fn forget(&mut self, desk: &mut Desk<'_>) {
        let before = self.values.len();
        for (at, value, ticket) in std::mem::take(&mut self.values) {
            if desk.keeps(&ticket) {
                self.values.push_back((at, value, ticket));
            } else {
                desk.let_go(value, ticket);
            }
        }
        self.freed(before - self.values.len(), desk);
    }

    /// Lets go of everything.
    pub(crate) fn abandon(&mut self, desk: &mut Desk<'_>) {
        let values = std::mem::take(&mut self.values);
        self.freed(values.len(), desk);
        for (_, value, ticket) in values {
            desk.let_go(value, ticket);
        }
    }

    pub(crate) fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.values.iter().for_each(|(_, _, ticket)| see(ticket));
    }

    /// Values that may wait without holding the intake.
    pub(crate) fn room(&self) -> usize {
        match self.waiting {
            Waiting::Hold { room } => room,
            Waiting::Latest => 1,
        }
    }

    pub(crate) fn held(&self) -> Held {
        Held {
            values: self.values.len(),
            since: self.values.front().map(|first| first.0),
        }
    }

    /// Releases the intake as far as the values that have left were holding it.
    fn freed(&self, left: usize, desk: &mut Desk<'_>) {
        let now = self.values.len();
        for len in now + 1..=now + left {
            if self.holds(len) {
                desk.release_intake();
            }
        }
    }

    /// Whether the last of so many values holds the intake.
    #[inline]
    fn holds(&self, len: usize) -> bool {
        matches!(self.waiting, Waiting::Hold { room } if len > room)
    }
}
