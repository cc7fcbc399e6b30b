//! The stages of a pipeline as a lane calls them: the trait that the code written by `#[pipeline]` fulfils. What they are,
//! as data, is in `graph`.

use std::sync::Arc;

use super::failing::Written;
use super::lane::Lane;
use super::replay::Replay;
use super::search::Search;
use crate::files::Fed;
use crate::graph::Spec;
use crate::ledger::{Kin, Ticket};
use crate::operator::Held;
use crate::types::{Position, Record};

/// One instance of a pipeline's graph. Written by `#[pipeline]`; a lane owns it.
pub trait Graph: Sized + 'static {
    /// What the stages share.
    type Resources: Send + Sync + 'static;
    /// The values that can be sent in by hand.
    type Emitted: Send + 'static;
    /// What the asynchronous stages answer.
    type Completion: Send + 'static;

    /// Whether sinks buffer, and are flushed. All lanes share what they buffer in.
    const BUFFERS: bool = false;

    /// What is written in the source text besides the graph.
    const WRITTEN: Written = Written::NOTHING;

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
    /// Takes what the source node `source` has read of files through the stages.
    fn read(
        &mut self,
        lane: &mut Lane<Self::Completion>,
        _source: usize,
        _fed: Fed,
        ticket: Ticket,
    ) {
        lane.unrouted(ticket);
    }
    /// Takes a value sent in by hand through the stages.
    fn emitted(&mut self, lane: &mut Lane<Self::Completion>, value: Self::Emitted, ticket: Ticket);
    /// Goes on after an asynchronous stage has answered.
    fn completed(
        &mut self,
        lane: &mut Lane<Self::Completion>,
        completion: Self::Completion,
        ticket: Ticket,
    );
    /// Goes on with what operators give now that time has passed.
    fn due(&mut self, _lane: &mut Lane<Self::Completion>) {}
    /// Goes on with what operators give because nothing more comes.
    fn drain(&mut self, _lane: &mut Lane<Self::Completion>) {}
    /// Has sinks that buffer write what they have.
    fn flush(&mut self, _lane: &mut Lane<Self::Completion>) {}
    /// Lets go of values whose partner comes no more.
    fn release(&mut self, _lane: &mut Lane<Self::Completion>, _kin: Kin) {}
    /// Lets go, unfinished, of what operators hold of partitions that are given up.
    fn forget(&mut self, _lane: &mut Lane<Self::Completion>) {}
    /// Lets go, unfinished, of what waits for a place in an asynchronous stage.
    fn dismiss(&mut self, _lane: &mut Lane<Self::Completion>) {}
    /// Lets go, unfinished, of what operators hold.
    fn abandon(&mut self, _lane: &mut Lane<Self::Completion>) {}
    /// Tells the stages that ask for it which offsets a commit has moved.
    fn healed(&mut self, _lane: &mut Lane<Self::Completion>, _offsets: &[Position]) {}
    /// Calls one stage alone with what a kept failure of it was given. Nothing goes on from there.
    fn replay(&mut self, _node: usize, replay: &mut Replay) {
        replay.cannot();
    }
    /// What each operator holds, with the number of its node.
    fn held(&self, _each: &mut dyn FnMut(usize, Held)) {}
    /// Shows all that waits or is held, to whoever looks for a record.
    fn search(&self, _search: &mut Search<'_>) {}
}
