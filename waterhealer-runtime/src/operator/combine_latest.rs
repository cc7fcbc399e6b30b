//! `combine_latest(b, …, emit_on = …)`: whenever an input has a new value, the latest of each go on together, once each has
//! one. With `emit_on`, only new values of the inputs named there set a tuple off.
//!
//! A record is finished when a newer value has taken its place and the tuple that it set off, if it did, is finished. Held:
//! the latest value of each input, each with a share of its record, so that it is read again after a restart. At the end
//! they stay unfinished. On revoke the values of the partition are let go: no tuple goes on until their input has a value
//! again. If a tuple fails, the record that set it off does.

use super::tuple::{At, Copies, Row, Tuple, Waiting};
use super::{Desk, Held, Input, Operator, Ready};
use crate::guard::guard;
use crate::ledger::Ticket;

/// Gives the latest of each input whenever one is new.
pub struct CombineLatest<I: Tuple> {
    latest: I::Seats,
    /// A bit for each input whose values set a tuple off.
    emit_on: u32,
    /// Here rather than as a bound on the type, so that one place asks for it, and a user is told once.
    copies: fn(&I::Seats) -> Option<I>,
}

impl<I: Tuple> CombineLatest<I> {
    /// Nothing has come. `emit_on` has bit 0 for the first input, and so on; without it, each input sets tuples off.
    pub fn new(emit_on: Option<u32>) -> Self
    where
        I: Copies,
    {
        CombineLatest {
            latest: I::Seats::default(),
            emit_on: emit_on.unwrap_or(u32::MAX),
            copies: I::copies,
        }
    }
}

impl<I: Tuple> Operator for CombineLatest<I> {
    type Out = I;

    fn forget(&mut self, desk: &mut Desk<'_>) {
        self.latest.forget(desk);
    }

    fn abandon(&mut self, desk: &mut Desk<'_>) {
        self.latest.abandon(desk);
    }

    fn held(&self) -> Held {
        self.latest.held()
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.latest.tickets(see);
    }
}

impl<I: At<PORT>, const PORT: usize> Input<PORT> for CombineLatest<I> {
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
        if self.emit_on & (1 << PORT) == 0 {
            return None;
        }
        let copies = guard(|| (self.copies)(&self.latest)).transpose()?;
        let share = desk.split(&I::seat(&mut self.latest).as_ref()?.ticket);
        match copies {
            Ok(tuple) => Some((tuple, share)),
            Err(failure) => {
                desk.fail(share, failure);
                None
            }
        }
    }
}
