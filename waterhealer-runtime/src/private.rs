//! What the code that `#[pipeline]` writes calls. Not for use by hand, and not covered by semantic versioning.

pub use std::sync::Arc;

pub use crate::carrier::{
    AsyncStage, Brand, DoneAnswer, Fallible, FanOut, Feeds, MapAnswer, Sealed, SinkAnswer, Tracked,
    lend, lend_async, receipt,
};
pub use crate::clock::Moment;
pub use crate::error::Failure;
pub use crate::flow::{Each, Gate, Graph, Lane, Memory};
pub use crate::graph::{Cardinality, Edge, NoEmit, NodeKind, NodeSpec, OnError, Spec};
pub use crate::guard::{fallible, guard};
pub use crate::ledger::{Epoch, Kin, Ledger, Settled, SlotId, Ticket};
pub use crate::operator::{Held, Input, Operator};
pub use crate::runner::main;
pub use crate::types::{Meta, Record};

/// Hands a value from one stage to the next, whose parameter has the type `B`.
#[inline]
pub fn edge<A: Feeds<B>, B>(value: A) -> B {
    value.feed()
}

/// The operators, by the names that the macro knows.
pub mod op {
    pub use crate::operator::{CombineLatest, Partition, Unique, Zip, ZipByRecord, ZipLatest};
}
