//! `sliding_window(n)`: for each value a batch of the last `n`; with `partial`, also the shorter ones at the start.
//!
//! A record is finished when every window it was in is, and it is in no more. Held: the last `n - 1` values, each with a
//! share of its record; the windows have shares of their own. At the end these stay unfinished and are read again, so that the
//! first whole window of one partition after a restart is the one that would have come next. On revoke the records of the
//! partition leave, and the windows fill up from the others. A value is cloned for each window but its last; if its `Clone`
//! panics its record fails and leaves, and that window is not given.

use std::collections::VecDeque;

use super::{Desk, Held, Input, Operator, Ready};
use crate::carrier::{FanOut, Rows};
use crate::clock::Moment;
use crate::error::Failure;
use crate::guard::guard;
use crate::ledger::Ticket;

/// Gives the last values, for each value anew.
#[derive(Debug)]
pub struct SlidingWindow<T> {
    size: usize,
    partial: bool,
    last: VecDeque<Seen<T>>,
    /// Here rather than as a bound on the type, so that one place asks for it, and a user is told once.
    clone: fn(&T) -> T,
}

#[derive(Debug)]
struct Seen<T> {
    value: T,
    ticket: Ticket,
    at: Moment,
}

impl<T> SlidingWindow<T> {
    /// Windows of `size`; with `partial` also shorter ones, as long as there are fewer values.
    pub fn new(size: usize, partial: bool) -> Self
    where
        T: FanOut,
    {
        SlidingWindow {
            size: size.max(1),
            partial,
            last: VecDeque::new(),
            clone: T::clone,
        }
    }

    /// The window as it is. From a full one the oldest value leaves: it goes along itself, with its own share.
    fn window(&mut self, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        let leaving = usize::from(self.last.len() == self.size);
        let mut values = Vec::with_capacity(self.last.len());
        for at in leaving..self.last.len() {
            match guard(|| self.last.get(at).map(|seen| (self.clone)(&seen.value))) {
                Ok(clone) => values.extend(clone),
                Err(failure) => {
                    // Its own clones end with the window; what their `Drop` says is no news.
                    let _panicked = guard(|| drop(values));
                    self.fail(at, failure, desk);
                    return None;
                }
            }
        }
        let mut tickets = Vec::with_capacity(self.last.len());
        if leaving == 1
            && let Some(oldest) = self.last.pop_front()
        {
            values.insert(0, oldest.value);
            tickets.push(oldest.ticket);
        }
        tickets.extend(self.last.iter().map(|seen| desk.split(&seen.ticket)));
        Some((Rows::new(values), desk.join(tickets)))
    }

    #[cold]
    fn fail(&mut self, at: usize, failure: Failure, desk: &mut Desk<'_>) {
        if let Some(Seen { value, ticket, .. }) = self.last.remove(at) {
            let _panicked = guard(|| drop(value));
            desk.fail(ticket, failure);
        }
    }
}

impl<T> Operator for SlidingWindow<T> {
    type Out = Rows<T>;

    fn forget(&mut self, desk: &mut Desk<'_>) {
        for seen in std::mem::take(&mut self.last) {
            if desk.keeps(&seen.ticket) {
                self.last.push_back(seen);
            } else {
                desk.let_go(seen.value, seen.ticket);
            }
        }
    }

    fn abandon(&mut self, desk: &mut Desk<'_>) {
        for Seen { value, ticket, .. } in std::mem::take(&mut self.last) {
            desk.let_go(value, ticket);
        }
    }

    fn held(&self) -> Held {
        Held {
            values: self.last.len(),
            since: self.last.front().map(|oldest| oldest.at),
        }
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.last.iter().for_each(|seen| see(&seen.ticket));
    }
}

impl<T> Input<0> for SlidingWindow<T> {
    type Value = T;

    fn push(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        let at = desk.lately();
        self.last.push_back(Seen { value, ticket, at });
        if self.partial || self.last.len() == self.size {
            return self.window(desk);
        }
        None
    }
}
