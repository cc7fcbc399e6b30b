//! What the code that `#[pipeline]` writes calls. Not for use by hand, and not covered by semantic versioning.

pub use std::marker::PhantomData;
pub use std::sync::Arc;
pub use std::time::Duration;

pub use crate::carrier::{
    Again, Answered, AsyncBatchStage, AsyncStage, Batch, BatchAnswer, Brand, DoneAnswer, Elements,
    Fallible, FanOut, Feeds, FeedsRows, MapAnswer, Outcomes, Rows, Sealed, SinkAnswer, Tracked,
    all_rows, each_row, lend, lend_async, lend_batch, lend_batch_async, lend_batch_later,
    lend_later, receipt,
};
pub use crate::clock::Moment;
pub use crate::done_set::withstand;
pub use crate::error::Failure;
pub use crate::files::Fed;
pub use crate::flow::{
    Called, Each, Flush, Gate, Graph, Lane, Memory, Pass, ReadJson, ReadNot, Reads, Replay, Search,
    Turns, Written,
};
pub use crate::graph::{
    Breaker, Cardinality, DeadLetter, Edge, Handling, NoEmit, NodeKind, NodeSpec, OnError, OrderBy,
    Retry, Share, Spec, Style,
};
pub use crate::guard::{fallible, guard, judged, told, told_failure};
pub use crate::ledger::{Epoch, Finished, Kin, Ledger, Settled, SlotId, Ticket};
pub use crate::observe::{
    AsDebug, AsJson, ByName, Copied, CopyClone, CopyNone, Legible, PerRow, Sheet, ShowDebug,
    ShowJson, ShowName, Shown, Spare, given, given_apart, legible,
};
pub use crate::operator::{
    Batched, Desk, Effects, Held, Input, Nth, Operator, Outcome, Ready, State, Waiting,
};
pub use crate::runner::Rule;
pub use crate::serve::{METRICS, Metric};
pub use crate::types::{Meta, Position, Record};

/// Hands a value from one stage to the next, whose parameter has the type `B`.
#[inline]
pub fn edge<A: Feeds<B>, B>(value: A) -> B {
    value.feed()
}

/// As [`edge`], for the rows of a batch.
#[inline]
pub fn edge_rows<A: FeedsRows<B>, B>(rows: Rows<A>) -> Rows<B> {
    A::feed_rows(rows)
}

/// The operators, by the names that the macro knows.
pub mod op {
    pub use crate::operator::{
        Collect, CombineLatest, Delay, Partition, PartitionTime, RateLimit, Slice, SlidingWindow,
        TimedWindow, Unique, Zip, ZipByRecord, ZipLatest,
    };
}
