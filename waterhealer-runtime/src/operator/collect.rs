//! `collect(flush = …)`: values are held until a value of another node comes; then all of them are one batch.
//!
//! A record is finished when its batch is; so is the record of the value that flushed it, whose ticket has the seat after
//! the last row's. With nothing held that value just ends. Held: all that has come since the last flush, which nothing bounds
//! but the records that may be in flight. At the end they stay unfinished and are read again: nobody has flushed them. On
//! revoke the records of the partition leave. If the `Drop` of the flushing value panics, its record fails and what is held
//! stays.

use std::marker::PhantomData;

use super::pile::Pile;
use super::{Desk, Held, Input, Operator, Ready};
use crate::carrier::Rows;
use crate::guard::guard;
use crate::ledger::Ticket;

/// Collects values until it is told to give them.
#[derive(Debug)]
pub struct Collect<T, F> {
    pile: Pile<T>,
    /// It takes flushing values and keeps none.
    flush: PhantomData<fn(F)>,
}

impl<T, F> Collect<T, F> {
    /// With nothing in it.
    #[expect(
        clippy::new_without_default,
        reason = "operators are made by the macro's code, which says `new`"
    )]
    pub fn new() -> Self {
        Collect {
            pile: Pile::new(),
            flush: PhantomData,
        }
    }
}

impl<T, F> Operator for Collect<T, F> {
    type Out = Rows<T>;

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

impl<T, F> Input<0> for Collect<T, F> {
    type Value = T;

    #[inline]
    fn push(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        self.pile.put(value, ticket, desk);
        None
    }
}

impl<T, F> Input<1> for Collect<T, F> {
    type Value = F;

    fn push(&mut self, value: F, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        if self.pile.len() == 0 {
            desk.discard(value, ticket);
            return None;
        }
        match guard(|| drop(value)) {
            Ok(()) => self.pile.close_with(ticket, desk),
            Err(failure) => {
                desk.fail(ticket, failure);
                None
            }
        }
    }
}
