//! What the code that `#[pipeline]` writes calls. Not for use by hand, and not covered by semantic versioning.

pub use std::sync::Arc;

pub use crate::carrier::{
    AsyncStage, Brand, DoneAnswer, Fallible, FanOut, Feeds, MapAnswer, Sealed, SinkAnswer, Tracked,
    lend, lend_async, receipt,
};
pub use crate::error::Failure;
pub use crate::flow::{Each, Gate, Graph, Lane, Memory};
pub use crate::graph::{Edge, NoEmit, NodeKind, NodeSpec, OnError, Spec};
pub use crate::guard::{fallible, guard};
pub use crate::ledger::{Epoch, Ledger, Settled, SlotId, Ticket};
pub use crate::runner::{Rule, main};
pub use crate::types::{Meta, Record};

/// Hands a value from one stage to the next, whose parameter has the type `B`.
#[inline]
pub fn edge<A: Feeds<B>, B>(value: A) -> B {
    value.feed()
}
