//! Kafka pipelines whose offsets move only past finished records.
//!
//! Plain functions, annotated, become a typed graph. A pipeline in which an offset could leak does not compile. When it
//! runs, the consumer group's offset moves ("heals") only past records that are finished, so that it can be killed at any
//! moment and started again without losing one.
//!
//! ```no_run
//! use waterhealer::prelude::*;
//!
//! #[derive(Debug, Clone)]
//! pub struct Order {
//!     customer: String,
//!     cents: u64,
//! }
//!
//! /// What the stages share: here, discounts by customer.
//! pub struct Rates;
//!
//! impl Rates {
//!     async fn discount(&self, _customer: &str) -> Result<u64, std::io::Error> {
//!         Ok(10)
//!     }
//! }
//!
//! #[pipeline(group = "billing", interval = "10s")]
//! mod billing {
//!     use super::*;
//!
//!     #[source(topic = "orders")]
//!     fn order(record: &Record<'_>) -> Result<Order, Box<dyn std::error::Error + Send + Sync>> {
//!         let (customer, cents) = record.text()?.split_once(' ').ok_or("no amount")?;
//!         Ok(Order { customer: customer.to_owned(), cents: cents.parse()? })
//!     }
//!
//!     #[map(from = order, concurrency = 64)]
//!     async fn price(mut order: Order, rates: &Rates) -> Result<Order, std::io::Error> {
//!         order.cents -= rates.discount(&order.customer).await?;
//!         Ok(order)
//!     }
//!
//!     #[filter(from = price)]
//!     fn large(order: &Order) -> bool {
//!         order.cents > 10_000
//!     }
//!
//!     #[sink(from = large)]
//!     fn report(order: &Order) {
//!         println!("{order:?}");
//!     }
//!
//!     #[sink(from = price, topic = "priced")]
//!     fn publish(order: Order) -> KafkaMessage {
//!         KafkaMessage::new(order.cents.to_string()).key(order.customer)
//!     }
//! }
//!
//! fn main() -> ExitCode {
//!     billing::main(billing::Resources { rates: Rates })
//! }
//! ```

pub mod guide;
pub mod testing;

#[doc(inline)]
pub use waterhealer_macros::{
    accumulate, filter, flat_map, foreach_async, foreach_map, healed, map, pipeline, sink, source,
};
#[doc(inline)]
pub use waterhealer_runtime::{
    AsKey, Batch, BoxError, Checkpoint, Config, Done, Embedded, EmitError, EmitId, Error,
    ErrorKind, FailedCall, Form, Format, Graph, Handle, Headers, KafkaMessage, NoEmitId,
    OperatorState, PartitionState, Persist, Phase, Pipeline, Position, Record, Report, Rows, State,
    Terminal, Tracked, emit_id, telemetry, terminal,
};

/// What a module with a pipeline needs: `use waterhealer::prelude::*;`.
pub mod prelude {
    pub use std::process::ExitCode;

    pub use waterhealer_macros::{
        accumulate, filter, flat_map, foreach_async, foreach_map, healed, map, pipeline, sink,
        source,
    };
    pub use waterhealer_runtime::{
        Batch, Config, Done, Handle, KafkaMessage, Pipeline, Position, Record, Tracked,
    };
}

/// The rules that rustc checks for a pipeline, as traits: what a stage may answer, what an edge and a fan-out ask of a
/// value. They are met by the types that fit, and cannot be implemented for others.
pub mod rules {
    pub use waterhealer_runtime::private::{
        Again, AsDebug, AsJson, BatchAnswer, ByName, DoneAnswer, Elements, FanOut, Feeds, Legible,
        MapAnswer, SinkAnswer,
    };
}

/// What the code written by `#[pipeline]` calls. Not for use by hand, and not covered by semantic versioning.
#[doc(hidden)]
pub mod __private {
    pub use waterhealer_runtime::private::*;

    /// A pipeline as a whole program.
    pub fn main<G: Graph>(resources: G::Resources) -> std::process::ExitCode {
        pipeline::<G>(resources).main()
    }

    /// A pipeline that knows the rules to explain: they are the guide's.
    pub fn pipeline<G: Graph>(resources: G::Resources) -> crate::Pipeline<G> {
        crate::Pipeline::new(resources).explaining(crate::guide::rules::ALL)
    }
}

/// The README's example is compiled, so that it stays true.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
