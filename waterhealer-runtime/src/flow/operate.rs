//! The lane as operators and batches need it: values are pushed in with the lane's desk, what an operator asks for there is
//! done, rows of a batch are settled one by one. What the operators do is in `operator`.

use super::lane::Lane;
use crate::carrier::{Answered, Outcomes, Rows};
use crate::ledger::{Kin, Ticket};
use crate::operator::{Desk, Input, Operator, Ready};

impl<C> Lane<C> {
    /// Pushes a value into an operator, whose node is `node`, and gives what is ready.
    #[inline]
    pub fn push<const PORT: usize, O: Input<PORT>>(
        &mut self,
        node: usize,
        operator: &mut O,
        value: O::Value,
        ticket: Ticket,
    ) -> Ready<O::Out> {
        self.note_put(node);
        self.at_desk(node, |desk| operator.push(value, ticket, desk))
    }

    /// What an operator gives now that time has passed.
    pub fn due<O: Operator>(&mut self, node: usize, operator: &mut O) -> Ready<O::Out> {
        self.at_desk(node, |desk| operator.due(desk))
    }

    /// What an operator gives because nothing more comes.
    pub fn drain<O: Operator>(&mut self, node: usize, operator: &mut O) -> Ready<O::Out> {
        self.at_desk(node, |desk| operator.drain(desk))
    }

    /// Lets an operator let go of a value whose partner comes no more.
    pub fn release<O: Operator>(&mut self, node: usize, operator: &mut O, kin: Kin) {
        self.at_desk(node, |desk| operator.release(kin, desk));
    }

    /// Lets an operator forget records of partitions that are given up.
    pub fn forget<O: Operator>(&mut self, node: usize, operator: &mut O) {
        self.at_desk(node, |desk| operator.forget(desk));
    }

    /// Lets an operator let go of everything.
    pub fn let_go<O: Operator>(&mut self, node: usize, operator: &mut O) {
        self.at_desk(node, |desk| operator.abandon(desk));
    }

    #[inline]
    pub(super) fn at_desk<R>(&mut self, node: usize, work: impl FnOnce(&mut Desk<'_>) -> R) -> R {
        let mut desk = Desk::new(&mut self.ledger, &self.clock, &mut self.effects);
        let answer = work(&mut desk);
        if self.effects.are_pending() {
            self.do_effects(node);
        }
        answer
    }

    /// Does what an operator has asked for.
    fn do_effects(&mut self, node: usize) {
        self.held = self.held.saturating_add_signed(self.effects.waiting);
        self.effects.waiting = 0;
        // Settling never comes back to an operator, so nothing is added meanwhile.
        let mut settled = std::mem::take(&mut self.effects.settled);
        for ticket in settled.drain(..) {
            self.settle(ticket);
        }
        self.effects.settled = settled;
        for ticket in std::mem::take(&mut self.effects.let_go) {
            self.abandon(ticket);
        }
        for (ticket, failure) in std::mem::take(&mut self.effects.failed) {
            self.failed(node, ticket, failure);
        }
    }

    /// What a stage over a batch has answered: rows it let go are settled, rows that failed go to its policy. `None` when no
    /// row is left, which ends the batch here.
    pub fn batch<T>(
        &mut self,
        node: usize,
        answered: Answered<Rows<T>>,
        ticket: Ticket,
    ) -> Ready<Rows<T>> {
        let Answered { value, outcomes } = answered;
        self.pass(node, value.len() + outcomes.finished.len());
        self.rows(node, &ticket, outcomes);
        if value.is_empty() {
            self.settle(ticket);
            return None;
        }
        Some((value, ticket))
    }

    /// What a sink over a batch has answered: all rows end here.
    pub fn batch_done(&mut self, node: usize, answered: Answered<()>, ticket: Ticket) {
        let rows = self.ledger.seats(&ticket);
        self.pass(node, rows.saturating_sub(answered.outcomes.failed.len()));
        self.rows(node, &ticket, answered.outcomes);
        self.settle(ticket);
    }

    /// As [`batch_done`](Lane::batch_done), for a sink that buffers: the rows that it has answered for are still to be written.
    pub fn batch_held(&mut self, node: usize, answered: Answered<()>, ticket: Ticket) -> Ticket {
        self.rows(node, &ticket, answered.outcomes);
        ticket
    }

    #[inline]
    fn rows(&mut self, node: usize, ticket: &Ticket, outcomes: Outcomes) {
        let Outcomes { finished, failed } = outcomes;
        for seat in finished {
            if let Some(row) = self.ledger.take_seat(ticket, seat) {
                self.settle(row);
            }
        }
        for (seat, failure) in failed {
            if let Some(row) = self.ledger.take_seat(ticket, seat) {
                self.failed(node, row, failure);
            }
        }
    }

    /// The rows of a batch one by one, each with its own ticket again.
    pub fn unbind<T>(
        &mut self,
        rows: Rows<T>,
        ticket: Ticket,
    ) -> impl Iterator<Item = (T, Ticket)> + use<T, C> {
        let mut seated = Vec::with_capacity(rows.len());
        for (seat, value) in rows.into_seated() {
            if let Some(row) = self.ledger.take_seat(&ticket, seat) {
                seated.push((value, row));
            }
        }
        // What has no row any more was settled with it; this ends the joined ticket itself.
        self.settle(ticket);
        seated.into_iter()
    }

    /// A name of its own for one of several values made of a record, so that a later zip can tell it from the others.
    pub fn fork(&mut self, ticket: Ticket) -> Ticket {
        self.ledger.fork(ticket)
    }
}
