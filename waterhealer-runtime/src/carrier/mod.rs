//! The carrier: a value together with the record it came from, lent to a stage that asks for `Tracked<T>`.
//! A brand ties what the stage answers to what it was given, so that a leaked offset does not compile.
//! The obligation itself (`ledger::Ticket`) never comes here: it stays with the lane.

mod answer;
mod lend;
mod rows;
mod tracked;
pub use rows::{Answered, Outcomes, Rows};

pub use answer::{DoneAnswer, Fallible, FanOut, Feeds, MapAnswer, SinkAnswer, receipt};
pub use lend::{AsyncStage, Brand, Sealed, lend, lend_async, with};
pub use tracked::{Done, Tracked};
