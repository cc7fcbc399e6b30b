//! `slice(start, end, step)`: values by their number, as Python slices a list. They are counted from 0 since the start of the
//! process, whatever record they are of.
//!
//! A record whose value is left out is finished. Nothing is held, so there is nothing to do at the end or on revoke. If the
//! `Drop` of a value that is left out panics, its record fails.

use std::marker::PhantomData;

use super::{Desk, Held, Input, Operator, Ready};
use crate::ledger::Ticket;

/// Lets values pass by their number.
#[derive(Debug)]
pub struct Slice<T> {
    end: Option<usize>,
    step: usize,
    seen: usize,
    /// The number of the next value to pass.
    next: usize,
    values: PhantomData<fn(T) -> T>,
}

impl<T> Slice<T> {
    /// From the value number `start` on every `step`-th, up to the one before `end`.
    pub fn new(start: usize, end: Option<usize>, step: usize) -> Self {
        Slice {
            end,
            step: step.max(1),
            seen: 0,
            next: start,
            values: PhantomData,
        }
    }
}

impl<T> Operator for Slice<T> {
    type Out = T;

    fn forget(&mut self, _desk: &mut Desk<'_>) {}

    fn abandon(&mut self, _desk: &mut Desk<'_>) {}

    fn held(&self) -> Held {
        Held::default()
    }

    fn tickets(&self, _see: &mut dyn FnMut(&Ticket)) {}
}

impl<T> Input<0> for Slice<T> {
    type Value = T;

    #[inline]
    fn push(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<T> {
        let number = self.seen;
        self.seen = self.seen.saturating_add(1);
        if number != self.next || self.end.is_some_and(|end| number >= end) {
            desk.discard(value, ticket);
            return None;
        }
        self.next = self.next.saturating_add(self.step);
        Some((value, ticket))
    }
}
