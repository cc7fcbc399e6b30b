//! The guide: how to write a pipeline, run it, configure it, and what holds when things go wrong. No code lives here.
//!
//! - [`writing`]: nodes, edges, parameters, answers
//! - [`carriers`]: `Tracked<T>`, and what the compiler refuses
//! - [`operators`]: what may stand between two nodes, one by one
//! - [`failures`]: calls that fail, hang or panic, and sinks that buffer
//! - [`concurrency`]: calls at once, their order, functions that block
//! - [`running`]: the command line, the configuration, the handle
//! - [`auto_shutdown`]: watchdogs that have a process that stands still started anew
//! - [`metrics`]: what is counted, under which names, and the names in the Python library
//! - [`status_api`]: what a running pipeline answers over HTTP: health, offsets and what blocks them, events
//! - [`emit_id`]: the name of each record, and how its place is had back from it
//! - [`logs`]: log lines, for people or machines, each with its record
//! - [`tracing`]: spans of records and calls, for an OpenTelemetry collector
//! - [`dead_letters`]: where records go that fail, how they come back, when it is too many
//! - [`kept_failures`]: failed calls with what they were given, kept elsewhere and made again
//! - [`delivery`]: what is promised, and what is not
//! - [`dedupe`]: stores by which the next owner skips what is finished and not committed
//! - [`bad_days`]: what can go wrong around a consumer, what happens here, and the test that shows it
//! - [`chaos`]: what is done to it, and what came of that
//! - [`done_set`]: what is finished above the committed offset, and how much of it a commit can carry
//! - [`exactly_once`]: outputs to Kafka and offsets in one transaction
//! - [`checkpoints`]: what each node has handed on last, and how large values are
//! - [`testing`]: a whole pipeline without a broker, on a clock moved by hand
//! - [`coverage`]: each way an offset can leak, and who stops it
//! - [`rules`]: each code of a message (WH0001, …): why, a refused program, the mended one

#[doc = include_str!("writing.md")]
pub mod writing {}

#[doc = include_str!("carriers.md")]
pub mod carriers {}

#[doc = include_str!("operators.md")]
#[doc = waterhealer_macros::operator_table!()]
pub mod operators {}

#[doc = include_str!("failures.md")]
pub mod failures {}

#[doc = include_str!("concurrency.md")]
pub mod concurrency {}

#[doc = include_str!("running.md")]
pub mod running {}

#[doc = include_str!("auto_shutdown.md")]
pub mod auto_shutdown {}

#[doc = include_str!("metrics.md")]
pub mod metrics {}

#[doc = include_str!("status_api.md")]
pub mod status_api {}

#[doc = include_str!("emit_id.md")]
pub mod emit_id {}

#[doc = include_str!("logs.md")]
pub mod logs {}

#[doc = include_str!("tracing.md")]
pub mod tracing {}

#[doc = include_str!("dead_letters.md")]
pub mod dead_letters {}

#[doc = include_str!("kept_failures.md")]
pub mod kept_failures {}

#[doc = include_str!("delivery.md")]
pub mod delivery {}

#[doc = include_str!("dedupe.md")]
pub mod dedupe {}
#[doc = include_str!("bad_days.md")]
pub mod bad_days {}

#[doc = include_str!("chaos.md")]
pub mod chaos {}
#[doc = include_str!("done_set.md")]
pub mod done_set {}

#[doc = include_str!("exactly_once.md")]
pub mod exactly_once {}

#[doc = include_str!("checkpoints.md")]
pub mod checkpoints {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("coverage.md")]
pub mod coverage {}

pub mod rules;
