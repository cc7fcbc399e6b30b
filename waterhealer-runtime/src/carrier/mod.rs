//! The carrier: a value together with the record it came from, lent to a stage that asks for `Tracked<T>`, or many rows
//! together with theirs, as `Batch<T>`. A brand ties what the stage answers to what it was given, so that a leaked offset
//! does not compile. The obligation itself (`ledger::Ticket`) never comes here: it stays with the lane.

mod answer;
mod batch;
mod elements;
mod lend;
mod rows;
#[cfg(test)]
mod tests;
mod tracked;

pub use answer::{
    Again, BatchAnswer, DoneAnswer, Fallible, FanOut, Feeds, FeedsRows, MapAnswer, SinkAnswer,
    receipt,
};
pub use batch::Batch;
pub use elements::{Elements, all_rows, each_row};
pub use lend::{
    AsyncBatchStage, AsyncStage, Brand, Sealed, lend, lend_async, lend_batch, lend_batch_async,
    lend_batch_later, lend_later, with, with_batch,
};
pub use rows::{Answered, Outcomes, Rows};
pub use tracked::{Done, Tracked};
