//! What an operator should do, said as naively as can be, for `harness.rs` to compare it with.

use super::Rig;
use crate::carrier::Rows;
use crate::clock::Moment;
use crate::ledger::Ticket;
use crate::operator::{Input, Operator, Ready};

/// Values are the numbers of their records.
pub(super) type Id = u32;

/// An operator, and what it should do, said as naively as can be.
pub(super) trait Case {
    type Operator: Input<0, Value = Id> + Operator<Out: Ids>;

    fn operator(&self) -> Self::Operator;

    /// Pushes a value in; `port` is any number.
    fn push(
        &self,
        rig: &mut Rig,
        operator: &mut Self::Operator,
        _port: usize,
        id: Id,
        ticket: Ticket,
    ) -> Ready<<Self::Operator as Operator>::Out> {
        rig.push::<0, _>(operator, id, ticket)
    }

    /// What should come out when a value is pushed in. What is then neither held nor comes out is finished.
    fn on_push(&mut self, books: &mut Books, port: usize, id: Id) -> Option<Vec<Id>>;

    /// What should come out by now.
    fn on_due(&mut self, _books: &mut Books) -> Option<Vec<Id>> {
        None
    }

    /// What should come out at the end.
    fn on_drain(&mut self, _books: &mut Books) -> Option<Vec<Id>> {
        None
    }

    /// Values that should hold the intake.
    fn intake(&self, _books: &Books) -> usize {
        0
    }

    /// Since when it should say that it holds what it holds.
    fn since(&self, books: &Books) -> Option<Moment> {
        books.held.first().map(|first| first.1)
    }
}

/// The records in what comes out, in order.
pub(super) trait Ids {
    fn ids(self) -> Vec<Id>;
}

impl Ids for Id {
    fn ids(self) -> Vec<Id> {
        vec![self]
    }
}

impl Ids for Rows<Id> {
    fn ids(self) -> Vec<Id> {
        self.into_values()
    }
}

/// What the model of an operator may write.
#[derive(Default)]
pub(super) struct Books {
    pub(super) now: Moment,
    /// What it should hold, in order, and since when.
    pub(super) held: Vec<(Id, Moment)>,
    /// When it last began to hold anything.
    began: Moment,
    /// Records that go along with what comes out next and have no value in it.
    pub(super) along: Vec<Id>,
}

impl Books {
    pub(super) fn hold(&mut self, id: Id) {
        if self.held.is_empty() {
            self.began = self.now;
        }
        self.held.push((id, self.now));
    }

    pub(super) fn ids(&self) -> Vec<Id> {
        self.held.iter().map(|(id, _)| *id).collect()
    }

    /// When what is held as one batch began, by a value that may have left it since.
    pub(super) fn began(&self) -> Option<Moment> {
        (!self.held.is_empty()).then_some(self.began)
    }

    /// All that is held, no longer held; nothing if there is nothing.
    pub(super) fn take(&mut self) -> Option<Vec<Id>> {
        let all = self.ids();
        self.held.clear();
        (!all.is_empty()).then_some(all)
    }

    /// The first that is held, no longer held.
    pub(super) fn take_first(&mut self) -> Option<Vec<Id>> {
        (!self.held.is_empty()).then(|| vec![self.held.remove(0).0])
    }
}
