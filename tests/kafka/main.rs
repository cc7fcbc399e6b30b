//! The guarantees, shown on a real broker, one a file. Each opens with what is promised and with the bad day on which
//! the promise is worth something. What they stand on is in `support`; the child processes are in `../member`.

mod at_least_once;
mod backpressure;
mod breaker;
mod broker_restart;
mod cli;
mod dead_letters;
mod dedupe;
mod dlq;
mod drain;
mod exactly_once;
mod halt;
mod handle;
mod healed;
mod joins;
mod kafka_sink;
mod lanes;
mod lost;
mod no_broker;
mod operators;
mod rebalance;
mod shutdown;
mod support;
mod topics;
mod until_end;
mod windows;
