//! Wiring it up: a pipeline as a value to run, the handle to it, and the whole program that `main` is.

mod checkpoints;
mod dlq;
mod emit_id;
mod explain;
mod handle;
mod keeping;
mod offsets;
mod page;
mod pipeline;
mod producing;
mod program;
mod prose;
mod recording;
mod refusals;
mod replay;
mod rows;
mod said;
mod signals;
mod threads;

pub use explain::Rule;
pub use handle::{EmitError, Handle, OperatorState, PartitionState, State};
pub use pipeline::{Pipeline, Report};
pub(crate) use replay::replay;
