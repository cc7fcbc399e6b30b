//! The runtime of waterhealer. Users add the `waterhealer` crate, which re-exports what they need from here.
//!
//! The rooms, in the order of the flow: `sync`, `types` and `error`; `guard` and `clock`; `ledger` and `done_set` (pure); `carrier` and `graph`, which
//! the macro's code calls; `observe` (what is seen of stages) and `letter` (pure); `operator` (pure); `broker` (the only one that names the Kafka client), `failures`, `files`, `store` and `spans` (the only one that names OpenTelemetry); `telemetry`; `config`; `flow`; `lifecycle`; `serve` (the only one that names the HTTP server); `runner`.

mod broker;
mod carrier;
mod clock;
mod config;
mod done_set;
mod error;
mod failures;
mod files;
mod flow;
mod graph;
mod guard;
mod ledger;
mod letter;
mod lifecycle;
mod observe;
mod operator;
#[doc(hidden)]
pub mod private;
mod runner;
mod serve;
mod spans;
mod store;
mod sync;
pub mod telemetry;
pub mod testing;
mod types;

pub use broker::Embedded;
pub use carrier::{Batch, Done, Rows, Tracked};
pub use config::Config;
pub use error::{BoxError, Error, ErrorKind, Terminal, terminal};
pub use failures::{FailedCall, Persist};
pub use flow::{Graph, Phase};
pub use graph::Format;
pub use observe::{Checkpoint, Form, emit_id};
pub use runner::{EmitError, Handle, OperatorState, PartitionState, Pipeline, Report, State};
pub use types::{AsKey, EmitId, Headers, KafkaMessage, NoEmitId, Position, Record};
