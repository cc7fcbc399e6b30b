//! The stages of a pipeline as a lane calls them: the trait that the code written by `#[pipeline]` fulfils. What they are,
//! as data, is in `graph`.

use std::sync::Arc;

use super::lane::Lane;
use crate::graph::Spec;
use crate::ledger::Ticket;
use crate::types::Record;

/// One instance of a pipeline's graph. Written by `#[pipeline]`; a lane owns it.
pub trait Graph: Sized + 'static {
    /// What the stages share.
    type Resources: Send + Sync + 'static;
    /// The values that can be sent in by hand.
    type Emitted: Send + 'static;
    /// What the asynchronous stages answer.
    type Completion: Send + 'static;

    /// The graph as data.
    fn spec() -> &'static Spec;
    /// An instance over shared resources.
    fn new(resources: Arc<Self::Resources>) -> Self;
    /// Takes a record of the source node `source` through the stages.
    fn record(
        &mut self,
        lane: &mut Lane<Self::Completion>,
        source: usize,
        record: &Record<'_>,
        ticket: Ticket,
    );
    /// Takes a value sent in by hand through the stages.
    fn emitted(&mut self, lane: &mut Lane<Self::Completion>, value: Self::Emitted, ticket: Ticket);
    /// Goes on after an asynchronous stage has answered.
    fn completed(
        &mut self,
        lane: &mut Lane<Self::Completion>,
        completion: Self::Completion,
        ticket: Ticket,
    );
    /// Lets the records that wait for a place in an asynchronous stage go, unfinished.
    fn abandon(&mut self, lane: &mut Lane<Self::Completion>);
}
